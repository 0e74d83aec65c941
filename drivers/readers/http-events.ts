/** Swipes of network readers that post them: text, a form, or JSON. */
import type { IncomingMessage } from 'node:http';
import { readBody } from '../../base/http/read-body.ts';
import { LONGEST_SWIPE_TEXT, MOST_SWIPE_BITS, type RawSwipe } from '../../identity/cards/card-number.ts';
import { textSwipe } from './protocol.ts';

const LARGEST_BODY = 2048;

export type PostedSwipe =
  | { readonly ok: true; readonly swipe: RawSwipe }
  | { readonly ok: false; readonly status: 400 | 408 | 413 | 415; readonly text: string };

const BAD = { ok: false, status: 400, text: 'no swipe in it' } as const;

export async function readPostedSwipe(request: IncomingMessage): Promise<PostedSwipe> {
  const body = await readBody(request, LARGEST_BODY);
  if (!body.ok)
    return { ok: false, status: body.status, text: 'the swipe did not come whole, or is too large' };
  const type = (request.headers['content-type'] ?? 'text/plain').split(';', 1)[0]?.trim().toLowerCase();
  const swipe = swipeOf(type ?? '', body.text);
  if (swipe === 'unknown-type') {
    return {
      ok: false,
      status: 415,
      text: 'text/plain, application/x-www-form-urlencoded or application/json',
    };
  }
  return swipe === undefined ? BAD : { ok: true, swipe };
}

function swipeOf(type: string, text: string): RawSwipe | undefined | 'unknown-type' {
  switch (type) {
    case 'text/plain':
      return bounded(text);
    case 'application/x-www-form-urlencoded':
      return bounded(new URLSearchParams(text).get('card') ?? '');
    case 'application/json':
      return ofJson(text);
    default:
      return 'unknown-type';
  }
}

const bounded = (text: string) => (text.trim().length > LONGEST_SWIPE_TEXT ? undefined : textSwipe(text));

/** `{"card": "04A1B2C3"}` or `{"hex": "809B6080", "bits": 26}`, the first bit highest. */
function ofJson(text: string): RawSwipe | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { card, hex, bits } = value as Readonly<Record<string, unknown>>;
  if (typeof card === 'string') return bounded(card);
  if (typeof hex !== 'string' || typeof bits !== 'number' || !Number.isInteger(bits)) return undefined;
  if (bits < 1 || bits > MOST_SWIPE_BITS || !/^(?:[0-9A-Fa-f]{2})+$/.test(hex)) return undefined;
  const octets = Buffer.from(hex, 'hex');
  return octets.length === Math.ceil(bits / 8)
    ? { kind: 'bits', octets: Uint8Array.from(octets), bits }
    : undefined;
}

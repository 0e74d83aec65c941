/** What was filled in: the fields of a posted form, each within its bound. */

import type { IncomingMessage } from 'node:http';
import { type Body, readBody } from '../../base/http/read-body.ts';
import { LARGEST_ID, LISTED_JOBS } from '../bounds.ts';

/** Octets of a posted form: 500 marked documents and a password fit. */
const FORM_SIZE = 32_768;
const MOST_FIELDS = 1200;

export class Form {
  readonly #fields: URLSearchParams;

  constructor(text: string) {
    this.#fields = new URLSearchParams(text);
  }

  /** The first value, or empty. */
  text(name: string): string {
    return this.#fields.get(name) ?? '';
  }

  /** Document ids of all fields of that name; what is none is left out. */
  ids(name: string): number[] {
    return this.#fields
      .getAll(name)
      .flatMap((value) => value.split('.'))
      .slice(0, LISTED_JOBS)
      .map(Number)
      .filter((id) => Number.isInteger(id) && id >= 1 && id <= LARGEST_ID);
  }

  /** The button that was pressed: the first field that begins with `do-`, without that. */
  get pressed(): string {
    return [...this.#fields.keys()].find((name) => name.startsWith('do-'))?.slice(3) ?? '';
  }

  get size(): number {
    return this.#fields.size;
  }
}

export async function readForm(
  request: IncomingMessage,
): Promise<
  { readonly ok: true; readonly form: Form } | Exclude<Body, { ok: true }> | { ok: false; status: 415 }
> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { ok: false, status: 415 };
  const body = await readBody(request, FORM_SIZE);
  if (!body.ok) return body;
  const form = new Form(body.text);
  return form.size > MOST_FIELDS ? { ok: false, status: 413 } : { ok: true, form };
}

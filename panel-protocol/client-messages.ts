/** Messages from a panel: the strict schemas of version 1, and reading one from a text. */
import { z } from 'zod';
import { Secret } from '../base/secrets/secret.ts';
import { printable } from '../base/text.ts';
import { JobId } from '../spool/job.ts';
import { CREDENTIAL_LENGTH, LARGEST_ID, LISTED_JOBS } from './bounds.ts';

/** Versions of the protocol that this gateway speaks. */
export const VERSIONS = [1] as const;

const id = z.int().min(1).max(LARGEST_ID);
const jobIds = z
  .array(id.transform(JobId))
  .min(1)
  .max(LISTED_JOBS)
  .refine((ids) => new Set(ids).size === ids.length, 'a job is named twice');

const hello = z.strictObject({
  type: z.literal('hello'),
  id,
  versions: z.array(z.int().min(1).max(1000)).min(1).max(16),
  /** The panel's software; for the log. */
  client: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/)
    .optional(),
});

/** Other kinds of credential will stand beside `code`. */
const credential = z.strictObject({
  type: z.literal('credential'),
  id,
  kind: z.literal('code'),
  value: z
    .string()
    .min(1)
    .max(CREDENTIAL_LENGTH)
    .regex(/^[\x21-\x7e]+$/)
    .transform((value) => new Secret(value)),
});

const release = z.strictObject({
  type: z.literal('release'),
  id,
  key: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  'job-ids': jobIds,
  /** For those of them that want one. */
  'job-password': z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/)
    .transform((value) => new Secret(value))
    .optional(),
});

const cancel = z.strictObject({ type: z.literal('cancel'), id, 'job-ids': jobIds });

const bare = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type), id });

export const clientMessage = z.discriminatedUnion('type', [
  hello,
  credential,
  bare('jobs'),
  release,
  cancel,
  bare('activity'),
  bare('logout'),
  bare('ping'),
]);

export type ClientMessage = z.infer<typeof clientMessage>;
/** What only a signed-in or signing-in panel sends: all but what the connection answers by itself. */
export type SessionMessage = Exclude<ClientMessage, { type: 'hello' | 'ping' }>;

export type Reading =
  | { readonly ok: true; readonly message: ClientMessage }
  /** `id` when one could be read; `field` is the path of what is wrong, empty for the whole. */
  | { readonly ok: false; readonly id: number | null; readonly field: string };

/** Longest `field` of an error. */
const FIELD_LENGTH = 64;

export function readClientMessage(text: string): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, id: null, field: '' };
  }
  const result = clientMessage.safeParse(value);
  if (result.success) return { ok: true, message: result.data };
  const issue = result.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...unknownKey].map(String).join('.');
  return { ok: false, id: idOf(value), field: printable(path, FIELD_LENGTH) };
}

function idOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  const result = id.safeParse(value.id);
  return result.success ? result.data : null;
}

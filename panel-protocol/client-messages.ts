/** Messages from a panel: the strict schemas of version 1, and reading one from a text. */
import { z } from 'zod';
import { Secret } from '../base/secrets/secret.ts';
import { printable } from '../base/text.ts';
import { JobId } from '../spool/job.ts';
import {
  CREDENTIAL_LENGTH,
  LARGEST_ID,
  LISTED_JOBS,
  MOST_COPIES,
  OPTION_VALUES,
  PASSWORD_LENGTH,
  SWIPE_BITS,
  SWIPE_LENGTH,
  USER_NAME_LENGTH,
} from './bounds.ts';

/** Versions of the protocol that this gateway speaks. */
export const VERSIONS = [1] as const;

/** What a connection is for: people look at a screen; a reader only reads badges, for the panel's screen or without one. */
export const ROLES = ['screen', 'reader'] as const;

const id = z.int().min(1).max(LARGEST_ID);
const jobId = z.int().min(1).max(LARGEST_ID).transform(JobId);
const jobIds = z
  .array(jobId)
  .min(1)
  .max(LISTED_JOBS)
  .refine((ids) => new Set(ids).size === ids.length, 'a job is named twice')
  .meta({ uniqueItems: true });
/** An attribute's value: IPP's keyword, or the name of a tray. */
const keyword = z.string().regex(/^[\x21-\x7e]{1,127}$/);
const printerName = z.string().regex(/^[\x21-\x7e]{1,127}$/);
const userName = z.string().min(1).max(USER_NAME_LENGTH);

const secret = (form: z.ZodString) => form.transform((value) => new Secret(value));
const ascii = (length: number) => z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${length}}$`));
const typed = () => secret(ascii(CREDENTIAL_LENGTH));

const hello = z.strictObject({
  type: z.literal('hello'),
  id,
  versions: z.array(z.int().min(1).max(1000)).min(1).max(16),
  /** The panel's software; for the log. */
  client: ascii(64).optional(),
  role: z.enum(ROLES).optional(),
  /** The device's own key, where the transport carries no header: newline-framed JSON only. */
  key: secret(ascii(128)).optional(),
});

const CREDENTIAL = { type: z.literal('credential'), id };

const credential = z.discriminatedUnion('kind', [
  z.strictObject({ ...CREDENTIAL, kind: z.literal('code'), value: typed() }),
  z.strictObject({
    ...CREDENTIAL,
    kind: z.literal('badge'),
    /** As the reader gives it: nothing is converted here. With `bits`, hexadecimal digits. */
    value: secret(z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${SWIPE_LENGTH}}$`))),
    /** How many bits the swipe has; the first one sent is the highest of the first octet. */
    bits: z.int().min(1).max(SWIPE_BITS).optional(),
    /** The kind of reader, which says how its swipes are converted. */
    reader: ascii(64).optional(),
  }),
  z.strictObject({ ...CREDENTIAL, kind: z.literal('pin'), value: typed() }),
  z.strictObject({
    ...CREDENTIAL,
    kind: z.literal('password'),
    'user-name': userName,
    value: secret(z.string().min(1).max(PASSWORD_LENGTH)),
  }),
  z.strictObject({ ...CREDENTIAL, kind: z.literal('activation'), value: typed() }),
]);

const changes = z.strictObject({
  copies: z.int().min(1).max(MOST_COPIES).optional(),
  sides: keyword.optional(),
  'print-color-mode': keyword.optional(),
  'media-source': keyword.optional(),
  finishings: z.array(keyword).max(OPTION_VALUES).optional(),
  /** The pages before it stay away. */
  'first-page': z.int().min(1).max(LARGEST_ID).optional(),
});

const RELEASE_KEY = /^[A-Za-z0-9_-]{8,64}$/;

const release = z.strictObject({
  type: z.literal('release'),
  id,
  key: z.string().regex(RELEASE_KEY),
  'job-ids': jobIds,
  /** For those of them that want one. */
  'job-password': typed().optional(),
  /** They stay held after they were printed. */
  keep: z.literal(true).optional(),
  /** Go for all of them, and for this time only. */
  changes: changes.optional(),
});

const setPin = z.strictObject({
  type: z.literal('set-pin'),
  id,
  /** Wanted of who has a PIN. */
  current: typed().optional(),
  value: typed(),
});

const cancel = z.strictObject({ type: z.literal('cancel'), id, 'job-ids': jobIds });

const bare = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type), id });

export const clientMessage = z.discriminatedUnion('type', [
  hello,
  credential,
  z.strictObject({ type: z.literal('choose-printer'), id, 'printer-name': printerName }),
  bare('jobs'),
  z.strictObject({ type: z.literal('options'), id, 'job-id': jobId }),
  release,
  cancel,
  setPin,
  z.strictObject({ type: z.literal('request-activation'), id, 'user-name': userName }),
  bare('activity'),
  bare('logout'),
  bare('ping'),
]);

export type ClientMessage = z.infer<typeof clientMessage>;
export type Hello = Extract<ClientMessage, { type: 'hello' }>;
export type Role = (typeof ROLES)[number];
export type CredentialMessage = z.infer<typeof credential>;
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
  const plain = plainRelease(value);
  if (plain !== undefined) return { ok: true, message: plain };
  const result = clientMessage.safeParse(value);
  if (result.success) return { ok: true, message: result.data };
  const issue = result.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...unknownKey].map(String).join('.');
  return { ok: false, id: idOf(value), field: printable(path, FIELD_LENGTH) };
}

/** Fields of a release without any choice. */
const PLAIN_RELEASE = ['type', 'id', 'key', 'job-ids'] as const;

/**
 * Reads what nearly every release is, and nothing that the schema reads otherwise: somebody stands at the printer, and the
 * schema takes a tenth of the time until its intent is on its way to the disk. Undefined: the schema has to read it.
 */
function plainRelease(value: unknown): z.infer<typeof release> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    type,
    id,
    key,
    'job-ids': jobs,
  } = value as Partial<Record<(typeof PLAIN_RELEASE)[number], unknown>>;
  if (type !== 'release' || Object.keys(value).length !== PLAIN_RELEASE.length) return undefined;
  if (!isId(id) || typeof key !== 'string' || !RELEASE_KEY.test(key)) return undefined;
  if (!Array.isArray(jobs) || jobs.length < 1 || jobs.length > LISTED_JOBS || !jobs.every(isId))
    return undefined;
  return new Set(jobs).size === jobs.length ? { type, id, key, 'job-ids': jobs.map(JobId) } : undefined;
}

const isId = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= LARGEST_ID;

function idOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  const result = id.safeParse(value.id);
  return result.success ? result.data : null;
}

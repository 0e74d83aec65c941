/** What makes a device a panel: a key of its own, or a secret path that its browser opens. */
import { hash, randomBytes } from 'node:crypto';
import { LETTERS, randomLetters } from '../../base/secrets/random-letters.ts';

/** A panel of which the configuration need know nothing. */
export interface EnrolledPanel {
  readonly name: string;
  /** Where it stands, at least one; the first is where a session begins. */
  readonly printers: readonly string[];
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number;
}

/** One of a panel's devices: its screen, a terminal with readers beside it. */
export interface Device {
  /** For lists, the log and revoking; no secret. */
  readonly id: string;
  readonly panel: string;
  /** `key`: it keeps a key. `path`: it keeps nothing, and opens a secret address. */
  readonly kind: 'key' | 'path';
  /** What it said that it is, made printable; empty for a path. */
  readonly client: string;
  /** Whence it asked to be enrolled; of a path the one address that it works from, empty until it is used. */
  readonly address: string;
  /** Of a path: networks that it works from, in place of one address. */
  readonly networks: readonly string[];
  readonly createdAt: number;
}

/** 256 bits. */
const KEY_OCTETS = 32;
const KEY_FORM = /^[A-Za-z0-9_-]{43}$/;
/** 160 bits, and still to be typed at an MFP if it must be. */
const PATH_LETTERS = 32;
const PATH_FORM = new RegExp(`^[${LETTERS}]{${PATH_LETTERS}}$`);

export const newKey = (): string => randomBytes(KEY_OCTETS).toString('base64url');
export const newPath = (): string => randomLetters(PATH_LETTERS);

/** Whether the text can be a key, or a path's secret, at all. */
export const hasSecretForm = (text: string): boolean => KEY_FORM.test(text) || PATH_FORM.test(text);

/** What is kept of a secret. It is random and long, so that nobody finds it from its hash by trying. */
export const hashOf = (secret: string): Buffer => Buffer.from(hash('sha256', secret, 'hex'), 'hex');

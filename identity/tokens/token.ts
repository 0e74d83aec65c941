/** A token: a secret last part of a queue's address, which says who sends, or for whom somebody may send. */
import { LETTERS, randomLetters } from '../../base/secrets/random-letters.ts';
import type { PersonId } from '../person.ts';
import type { NamingRule } from './naming.ts';

interface TokenBase {
  /** For lists, the log and revoking; no secret. */
  readonly id: string;
  /** What the administrator calls it. */
  readonly label: string;
  /** Names of the queues that it works at; none means at all of them. */
  readonly queues: readonly string[];
  /** Addresses and networks that it works from; none means from everywhere. */
  readonly networks: readonly string[];
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number;
  readonly expiresAt?: number;
}

/** Whatever comes by it is that person's. */
export interface PersonalToken extends TokenBase {
  readonly kind: 'personal';
  readonly person: PersonId;
}

/** Of a print server, an ERP, a terminal server: its jobs belong to whom it names. Always bound to networks. */
export interface SubmitterToken extends TokenBase {
  readonly kind: 'submitter';
  readonly mayName: NamingRule;
  /** Media types that it may print beside those of the queue. */
  readonly formats: readonly string[];
}

/** May pause and resume queues and cancel jobs over IPP. It proves no owner. */
export interface OperatorToken extends TokenBase {
  readonly kind: 'operator';
}

export type Token = PersonalToken | SubmitterToken | OperatorToken;

/** Says what it is to whoever finds one in a file, and to programs that look for secrets. */
const PREFIX = 'hft-';
/** 160 bits. */
const SECRET_LETTERS = 32;

const FORM = new RegExp(`^${PREFIX}[${LETTERS}]{${SECRET_LETTERS}}$`);

/** A new secret: `hft-` and 32 letters and digits. */
export function newSecret(): string {
  return PREFIX + randomLetters(SECRET_LETTERS);
}

/** Whether the text can be a token at all. */
export function hasTokenForm(text: string): boolean {
  return FORM.test(text);
}

/** A code while it waits to be mailed: sealed under the gateway's key, for its own mail only. */
import { randomUUID } from 'node:crypto';
import { deriveKey, type Key, seal, unseal } from '../../../base/secrets/sealing.ts';
import type { CredentialRank } from '../../credential.ts';
import type { PersonId } from '../../person.ts';
import type { NewCodeMail } from './rows.ts';

export interface MailedCode {
  readonly code: string;
  /** Milliseconds since 1970; undefined: never. */
  readonly expiresAt?: number;
}

export class CodeSeal {
  readonly #key: Key;

  constructor(gatewayKey: Key) {
    this.#key = deriveKey(gatewayKey, 'codes to be mailed');
  }

  mail(person: PersonId, rank: CredentialRank, code: MailedCode): NewCodeMail {
    const id = `code-${randomUUID()}`;
    return { id, person, rank, sealed: seal(this.#key, Buffer.from(JSON.stringify(code)), contextOf(id)) };
  }

  /** @throws Failure `seal-broken` */
  open({ id, sealed }: Pick<NewCodeMail, 'id' | 'sealed'>): MailedCode {
    return JSON.parse(unseal(this.#key, sealed, contextOf(id)).toString()) as MailedCode;
  }
}

const contextOf = (id: string): string => `code of mail ${id}`;

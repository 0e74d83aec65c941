/** After a compromise: other secrets, decided while the gateway runs and carried out by its next start. */
import { join } from 'node:path';
import { Failure } from '../base/errors.ts';
import type { FilePort } from '../base/files/port.ts';
import type { Log } from '../base/log.ts';
import type { GatewaySecrets, Purpose } from '../base/secrets/gateway-secrets.ts';
import type { Owed, RekeyPreview, RekeyStore } from '../identity/rekey/tables.ts';
import { TLS_IDENTITY } from './server-certificate.ts';

/** Held jobs keep theirs, or nobody could print them; the names of printers are no secret. */
const REPLACED: readonly Purpose[] = ['people', 'passwords', 'tokens', 'directories', 'codes', 'tls'];

export interface RekeyOptions {
  readonly store: RekeyStore;
  readonly secrets: GatewaySecrets;
  readonly files: FilePort;
  readonly stateDirectory: string;
  readonly log: Log;
}

export class Rekey {
  readonly #options: RekeyOptions;

  constructor(options: RekeyOptions) {
    this.#options = options;
  }

  /**
   * Does what is due, before anything is read that hangs on the secrets. Cut off anywhere it is begun again by the next
   * start: the note that it is due goes in the transaction that wipes.
   */
  async carryOut(): Promise<void> {
    const { store, secrets, files, stateDirectory, log } = this.#options;
    if (!(await store.isDue(undefined))) return;
    await secrets.rotate(REPLACED);
    await files.remove(join(stateDirectory, TLS_IDENTITY));
    await files.syncFolder(stateDirectory);
    await store.carryOut(undefined);
    log.warn(
      'keys replaced after a compromise: codes, cards, PINs, passwords and tokens are to be given anew',
    );
  }

  preview(): Promise<RekeyPreview> {
    return this.#options.store.preview(undefined);
  }

  /** From the next start on. @throws Failure `plan-outdated` when it is not what was shown */
  async decide(plan: string): Promise<void> {
    if (await this.#options.store.decide(plan)) {
      this.#options.log.warn('keys will be replaced by the next start');
      return;
    }
    throw new Failure('plan-outdated', 'people, codes or tokens have changed since it was shown', {
      advice: 'Nothing was changed; look at it again: "holdfast keys rekey"',
    });
  }

  /** Who has to be given something anew since the last time. */
  owed(): Promise<Owed[]> {
    return this.#options.store.owed(undefined);
  }
}

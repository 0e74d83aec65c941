/** Watches a printer over SNMP, beside whatever drives it. */
import type { Clock } from '../../../base/clock.ts';
import { Failure } from '../../../base/errors.ts';
import type { FilePort } from '../../../base/files/port.ts';
import { Secret } from '../../../base/secrets/secret.ts';
import { readSecretLine } from '../../../base/secrets/secret-file.ts';
import { Seconds } from '../../../base/units.ts';
import type { PrinterObservation, PrinterObserver } from '../port.ts';
import { observationOf, TABLES, type Tables } from './printer-mib.ts';
import type { AuthenticationProtocol, PrivacyProtocol } from './protocols.ts';
import { type SnmpCredentials, type SnmpSource, type SnmpTarget, withSession } from './session.ts';
import { type Table, walkTable } from './walk.ts';

/** Secrets by their files. */
export type SnmpAccess =
  /** Without a file: `public`, which everybody knows. */
  | { readonly version: 'v2c'; readonly communityFile?: string }
  | {
      readonly version: 'v3';
      readonly user: string;
      readonly authentication: AuthenticationProtocol;
      readonly authenticationPasswordFile: string;
      readonly privacy: PrivacyProtocol;
      readonly privacyPasswordFile: string;
    };

export interface SnmpObserverOptions {
  readonly target: SnmpTarget;
  readonly access: SnmpAccess;
  readonly files: FilePort;
  readonly clock: Clock;
}

/** For a whole look: one that answers each question at the last moment is too slow to be asked. */
const LONGEST_LOOK = Seconds(60);
/** RFC 3414 §11.2 */
const SHORTEST_PASSWORD = 8;

export class SnmpObserver implements PrinterObserver {
  readonly #options: SnmpObserverOptions;

  constructor(options: SnmpObserverOptions) {
    this.#options = options;
  }

  async observe(signal: AbortSignal): Promise<PrinterObservation> {
    const { target, access, files, clock } = this.#options;
    const credentials = await credentialsOf(access, files);
    const tooLong = new AbortController();
    const timer = clock.after(LONGEST_LOOK, () =>
      tooLong.abort(new Failure('snmp-timeout', 'it answers too slowly')),
    );
    try {
      return await withSession(target, credentials, AbortSignal.any([signal, tooLong.signal]), observed);
    } finally {
      timer.cancel();
    }
  }
}

/** One table after the other: many printers answer one question at a time. */
async function observed(source: SnmpSource): Promise<PrinterObservation> {
  const tables: [string, Table][] = [];
  for (const [name, entry] of Object.entries(TABLES)) tables.push([name, await walkTable(source, entry)]);
  if (tables.every(([, { size }]) => size === 0)) {
    throw new Failure('snmp-unusable', 'it tells nothing of a printer');
  }
  return observationOf(Object.fromEntries(tables) as Tables);
}

/** The files are read anew for each look. */
async function credentialsOf(access: SnmpAccess, files: FilePort): Promise<SnmpCredentials> {
  if (access.version === 'v2c') {
    const { communityFile } = access;
    const community =
      communityFile === undefined ? new Secret('public') : await readSecretLine(files, communityFile);
    return { version: 'v2c', community };
  }
  const { authenticationPasswordFile, privacyPasswordFile, ...rest } = access;
  return {
    ...rest,
    authenticationPassword: await readSecretLine(files, authenticationPasswordFile, SHORTEST_PASSWORD),
    privacyPassword: await readSecretLine(files, privacyPasswordFile, SHORTEST_PASSWORD),
  };
}

/** Passwords and tokens by which people and machines show who they are to the queues. */
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database/database.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { GatewaySecrets } from '../base/secrets/gateway-secrets.ts';
import type { ContactAges } from '../identity/directory/contact.ts';
import type { Identity } from '../identity/identity.ts';
import { activePeople } from '../identity/leavers.ts';
import { LocalPasswords } from '../identity/passwords/local-passwords.ts';
import { PasswordCheck } from '../identity/passwords/password-check.ts';
import { tables as passwordTables } from '../identity/passwords/tables.ts';
import { tables as tokenTables } from '../identity/tokens/tables.ts';
import { Tokens } from '../identity/tokens/tokens.ts';
import { directoryPasswords } from './directories.ts';
import type { LiveConfig } from './live-config.ts';

export interface CredentialRooms {
  readonly live: LiveConfig;
  readonly database: Database;
  readonly secrets: GatewaySecrets;
  readonly identity: Identity;
  readonly ages: ContactAges;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Credentials {
  /** To be set and removed. */
  readonly localPasswords: LocalPasswords;
  /** To be checked. */
  readonly passwords: PasswordCheck;
  readonly tokens: Tokens;
  close(): Promise<void>;
}

export const credentialTables = [passwordTables, tokenTables];

export async function openCredentials(rooms: CredentialRooms): Promise<Credentials> {
  const { live, database, secrets, identity, ages, clock, log, metrics } = rooms;
  const shared = { people: activePeople(identity), clock, log, metrics };
  const throttle = live.limits.passwordTries;
  const localPasswords = await LocalPasswords.open({
    ...shared,
    gatewayKey: secrets.of('passwords'),
    // Whoever is disabled keeps the password for when they are back.
    people: identity,
    store: database.client(passwordTables),
  });
  const inDirectory = await directoryPasswords(live.current.directories, { identity, clock, log });
  const passwords = new PasswordCheck({
    ...shared,
    verifiers: [localPasswords, ...inDirectory],
    isStale: (person) => ages.isTooOld(identity.sourceOf(person) ?? '', 'passwords'),
    throttle,
  });
  const tokens = await Tokens.open({
    ...shared,
    gatewayKey: secrets.of('tokens'),
    store: database.client(tokenTables),
    throttle,
  });
  return {
    localPasswords,
    passwords,
    tokens,
    async close() {
      localPasswords.close();
      await tokens.close();
    },
  };
}

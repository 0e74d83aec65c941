/** An identity service over a store in memory, with people from a CSV file, and a clock that stands still. */
import type { ExecutionContext } from 'ava';
import type { FilePort } from '../../base/files/port.ts';
import { type Log, silentLog } from '../../base/log.ts';
import { Metrics } from '../../base/metrics.ts';
import { type Key, newKey } from '../../base/secrets/sealing.ts';
import type { CodePolicy } from '../../identity/codes/policy.ts';
import { ContactAges, type ContactLimits } from '../../identity/directory/contact.ts';
import { Guessing } from '../../identity/guessing/guessing.ts';
import { GUESSING_DEFAULTS, type GuessingLimits } from '../../identity/guessing/limits.ts';
import { Identity } from '../../identity/identity.ts';
import type { ImportOutcome } from '../../identity/import/file.ts';
import type { IdentityStore } from '../../identity/store.ts';
import type { ThrottleLimits } from '../../identity/throttle.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingAlerts } from '../recording-alerts.ts';
import { MemoryIdentityStore } from './memory-store.ts';

export interface Fixture {
  readonly identity: Identity;
  readonly ages: ContactAges;
  readonly store: IdentityStore;
  readonly clock: ManualClock;
  readonly metrics: Metrics;
  readonly alerts: RecordingAlerts;
  readonly gatewayKey: Key;
}

export interface FixtureOptions {
  readonly store?: IdentityStore;
  readonly gatewayKey?: Key;
  readonly log?: Log;
  readonly throttle?: ThrottleLimits;
  readonly snapshot?: { readonly files: FilePort; readonly path: string };
  readonly guessing?: Partial<GuessingLimits>;
  readonly codePolicy?: () => CodePolicy;
  readonly codesForNewPeople?: () => boolean;
  readonly codesNeedPin?: () => boolean;
  /** By directory. */
  readonly maxAge?: Readonly<Record<string, ContactLimits>>;
}

export async function openIdentity(options: FixtureOptions = {}): Promise<Fixture> {
  const { store = new MemoryIdentityStore(), gatewayKey = newKey(), log = silentLog } = options;
  const { throttle = GUESSING_DEFAULTS.code } = options;
  const clock = new ManualClock();
  const metrics = new Metrics();
  const alerts = new RecordingAlerts();
  const ages = new ContactAges(new Map(Object.entries(options.maxAge ?? {})), clock);
  const limits = { ...GUESSING_DEFAULTS, code: throttle, ...options.guessing };
  const identity = await Identity.open({
    store,
    gatewayKey,
    ages,
    clock,
    log,
    metrics,
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
    guessing: new Guessing({ clock, alerts, limits }),
    ...(options.codePolicy === undefined ? {} : { codePolicy: options.codePolicy }),
    codesForNewPeople: options.codesForNewPeople ?? (() => false),
    codesNeedPin: options.codesNeedPin ?? (() => false),
  });
  return { identity, ages, store, clock, metrics, alerts, gatewayKey };
}

export const HEADER = 'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE';

/** Lines under the usual header. */
export function csv(...lines: readonly string[]): Buffer {
  return Buffer.from([HEADER, ...lines, ''].join('\n'));
}

/** Imports what must be right. */
export async function importRight(t: ExecutionContext, identity: Identity, content: Buffer) {
  const outcome = await identity.importPeople(content);
  if (!outcome.applied) return t.fail(JSON.stringify(outcome.problems));
  return outcome.report;
}

/** `line COLUMN message` of everything that is wrong. */
export function complaints(outcome: ImportOutcome): string[] {
  return outcome.problems.map(({ line, column, message }) => `${line} ${column ?? '-'} ${message}`);
}

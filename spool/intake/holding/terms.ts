/** On which terms a new job is held, released and kept: what its request asks of that, held against the queue's policy. */
import type { Attribute, Attributes } from '../../../ipp/model.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import type { ReleaseAction } from '../../holding.ts';
import type { Job } from '../../job.ts';
import type { Call } from '../call.ts';
import { Refusal } from '../refusal.ts';
import { readKeeping } from './keeping.ts';
import { readReleaseAction } from './release-action.ts';
import { DELAY, HOLD, readWait } from './waits.ts';

export type Terms = Pick<
  Job,
  | 'holdUntil'
  | 'holdUntilTime'
  | 'delayOutput'
  | 'releaseAction'
  | 'password'
  | 'storage'
  | 'keepUntil'
  | 'stored'
  | 'endsAt'
  | 'expiresAt'
>;

export interface ReadTerms {
  readonly terms: Terms;
  /** As they came: who insists is refused. */
  readonly unsupported: readonly Attribute[];
}

/** Job attributes that are the gateway's own business: they never get into the ticket that goes to the printer. */
const OWN = new Set([
  'job-cancel-after',
  'job-delay-output-until',
  'job-delay-output-until-time',
  'job-hold-until',
  'job-hold-until-time',
  'job-retain-until',
  'job-retain-until-interval',
  'job-retain-until-time',
]);

/** The job group without what is read here. */
export const withoutTerms = (sent: Attributes): Attributes => sent.filter(({ name }) => !OWN.has(name));

/**
 * @param uuid of the job to come. @param actions what the queue supports, the default first.
 * @throws Refusal where going on would betray what the sender relies on: a PIN, a release, a wait or a store that
 * cannot be kept to.
 */
export function readTerms(call: Call, uuid: string, actions: readonly ReleaseAction[]): ReadTerms {
  const now = call.intake.clock.now();
  const sent = termsOf(call);
  const hold = readWait(sent, HOLD, now);
  const delay = readWait(sent, DELAY, now);
  const released = readReleaseAction(call, uuid, actions);
  const keeping = readKeeping(sent, call, {
    now,
    // Who says that it waits wants it to be there when the time comes.
    from: Math.max(now, hold.wait?.at ?? 0, delay.wait?.at ?? 0),
    heldTime: call.intake.heldTime(),
  });
  const kept = keeping.unsupported.filter(({ name }) => name === 'job-storage');
  refuseLost([...hold.unsupported, ...delay.unsupported, ...kept]);
  return {
    terms: {
      holdUntil: hold.wait?.until ?? HOLD.none,
      ...(hold.wait?.at === undefined ? {} : { holdUntilTime: hold.wait.at }),
      ...(delay.wait === undefined || delay.wait.until === DELAY.none ? {} : { delayOutput: delay.wait }),
      ...released.terms,
      ...keeping.terms,
    },
    unsupported: [...hold.unsupported, ...delay.unsupported, ...released.unsupported, ...keeping.unsupported],
  };
}

/** Going on without them would print what its sender wants kept back, or keep it for whom it is not. @throws Refusal */
function refuseLost(lost: readonly Attribute[]): void {
  if (lost.length === 0) return;
  throw new Refusal(
    Status.clientErrorAttributesOrValuesNotSupported,
    'this printer cannot hold, delay or store a job like that',
    lost,
  );
}

/** Of both groups, as clients differ in where they send them; what stands in the job group counts. */
function termsOf(call: Call): Attributes {
  return call
    .group('operation')
    .with(call.group('job'))
    .filter(({ name }) => OWN.has(name));
}

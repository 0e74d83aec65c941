/** A mailer that a test rules, and people in a real database to whom codes go. */
import type { ExecutionContext } from 'ava';
import { Database } from '../../../base/database/database.ts';
import type { Mailer, MailFate, MailReport } from '../../../base/mail/mailer.ts';
import type { MailMessage } from '../../../base/mail/message.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { CodeBatches } from '../../../identity/codes/batch.ts';
import { CodeGiving } from '../../../identity/codes/giving.ts';
import type { CodeMailSettings } from '../../../identity/codes/mails/letter.ts';
import { CodeSeal } from '../../../identity/codes/mails/seal.ts';
import { CodeMails } from '../../../identity/codes/mails/sender.ts';
import type { CodePolicy } from '../../../identity/codes/policy.ts';
import { DatabaseIdentityStore } from '../../../identity/database-store.ts';
import { tables } from '../../../identity/tables.ts';
import type { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { openIdentity } from '../fixture.ts';
import { draft, picture } from '../people/drafts.ts';

export class RuledMailer implements Mailer {
  readonly sent: MailMessage[] = [];
  /** What becomes of a mail; an error is thrown. */
  fate: (to: string) => MailFate | Error = () => 'accepted';

  async send(message: MailMessage): Promise<MailReport> {
    const [recipient = ''] = message.to;
    const fate = this.fate(recipient);
    if (fate instanceof Error) throw fate;
    this.sent.push(message);
    return { messageId: `<${message.id}@x>`, outcomes: [{ recipient, fate, reply: `${fate}!` }] };
  }

  /** The codes that were told, in order: the longest run of digits of each mail. */
  codesTo(address: string): string[] {
    return this.sent
      .filter(({ to }) => to.includes(address))
      .map(({ text }) => /\d{6,}/.exec(text)?.[0] ?? '');
  }
}

export const POLICY: CodePolicy = { guessesPerWeek: 2029, hitsAllowedPerWeek: 1, acceptRisk: false };

const SETTINGS: CodeMailSettings = {
  gateway: 'Floor 3',
  language: 'en',
  perMinute: 6000,
  templates: new Map(),
};

/** Lets time pass, a little at a time, until it holds. */
export async function passUntil(
  clock: ManualClock,
  holds: () => boolean | Promise<boolean>,
  step = 20,
): Promise<void> {
  for (let turns = 0; turns < 5000; turns++) {
    if (await holds()) return;
    clock.advance(step);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error('it never came');
}

/** @param names of people, each with an address, from a directory */
export async function openCodes(
  t: ExecutionContext,
  names: readonly string[],
  changes: { policy?: CodePolicy; forNewPeople?: boolean; measure?: boolean } = {},
) {
  const folder = await temporaryFolder(t);
  const database = await Database.open({ folder, tables: [tables] });
  t.teardown(() => database.close());
  const store = database.client(tables);
  const log = new RecordingLog();
  const fixture = await openIdentity({
    store: new DatabaseIdentityStore(database),
    log,
    codesForNewPeople: () => changes.forNewPeople === true,
  });
  const { identity: people, clock, metrics, alerts } = fixture;
  await people.apply(
    await people.preview(picture(...names.map((name) => draft(name, { email: `${name}@example.org` })))),
  );
  // Measuring takes a hundred thousand guesses.
  if (changes.measure !== true) people.shareOfCodes = async () => 0;
  const policy = () => changes.policy ?? POLICY;
  const mailer = new RuledMailer();
  const gatewayKey = newKey();
  const seal = new CodeSeal(gatewayKey);
  const shared = { store, seal, people, mailer, settings: () => SETTINGS, alerts, clock, log };
  const mails = await CodeMails.open({ ...shared, metrics });
  const giving = new CodeGiving({ people, seal, policy, clock });
  const batches = new CodeBatches({
    people,
    store,
    giving,
    policy,
    gatewayKey,
    now: () => clock.now(),
    log,
    queued: () => mails.look(),
  });
  return {
    ...fixture,
    folder,
    database,
    store,
    log,
    mailer,
    seal,
    mails,
    giving,
    batches,
    gatewayKey,
    shared,
  };
}

/** Readers beside a screen, the choice of a printer, and what can be changed of a job. */
import assert from 'node:assert/strict';
import type { Check } from './checks.ts';
import { Skipped } from './skipped.ts';
import { greeted, HELLO, isError, isOk, needed, out, type Subject, signedIn } from './steps.ts';
import type { Message, Wire } from './wire.ts';

/** A badge that nobody is likely to have. */
const NOBODYS = 'C0FFEE00C0FFEE00C0FFEE';

async function reader(subject: Subject): Promise<Wire> {
  const wire = await subject.open();
  isOk(await wire.ask({ ...HELLO, role: 'reader' }));
  assert.equal((await wire.next('welcome'))['role'], 'reader');
  return wire;
}

export const ROLE_CHECKS: readonly Check[] = [
  {
    title: 'a reader reads badges and nothing else',
    async run(subject) {
      const wire = await reader(subject);
      for (const message of [
        { type: 'jobs' },
        { type: 'cancel', 'job-ids': [1] },
        { type: 'options', 'job-id': 1 },
        { type: 'set-pin', value: '90417' },
      ]) {
        const answer = await wire.ask(message);
        assert.equal(answer['type'], 'error', `${message.type} was taken`);
      }
      wire.cut();
    },
  },
  {
    title: "a badge that is nobody's is refused at the reader, and the screen stays idle or asks whose it is",
    async run(subject) {
      const screen = await greeted(subject);
      const wire = await reader(subject);
      const answer = await wire.ask({ type: 'credential', kind: 'badge', value: NOBODYS });
      const code = answer['type'] === 'ok' ? 'bindable' : String(answer['code']);
      assert.ok(
        ['bindable', 'card-unknown', 'throttled', 'not-allowed', 'credential-unknown'].includes(code),
        code,
      );
      isError(await screen.ask({ type: 'jobs' }), 'not-signed-in');
      wire.cut();
      screen.cut();
    },
  },
  {
    title: 'a reader hears of no person and no job',
    async run(subject) {
      // Whatever has to be waited for is over before the reader comes, which would be silent for as long.
      await out((await signedIn(subject)).wire);
      const wire = await reader(subject);
      const { wire: screen } = await signedIn(subject);
      const { session, person } = await wire.take(
        'the state',
        (each) => each['type'] === 'session' && each['session'] === 'jobs',
      );
      assert.deepEqual([session, person], ['jobs', undefined]);
      await out(screen);
      await wire.take('idle', ({ type, session: state }) => type === 'session' && state === 'idle');
      assert.equal(wire.untaken.includes('jobs'), false, 'the reader heard the list');
      wire.cut();
    },
  },
  {
    title: "only the panel's own printers can be chosen",
    async run(subject) {
      const code = needed(subject.code);
      const wire = await subject.open();
      isOk(await wire.ask(HELLO));
      const welcome = await wire.next('welcome');
      await wire.next('session');
      const printers = (welcome['printers'] as Message[]).map((each) => each['printer-name']);
      isOk(await wire.ask({ type: 'credential', kind: 'code', value: code }));
      isError(await wire.ask({ type: 'choose-printer', 'printer-name': 'no-such-printer' }), 'not-allowed');
      for (const name of printers) isOk(await wire.ask({ type: 'choose-printer', 'printer-name': name }));
      await out(wire);
    },
  },
  {
    title: 'options tells what can be changed, and a copy more than that is refused',
    async run(subject) {
      const { wire, jobs } = await signedIn(subject);
      const job = jobs.find((each) => each['claimable'] === false);
      if (job === undefined) {
        await out(wire);
        throw new Skipped('the person has no held job');
      }
      isError(await wire.ask({ type: 'options', 'job-id': 2 ** 31 - 1 }), 'job-not-found');
      isOk(await wire.ask({ type: 'options', 'job-id': job['job-id'] }));
      const options = await wire.next('options');
      assert.equal(options['job-id'], job['job-id']);
      const { copies = 1 } = options['supported'] as { copies?: number };
      if (copies < 9999) {
        const release = { type: 'release', key: 'conformance-too-many', 'job-ids': [job['job-id']] };
        isOk(await wire.ask({ ...release, changes: { copies: copies + 1 } }));
        const { outcome, reason } = await wire.next('outcome');
        assert.deepEqual([outcome, reason], ['refused', 'conflict']);
      }
      await out(wire);
    },
  },
  {
    title: 'a PIN that nobody asked for is not taken',
    async run(subject) {
      const wire = await greeted(subject);
      const answer = await wire.ask({ type: 'credential', kind: 'pin', value: '90417' });
      assert.equal(answer['code'], 'not-now');
      isError(await wire.ask({ type: 'set-pin', value: '90417' }), 'not-signed-in');
      wire.cut();
    },
  },
];

/** What a gateway must do at a panel, whatever the transport: each check has connections of its own. */
import assert from 'node:assert/strict';
import { NO_CODES, Skipped } from './skipped.ts';
import {
  greeted,
  HELLO,
  isError,
  isOk,
  keepable,
  list,
  newKey,
  out,
  type Subject,
  signedIn,
  unlike,
} from './steps.ts';
import type { Message } from './wire.ts';

export interface Check {
  readonly title: string;
  /** Of a transport that may tell a message twice. */
  readonly repeats?: false;
  run(subject: Subject): Promise<void>;
}

export const CHECKS: readonly Check[] = [
  {
    title: 'hello is answered by ok, welcome and an idle session',
    async run(subject) {
      const wire = await subject.open();
      isOk(await wire.ask(HELLO));
      const welcome = await wire.next('welcome');
      assert.equal(welcome['version'], 1);
      assert.equal(typeof welcome['panel'], 'string');
      const printer = welcome['printer'] as Message;
      assert.ok(
        ['idle', 'processing', 'stopped', 'unknown'].includes(String(printer['printer-state'])),
        'printer-state',
      );
      assert.equal((await wire.next('session'))['session'], 'idle');
      wire.cut();
    },
  },
  {
    title: 'the highest common version holds, and a version that nobody speaks ends the connection',
    async run(subject) {
      const wire = await subject.open();
      isOk(await wire.ask({ ...HELLO, versions: [1, 999] }));
      assert.equal((await wire.next('welcome'))['version'], 1);
      wire.cut();
      const other = await subject.open();
      isError(await other.ask({ ...HELLO, versions: [999] }), 'version-unsupported');
      assert.equal((await other.next('bye'))['reason'], 'version-unsupported');
      await other.ended();
    },
  },
  {
    title: 'nothing goes before hello, and no second one',
    async run(subject) {
      const wire = await subject.open();
      isError(await wire.ask({ type: 'jobs' }), 'hello-first');
      isOk(await wire.ask(HELLO));
      isError(await wire.ask(HELLO), 'not-now');
      wire.cut();
    },
  },
  {
    title: 'unknown types and fields, wrong types and bounds are refused, and say where',
    async run(subject) {
      const wire = await greeted(subject);
      const wrong: readonly (readonly [Message, string])[] = [
        [{ type: 'print' }, 'type'],
        [{ type: 'jobs', all: true }, 'all'],
        [{ type: 'cancel', 'job-ids': [0] }, 'job-ids.0'],
        [{ type: 'cancel', 'job-ids': [] }, 'job-ids'],
        [{ type: 'release', key: 'short', 'job-ids': [1] }, 'key'],
      ];
      for (const [message, field] of wrong) isError(await wire.ask(message), 'bad-message', field);
      wire.cut();
    },
  },
  {
    title: 'ids must grow',
    repeats: false,
    async run(subject) {
      const wire = await greeted(subject);
      isOk(await wire.ask({ type: 'ping', id: 100 }));
      isError(await wire.ask({ type: 'ping', id: 100 }), 'id-repeated');
      isError(await wire.ask({ type: 'ping', id: 50 }), 'id-repeated');
      isOk(await wire.ask({ type: 'ping', id: 101 }));
      wire.cut();
    },
  },
  {
    title: 'nothing is to be had without signing in',
    async run(subject) {
      const wire = await greeted(subject);
      for (const message of [
        { type: 'jobs' },
        { type: 'release', key: newKey(), 'job-ids': [1] },
        { type: 'cancel', 'job-ids': [1] },
        { type: 'activity' },
        { type: 'logout' },
      ]) {
        isError(await wire.ask(message), 'not-signed-in');
      }
      wire.cut();
    },
  },
  {
    title: 'no message chooses a printer or a panel',
    async run(subject) {
      const wire = await greeted(subject);
      const release = { type: 'release', key: newKey(), 'job-ids': [1] };
      isError(await wire.ask({ ...release, 'printer-name': 'other' }), 'bad-message', 'printer-name');
      isError(await wire.ask({ ...release, panel: 'other' }), 'bad-message', 'panel');
      wire.cut();
    },
  },
  {
    title: 'a session: code, list, out; and nothing after it',
    async run(subject) {
      const { wire, jobs } = await signedIn(subject);
      for (const job of jobs) {
        assert.ok(Number.isInteger(job['job-id']), 'job-id');
        assert.equal(typeof job['job-state'], 'string');
        if (job['claimable'] === true)
          assert.equal(job['job-name'], undefined, 'a claimable job has no name');
      }
      isError(await wire.ask({ type: 'credential', kind: 'code', value: subject.code }), 'already-signed-in');
      isOk(await wire.ask({ type: 'logout' }));
      assert.equal((await wire.next('session'))['session'], 'idle');
      isError(await wire.ask({ type: 'jobs' }), 'not-signed-in');
      wire.cut();
    },
  },
  {
    title: 'jobs of nobody and of others are refused one by one',
    async run(subject) {
      const { wire } = await signedIn(subject);
      isOk(await wire.ask({ type: 'cancel', 'job-ids': [2 ** 31 - 1] }));
      const outcome = await wire.next('outcome');
      assert.deepEqual(
        [outcome['job-id'], outcome['outcome'], outcome['reason']],
        [2 ** 31 - 1, 'refused', 'job-not-found'],
      );
      await out(wire);
    },
  },
  {
    title: 'a release comes to its end, and its key releases nothing twice',
    async run(subject) {
      const { wire, jobs } = await signedIn(subject);
      const job = keepable(jobs);
      if (job === undefined) {
        await out(wire);
        throw new Skipped('the person has no held job that may be kept');
      }
      const release = { type: 'release', key: newKey(), 'job-ids': [job['job-id']], keep: true };
      isOk(await wire.ask(release));
      const outcome = await wire.take('the outcome', ({ type }) => type === 'outcome');
      assert.equal(outcome['job-id'], job['job-id']);
      assert.ok(['completed', 'delivered'].includes(String(outcome['outcome'])), String(outcome['reason']));
      await wire.take('done', ({ type, session }) => type === 'session' && session === 'done');
      isError(await wire.ask({ ...release, 'job-ids': [2 ** 31 - 1] }), 'key-reused');
      isOk(await wire.ask({ type: 'jobs' }));
      await wire.take('jobs', ({ type, session }) => type === 'session' && session === 'jobs');
      const after = await list(wire);
      assert.ok(
        after.some((each) => each['job-id'] === job['job-id']),
        'the kept job is still there',
      );
      await out(wire);
    },
  },
  {
    title: 'a second screen takes over, signed out',
    async run(subject) {
      const { wire } = await signedIn(subject);
      const second = await greeted(subject);
      assert.equal((await wire.next('bye'))['reason'], 'taken-over');
      await wire.ended();
      isError(await second.ask({ type: 'jobs' }), 'not-signed-in');
      second.cut();
    },
  },
  {
    title: 'too many messages at once end the connection',
    async run(subject) {
      const wire = await greeted(subject);
      for (let i = 0; i < 45; i++) wire.send({ type: 'ping' });
      assert.equal((await wire.next('bye'))['reason'], 'too-fast');
      await wire.ended();
    },
  },
  {
    title: 'an unknown code is refused',
    async run(subject) {
      const wire = await greeted(subject);
      const answer = await wire.ask({ type: 'credential', kind: 'code', value: unlike(subject.code) });
      if (subject.code === undefined && answer['code'] === 'not-allowed') throw new Skipped(NO_CODES);
      assert.ok(['credential-unknown', 'throttled'].includes(String(answer['code'])), String(answer['code']));
      wire.cut();
    },
  },
];

import test from 'ava';
import { Hours } from '../../../base/units.ts';
import { dateTimeOf } from '../../../ipp/date-time.ts';
import { Attributes } from '../../../ipp/model.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { Job, JobId } from '../../../spool/job.ts';
import { encrypted } from '../../../spool/release/job-passwords.ts';
import { type Asked, IntakeUnderTest, PDF } from './intake-under-test.ts';

const open = (t: Parameters<IntakeUnderTest['start']>[0]) => new IntakeUnderTest().start(t);

/** Prints; gives the answer and the job as it is then. */
async function print(intake: IntakeUnderTest, asked: Partial<Asked> = {}) {
  const answered = await intake.ask({ operation: Operation.printJob, document: PDF, ...asked });
  const id = read(answered.job, 'job-id') as JobId | undefined;
  const unsupported = answered.message.groups.find((group) => group.kind === 'unsupported')?.attributes;
  return { ...answered, id, kept: id === undefined ? undefined : intake.jobs.get(id), unsupported };
}

async function printer(intake: IntakeUnderTest, queue: string): Promise<Attributes> {
  const { message } = await intake.ask({ operation: Operation.getPrinterAttributes, queue });
  return message.groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
}

test('what each queue offers is what it can keep to', async (t) => {
  const intake = await open(t);
  const actions = async (queue: string) => {
    const all = await printer(intake, queue);
    return [
      read(all, 'job-release-action-default'),
      read(all, 'job-release-action-supported'),
      all.has('job-password-supported'),
      read(all, 'ipp-features-supported')?.includes('job-release'),
    ];
  };
  const atPanel = ['owner-authorized', 'job-password', 'button-press'];
  t.deepEqual(await actions('print'), ['owner-authorized', atPanel, true, true]);
  t.deepEqual(await actions('strict'), ['owner-authorized', atPanel.slice(0, 2), true, true]);
  t.deepEqual(await actions('direct'), ['none', ['none', ...atPanel], true, true]);
  t.deepEqual(await actions('alone'), ['none', ['none'], false, false]);
  const all = await printer(intake, 'print');
  t.deepEqual(read(all, 'job-password-length-supported'), { lower: 4, upper: 16 });
  t.deepEqual(read(all, 'job-cancel-after-supported'), { lower: 1, upper: 72 * 3600 });
  const encryptions = read(all, 'job-password-encryption-supported') ?? [];
  t.true(encryptions.includes('sha2-256') && encryptions.includes('none'));
  t.false(encryptions.some((name) => /^(md|sha$)/.test(name)));
});

test('none is not to be had where a panel releases: ignored, or refused to who insists', async (t) => {
  const intake = await open(t);
  const attributes = { 'job-release-action': 'none' };
  const ignored = await print(intake, { attributes });
  t.is(ignored.status, 'successful-ok-ignored-or-substituted-attributes');
  t.deepEqual(ignored.unsupported?.names, ['job-release-action']);
  t.is(ignored.kept?.releaseAction, 'owner-authorized');
  const refused = await print(intake, { attributes: { ...attributes, 'ipp-attribute-fidelity': true } });
  t.is(refused.status, 'client-error-attributes-or-values-not-supported');
  t.is(refused.id, undefined);
});

test('more than a queue can keep to is refused, not printed all the same', async (t) => {
  const intake = await open(t);
  for (const attributes of [
    { 'job-release-action': 'owner-authorized' },
    { 'job-password': Buffer.from('2468') },
  ] satisfies AttributesInput[]) {
    const refused = await print(intake, { queue: 'alone', attributes });
    t.is(refused.status, 'client-error-attributes-or-values-not-supported');
  }
  t.is(intake.jobs.living, 0);
});

test('each action has its reasons', async (t) => {
  const intake = await open(t);
  const reasons = async (queue: string, attributes: AttributesInput) =>
    read((await print(intake, { queue, attributes })).job, 'job-state-reasons');
  t.deepEqual(await reasons('direct', {}), ['none']);
  t.deepEqual(await reasons('direct', { 'job-release-action': 'owner-authorized' }), [
    'job-held-for-release',
    'job-held-for-authorization',
  ]);
  t.deepEqual(await reasons('print', { 'job-release-action': 'button-press' }), [
    'job-held-for-release',
    'job-held-for-button-press',
  ]);
  t.deepEqual(await reasons('print', { 'job-password': Buffer.from('2468') }), [
    'job-held-for-release',
    'job-password-wait',
  ]);
});

test('a password makes the job wait for it, is kept as a keyed hash, and never told', async (t) => {
  const intake = await open(t);
  for (const encryption of ['none', 'sha2-256', 'sha3-512'] as const) {
    const { id, kept, status } = await print(intake, {
      attributes: {
        'job-password': encrypted(encryption, '2468'),
        ...(encryption === 'none' ? {} : { 'job-password-encryption': encryption }),
      },
    });
    t.is(status, 'successful-ok');
    t.like(kept, { releaseAction: 'job-password', password: { encryption } });
    t.false(JSON.stringify(kept).includes('2468'));
    t.true(intake.passwords.check(kept as Job, undefined) === 'job-password-needed');
    const { job } = await intake.ask({
      operation: Operation.getJobAttributes,
      attributes: { 'job-id': id },
    });
    t.is(read(job, 'job-release-action'), 'job-password');
    t.deepEqual(
      job.names.filter((name) => name.startsWith('job-password')),
      [],
    );
  }
});

test('a password that cannot be typed or compared is refused, and its value not sent back', async (t) => {
  const intake = await open(t);
  const cases: AttributesInput[] = [
    { 'job-password': Buffer.from('123') },
    { 'job-password': Buffer.from('1'.repeat(17)) },
    { 'job-password': Buffer.alloc(255, 0x31) },
    { 'job-password': Buffer.from('letters') },
    { 'job-password': Buffer.from([0xff, 0xff, 0xff, 0xff]) },
    { 'job-password': Buffer.alloc(31), 'job-password-encryption': 'sha2-256' },
    { 'job-password': Buffer.alloc(16), 'job-password-encryption': 'md5' },
    { 'job-password': Buffer.alloc(20), 'job-password-encryption': 'sha' },
    { 'job-password': Buffer.from('2468'), 'job-password-encryption': 'constructor' },
  ];
  for (const attributes of cases) {
    const { status, unsupported } = await print(intake, { attributes });
    t.is(status, 'client-error-attributes-or-values-not-supported');
    const values = unsupported?.get('job-password')?.values ?? [{ syntax: 'unsupported' }];
    t.deepEqual(values, [{ syntax: 'unsupported' }]);
  }
  const without = await print(intake, { attributes: { 'job-release-action': 'job-password' } });
  t.is(without.status, 'client-error-bad-request');
  t.is(intake.jobs.living, 0);
});

test('a password in the wrong place or of the wrong kind is not sent back either', async (t) => {
  const intake = await open(t);
  const amongJob = await print(intake, { job: { 'job-password': Buffer.from('2468') } });
  t.deepEqual(amongJob.unsupported?.get('job-password')?.values, [{ syntax: 'unsupported' }]);
  const asText = new Attributes([
    { name: 'job-password', values: [{ syntax: 'nameWithoutLanguage', value: '2468' }] },
  ]);
  const otherwise = await print(intake, { job: asText });
  t.deepEqual(otherwise.unsupported?.get('job-password')?.values, [{ syntax: 'unsupported' }]);
});

test('what is said of a job that waits is what it waits for', async (t) => {
  const intake = await open(t);
  const said = async (queue: string) => read((await print(intake, { queue })).job, 'job-state-message');
  t.is(await said('print'), 'Held until it is released.');
  t.is(await said('direct'), 'Waiting for the printer.');
});

test('holds by name and by time, as job and as operation attribute', async (t) => {
  const intake = await open(t);
  const soon = intake.clock.now() + Hours(30);
  const byTime = await print(intake, { job: { 'job-hold-until-time': dateTimeOf(soon) } });
  t.is(byTime.status, 'successful-ok');
  t.like(byTime.kept, { holdUntil: 'indefinite', holdUntilTime: soon, expiresAt: soon + Hours(72) });
  t.true(read(byTime.job, 'job-state-reasons')?.includes('job-hold-until-specified'));
  const asked = await intake.ask({
    operation: Operation.getJobAttributes,
    attributes: { 'job-id': byTime.id },
  });
  t.deepEqual(read(asked.job, 'job-hold-until-time'), dateTimeOf(soon));
  t.false(asked.job.has('job-hold-until'));

  const byName = await print(intake, { attributes: { 'job-hold-until': 'weekend' } });
  // The first day of 2026 is a Thursday.
  t.is(byName.kept?.holdUntil, 'weekend');
  t.is(byName.kept?.holdUntilTime, new Date(2026, 0, 3).getTime());
  t.false(byName.kept?.ticket.has('job-hold-until'));

  const past = await print(intake, {
    job: { 'job-hold-until-time': dateTimeOf(intake.clock.now() - 1000) },
  });
  t.like(past.kept, { holdUntil: 'no-hold', holdUntilTime: undefined });

  const delayed = await print(intake, { job: { 'job-delay-output-until': 'weekend' } });
  t.is(delayed.kept?.delayOutput?.until, 'weekend');
  t.true(read(delayed.job, 'job-state-reasons')?.includes('job-delay-output-until-specified'));
});

test('holds, delays and stores that cannot be kept to are refused, and nothing is printed', async (t) => {
  const intake = await open(t);
  const far = dateTimeOf(intake.clock.now() + Hours(8 * 24));
  const set = new Attributes([
    {
      name: 'job-hold-until',
      values: [
        { syntax: 'keyword', value: 'indefinite' },
        { syntax: 'keyword', value: 'no-hold' },
      ],
    },
  ]);
  const storage = (more: Record<string, string>) => ({
    attributes: { 'job-storage': { 'job-storage-disposition': 'store-only', ...more } },
  });
  const asked: readonly Partial<Asked>[] = [
    { job: { 'job-hold-until': 'full-moon' } },
    { job: { 'job-hold-until': '99:00' } },
    { job: { 'job-hold-until-time': far } },
    { job: set },
    { job: { 'job-delay-output-until': 'full-moon' } },
    { job: { 'job-delay-output-until-time': far } },
    storage({ 'job-storage-access': 'public' }),
    storage({ 'job-storage-group': 'ward' }),
  ];
  for (const queue of ['print', 'direct']) {
    for (const each of asked) {
      const { status, unsupported, kept } = await print(intake, { ...each, queue });
      t.is(status, 'client-error-attributes-or-values-not-supported', JSON.stringify(each));
      t.is(unsupported?.size, 1);
      t.is(kept, undefined);
    }
  }
});

test('how long a job is held and kept never goes past what the gateway allows', async (t) => {
  const intake = await open(t);
  const now = intake.clock.now();
  const most = now + Hours(72);
  const cases: readonly [AttributesInput, AttributesInput, Partial<Job>][] = [
    [{ 'job-cancel-after': 60 }, {}, { expiresAt: now + 60_000 }],
    [{ 'job-cancel-after': 72 * 3600 + 1 }, {}, { expiresAt: most }],
    [{ 'job-retain-until': 'indefinite' }, {}, { keepUntil: most }],
    [{ 'job-retain-until': 'none' }, {}, { keepUntil: undefined as never }],
    [{ 'job-retain-until': 'end-of-month' }, {}, { keepUntil: most }],
    [{ 'job-retain-until-interval': 60 }, {}, { keepUntil: now + 60_000 }],
    [{ 'job-retain-until-time': dateTimeOf(now + 5000) }, {}, { keepUntil: now + 5000 }],
    [{ 'job-retain-until-interval': 3600, 'job-cancel-after': 60 }, {}, { keepUntil: now + 60_000 }],
    [
      {},
      { 'job-storage': { 'job-storage-disposition': 'print-and-store' } },
      { storage: 'print-and-store', keepUntil: most, stored: undefined as never },
    ],
    [
      {},
      { 'job-storage': { 'job-storage-access': 'owner', 'job-storage-disposition': 'store-only' } },
      { storage: 'store-only', keepUntil: most, stored: true },
    ],
  ];
  for (const [job, attributes, expected] of cases) {
    const { kept } = await print(intake, { job, attributes });
    t.like(kept, expected, JSON.stringify([Object.keys(job), attributes]));
  }
});

test('no hold keeps a job past its job-cancel-after, and holds in a row do not keep one for ever', async (t) => {
  const intake = await open(t);
  const now = intake.clock.now();
  const hold = (id: JobId) => {
    const until = { 'job-hold-until-time': dateTimeOf(intake.clock.now() + Hours(6 * 24)) };
    return intake.ask({ operation: Operation.setJobAttributes, attributes: { 'job-id': id }, job: until });
  };
  const id = await intake.print({ 'job-cancel-after': 60 });
  t.is((await hold(id)).status, 'successful-ok');
  t.is(intake.jobs.get(id)?.expiresAt, now + 60_000);
  const other = await intake.print();
  for (let week = 0; week < 3; week++) {
    t.is((await hold(other)).status, 'successful-ok');
    intake.clock.advance(Hours(6 * 24));
  }
  t.is(intake.jobs.get(other)?.expiresAt, now + Hours(7 * 24 + 72));
});

test('which-jobs stored-owner lists what is kept, to its owner', async (t) => {
  const intake = await open(t);
  const attributes = { 'job-storage': { 'job-storage-disposition': 'store-only' } };
  const { id } = await print(intake, { attributes });
  await print(intake, { attributes, user: 'eve' });
  await intake.print();
  const { message } = await intake.ask({
    operation: Operation.getJobs,
    attributes: { 'which-jobs': 'stored-owner' },
  });
  const listed = message.groups.filter((group) => group.kind === 'job');
  t.deepEqual(
    listed.map((group) => read(group.attributes, 'job-id')),
    [id],
  );
});

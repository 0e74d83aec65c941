// Bounds on what is held: each refuses in the words of the standard, is counted and logged, and lets the others go on.
import test from 'ava';
import { Secret } from '../../../base/secrets/secret.ts';
import { Bytes, KiB, MiB, Minutes, Seconds } from '../../../base/units.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { Holdings } from '../../../spool/holdings.ts';
import { HOLDING_LIMITS, limitPassed } from '../../../spool/intake/holding-limits.ts';
import type { RoomLimits } from '../../../spool/intake/room.ts';
import { JobId } from '../../../spool/job.ts';
import { ADA, sampleJob } from '../sample-job.ts';
import { type Asked, IntakeUnderTest, PDF } from './intake-under-test.ts';

const open = (t: Parameters<IntakeUnderTest['start']>[0]) => new IntakeUnderTest().start(t);

const PRINT: Asked = {
  operation: Operation.printJob,
  attributes: { 'document-format': 'application/pdf' },
  document: PDF,
};

/** Where one more job still comes in: another person's, or at another queue. */
const ELSEWHERE: Readonly<Record<string, Partial<Asked>>> = {
  person: { user: 'bob' },
  queue: { queue: 'strict' },
};

for (const { name, key, bearer, measure, status } of HOLDING_LIMITS) {
  // Both have tests of their own.
  if (measure === 'open' || bearer === 'token' || bearer === 'network') continue;
  test(`limits.${name}: two fit, the third is refused, and after a cancelled one there is room again`, async (t) => {
    const intake = await open(t);
    const most = measure === 'jobs' ? 2 : 2 * PDF.length;
    intake.limits = { ...intake.limits, [key]: most };
    const first = await intake.print();
    await intake.print();
    const refused = await intake.ask(PRINT);
    t.is(refused.message.code, status);
    t.is(intake.jobs.living, 2);
    t.regex(await intake.metrics.text(), new RegExp(`limit_refusals_total\\{limit="${name}"\\} 1`));
    t.like(
      intake.recorded.lines.find((line) => line.event === 'job refused: a limit is reached'),
      { level: 'warn', fields: { limit: name, queue: 'print', client: '127.0.0.1' } },
    );
    const validated = await intake.ask({
      ...PRINT,
      operation: Operation.validateJob,
      document: Buffer.alloc(0),
    });
    t.is(validated.message.code, status, 'Validate-Job says so beforehand');
    const elsewhere = ELSEWHERE[bearer];
    if (elsewhere !== undefined) t.is((await intake.ask({ ...PRINT, ...elsewhere })).status, 'successful-ok');
    await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': first } });
    t.is((await intake.ask(PRINT)).status, 'successful-ok');
  });
}

test('a person who proves it prints on, however many jobs others sent in that name', async (t) => {
  const intake = new IntakeUnderTest();
  intake.secure = true;
  await intake.start(t);
  await intake.credentials.localPasswords.set(ADA, new Secret('correct horse'));
  intake.limits = { ...intake.limits, jobsPerPerson: 2, bytesPerPerson: Bytes(2 * PDF.length) };
  await intake.print();
  await intake.print();
  t.is((await intake.ask(PRINT)).status, 'client-error-account-limit-reached');
  const proved = { ...PRINT, http: { credentials: 'ada:correct horse' } };
  t.is((await intake.ask(proved)).status, 'successful-ok');
  t.is((await intake.ask(proved)).status, 'successful-ok');
  t.is((await intake.ask(proved)).status, 'client-error-account-limit-reached', 'which has its own bound');
});

test('a limit that is lowered cuts no document under way of whoever is past it', (t) => {
  const holdings = new Holdings();
  const { limits } = new IntakeUnderTest();
  for (const id of [1, 2, 3]) holdings.add(sampleJob({ id: JobId(id) }));
  const passed = limitPassed(holdings, sampleJob(), { jobs: 0, octets: 10, open: 0 }, { ...limits, jobs: 1 });
  t.is(passed, undefined);
});

test('a submitter token has bounds of its own, and those of its address do not count', (t) => {
  const holdings = new Holdings();
  const { limits } = new IntakeUnderTest();
  const ofToken = sampleJob({ submitter: { address: '192.0.2.7', claimedName: 'ada', token: 'erp' } });
  holdings.add(ofToken);
  const one = { jobs: 1, octets: 1, open: 1 };
  const passed = (changes: Partial<RoomLimits>, job = ofToken) =>
    limitPassed(holdings, job, one, { ...limits, ...changes })?.name;
  t.is(passed({ jobsPerAddress: 1, bytesPerAddress: Bytes(1), openJobsPerAddress: 0 }), undefined);
  t.is(passed({ jobsPerToken: 1 }), 'jobs-per-token');
  t.is(passed({ bytesPerToken: Bytes(1) }), 'bytes-per-token');
  t.is(passed({ jobsPerToken: 1 }, sampleJob()), undefined, 'who comes without it is not concerned');
});

test('parallel uploads cannot pass the bound together, and those refused leave nothing', async (t) => {
  const intake = await open(t);
  const document = Buffer.concat([PDF, Buffer.alloc(KiB(100) - PDF.length)]);
  intake.limits = { ...intake.limits, bytesPerPerson: KiB(350) };
  const answers = await Promise.all(Array.from({ length: 10 }, () => intake.ask({ ...PRINT, document })));
  const taken = answers.filter(({ status }) => status === 'successful-ok').length;
  t.true(taken <= 3, `${taken}`);
  t.true(
    answers.every(({ status }) => ['successful-ok', 'client-error-account-limit-reached'].includes(status)),
  );
  t.is(intake.jobs.holdings.all.octets, taken * document.length);
  t.is(intake.jobs.living, taken);
  t.is((await intake.store.recover()).length, taken);
});

test('documents that arrive side by side count together, chunk by chunk', async (t) => {
  const intake = new IntakeUnderTest();
  intake.limits = { ...intake.limits, bytesPerPerson: KiB(100) };
  const one = intake.room.receive(sampleJob());
  const other = intake.room.receive(sampleJob());
  await one.take(KiB(60));
  await t.throwsAsync(other.take(KiB(60)), { message: /as large as those of one person may be/ });
  await other.take(KiB(40));
  one[Symbol.dispose]();
  await other.take(KiB(60));
  other[Symbol.dispose]();
  t.is(intake.jobs.holdings.size, 0);
});

test('jobs that wait for their ids together cannot pass the bound together', async (t) => {
  const intake = await open(t);
  intake.limits = { ...intake.limits, jobsPerPerson: 7 };
  const everybodyWaits = Promise.withResolvers<void>();
  let waiting = 0;
  const newId = intake.store.newId.bind(intake.store);
  intake.store.newId = async () => {
    if (++waiting === 20) everybodyWaits.resolve();
    await everybodyWaits.promise;
    return newId();
  };
  await Promise.all(Array.from({ length: 20 }, () => intake.ask({ operation: Operation.createJob })));
  t.is(intake.jobs.living, 7);
});

test('a total that is reached is an alert until there is room again', async (t) => {
  const intake = await open(t);
  intake.limits = { ...intake.limits, jobs: 2 };
  const first = await intake.print();
  await intake.print();
  await intake.ask(PRINT);
  await intake.ask(PRINT);
  t.deepEqual([...intake.alerts.standing.keys()], ['limit jobs']);
  await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': first } });
  t.deepEqual([...intake.alerts.standing.keys()], []);
});

test('a thousand Create-Jobs without a document: bounded, others go on, all are withdrawn, no id is lost for nothing', async (t) => {
  const intake = await open(t);
  intake.limits = { ...intake.limits, openJobsPerAddress: 20, jobs: 5000 };
  const statuses = new Map<string, number>();
  let last = 0;
  for (let sent = 0; sent < 1000; sent++) {
    const { status, job } = await intake.ask({ operation: Operation.createJob });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    last = Math.max(last, read(job, 'job-id') ?? 0);
  }
  t.deepEqual(Object.fromEntries(statuses), { 'successful-ok': 20, 'server-error-too-many-jobs': 980 });
  t.is(last, 20);
  t.is(intake.jobs.holdings.all.open, 20);
  t.is((await intake.ask(PRINT)).status, 'successful-ok', 'a job with its document comes in');
  const sent = await intake.ask({
    operation: Operation.sendDocument,
    attributes: { 'job-id': 1, 'last-document': true },
    document: PDF,
  });
  t.is(sent.status, 'successful-ok');
  t.is(
    (await intake.ask({ operation: Operation.createJob })).status,
    'successful-ok',
    'there is a place again',
  );
  t.is(intake.jobs.get(JobId(21))?.document?.octets, PDF.length);
  t.is(intake.recorded.events('warn').length, 1);
});

test('below the floor of the disk: busy, an alert, and the all-clear without anybody printing', async (t) => {
  const intake = await open(t);
  const room = intake.freeDisk;
  intake.freeDisk = MiB(1);
  t.is((await intake.ask(PRINT)).status, 'server-error-busy');
  t.deepEqual([...intake.alerts.standing.keys()], ['disk below-floor']);
  t.regex(await intake.metrics.text(), /limit_refusals_total\{limit="free-disk-floor"\} 1/);
  const printer = await intake.ask({ operation: Operation.getPrinterAttributes });
  t.deepEqual(read(printer.message.groups[1]?.attributes ?? printer.job, 'printer-state-reasons'), [
    'spool-area-full-error',
  ]);
  intake.clock.advance(Seconds(15));
  intake.freeDisk = room;
  for (let turns = 0; intake.alerts.standing.size > 0 && turns < 100; turns++) {
    intake.clock.advance(Minutes(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.deepEqual(intake.alerts.told, ['raise disk below-floor', 'clear disk below-floor']);
  t.is((await intake.ask(PRINT)).status, 'successful-ok');
});

test('a document that would go below the floor is stopped on its way', async (t) => {
  const intake = await open(t);
  intake.limits = { ...intake.limits, documentSize: MiB(100), freeDiskFloor: MiB(50) };
  // What is written is gone from the disk.
  const most = MiB(60);
  Object.defineProperty(intake, 'freeDisk', { get: () => Bytes(most - intake.jobs.holdings.all.octets) });
  const document = Buffer.concat([PDF, Buffer.alloc(MiB(40))]);
  t.is((await intake.ask({ ...PRINT, document })).status, 'server-error-busy');
  t.is(intake.jobs.living, 0);
  t.is(intake.jobs.holdings.size, 0);
  t.is((await intake.ask(PRINT)).status, 'successful-ok');
});

test('an IPv6 network has half of the room, however many addresses it has', (t) => {
  const holdings = new Holdings();
  const limits = { ...new IntakeUnderTest().limits, jobs: 10, jobsPerAddress: 3, openJobsPerAddress: 1 };
  const from = (address: string) =>
    sampleJob({ submitter: { address, claimedName: '' }, owner: { kind: 'unowned' } });
  const one = { jobs: 1, octets: 1, open: 0 };
  const passed = (address: string) => limitPassed(holdings, from(address), one, limits);
  for (let host = 1; host <= 5; host++) {
    t.is(passed(`2001:db8::${host}`), undefined);
    holdings.add(from(`2001:db8::${host}`));
  }
  t.like(passed('2001:db8::6'), { name: 'jobs', bearer: 'network' });
  t.is(passed('2001:db8:0:1::6'), undefined);
  t.is(passed('192.0.2.7'), undefined);
});

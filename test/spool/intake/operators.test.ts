// Who may do what to a queue: an operator by their token, and nobody else; and what each operation then does.
import test, { type ExecutionContext } from 'ava';
import { Attributes } from '../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';
import { PrinterState } from '../../../ipp/vocabulary/enums.ts';
import { Operation, operationName } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

const FOR_OPERATORS = [
  Operation.pausePrinter,
  Operation.pausePrinterAfterCurrentJob,
  Operation.resumePrinter,
  Operation.enablePrinter,
  Operation.disablePrinter,
  Operation.holdNewJobs,
  Operation.releaseHeldNewJobs,
  Operation.shutdownPrinter,
  Operation.startupPrinter,
  Operation.restartPrinter,
  Operation.purgeJobs,
  Operation.cancelJobs,
  Operation.setPrinterAttributes,
  Operation.promoteJob,
  Operation.scheduleJobAfter,
];

async function open(t: ExecutionContext) {
  const intake = await new IntakeUnderTest().start(t);
  intake.secure = true;
  const made = await intake.credentials.tokens.create({
    kind: 'operator',
    label: 'desk',
    queues: [],
    networks: [],
  });
  const suffix = `/${made.secret.reveal()}`;
  const operate = (operation: number, more: AttributesInput = {}) =>
    intake.ask({ operation, attributes: more, suffix });
  const printer = async () => {
    const { message } = await intake.ask({ operation: Operation.getPrinterAttributes });
    return message.groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
  };
  return { intake, operate, printer, suffix };
}

for (const operation of FOR_OPERATORS) {
  test(`${operationName(operation)} is for operators only`, async (t) => {
    const { intake } = await open(t);
    const id = await intake.print();
    const refused = await intake.ask({ operation, attributes: { 'job-id': id } });
    t.is(refused.status, 'client-error-not-authorized');
    t.is(intake.jobs.living, 1);
    t.deepEqual(intake.conditions.of('print'), intake.conditions.of('another'));
  });
}

test('paused: the printer is stopped, jobs are still taken, and say why they wait', async (t) => {
  const { intake, operate, printer } = await open(t);
  t.is((await operate(Operation.pausePrinter)).status, 'successful-ok');
  t.is(read(await printer(), 'printer-state'), PrinterState.stopped);
  t.deepEqual(read(await printer(), 'printer-state-reasons'), ['paused']);
  t.true(read(await printer(), 'printer-is-accepting-jobs'));
  const id = await intake.print();
  const { job } = await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } });
  t.true(read(job, 'job-state-reasons')?.includes('printer-stopped'));
  await operate(Operation.resumePrinter);
  t.is(read(await printer(), 'printer-state'), PrinterState.idle);
});

test('closed: new jobs are refused in words, what is there stays', async (t) => {
  const { intake, operate, printer } = await open(t);
  const id = await intake.print();
  await operate(Operation.disablePrinter);
  t.false(read(await printer(), 'printer-is-accepting-jobs'));
  for (const operation of [Operation.printJob, Operation.createJob, Operation.validateJob]) {
    const document = operation === Operation.printJob ? { document: PDF } : {};
    t.is((await intake.ask({ operation, ...document })).status, 'server-error-not-accepting-jobs');
  }
  t.is(intake.jobs.get(id)?.state, 'pending-held');
  await operate(Operation.enablePrinter);
  t.truthy(await intake.print());
});

test('shut down: nothing comes in or out until it is started up', async (t) => {
  const { operate, printer } = await open(t);
  await operate(Operation.shutdownPrinter);
  t.deepEqual(read(await printer(), 'printer-state-reasons'), ['paused', 'shutdown']);
  t.false(read(await printer(), 'printer-is-accepting-jobs'));
  t.is((await operate(Operation.resumePrinter)).status, 'client-error-not-possible');
  t.is((await operate(Operation.enablePrinter)).status, 'client-error-not-possible');
  await operate(Operation.startupPrinter);
  t.deepEqual(read(await printer(), 'printer-state-reasons'), ['none']);
});

test('new jobs are held from then on, until they are released', async (t) => {
  const { intake, operate } = await open(t);
  const reasonsOf = async (id: number) => {
    const { job } = await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } });
    return read(job, 'job-state-reasons') ?? [];
  };
  const before = await intake.print();
  intake.clock.advance(10);
  await operate(Operation.holdNewJobs);
  const after = await intake.print();
  t.false((await reasonsOf(before)).includes('job-held-on-create'));
  t.true((await reasonsOf(after)).includes('job-held-on-create'));
  await operate(Operation.releaseHeldNewJobs);
  t.false((await reasonsOf(after)).includes('job-held-on-create'));
});

test('an operator removes jobs of anybody, all of what they name or none', async (t) => {
  const { intake, operate } = await open(t);
  const [first, second, third] = [await intake.print(), await intake.print(), await intake.print()];
  t.is(
    (await operate(Operation.cancelJobs, { 'job-ids': [first, 999] })).status,
    'client-error-not-possible',
  );
  t.is(intake.jobs.living, 3);
  await operate(Operation.cancelJobs, { 'job-ids': [first] });
  t.is(intake.jobs.get(first)?.state, 'canceled');
  const { job } = await intake.ask({
    operation: Operation.getJobAttributes,
    attributes: { 'job-id': first },
  });
  t.deepEqual(read(job, 'job-state-reasons'), ['job-canceled-by-operator']);
  t.is(intake.jobs.get(second)?.state, 'pending-held');
  await operate(Operation.purgeJobs);
  t.is(intake.jobs.living, 0);
  t.is(intake.jobs.get(third), undefined);
});

test('an operator’s message is shown; the rest of the printer is the configuration’s', async (t) => {
  const { intake, operate, printer, suffix } = await open(t);
  const set = (more: AttributesInput) =>
    intake.ask({
      operation: Operation.setPrinterAttributes,
      suffix,
      groups: [{ kind: 'printer', attributes: attributes(more) }],
    });
  t.is((await set({ 'printer-message-from-operator': 'Toner is coming' })).status, 'successful-ok');
  t.is(read(await printer(), 'printer-message-from-operator'), 'Toner is coming');
  const refused = await set({ 'printer-info': 'Mine' });
  t.is(refused.status, 'client-error-attributes-not-settable');
  t.is((await operate(Operation.setPrinterAttributes)).status, 'client-error-bad-request');
  const { message } = await operate(Operation.getPrinterSupportedValues);
  const values = message.groups.find((group) => group.kind === 'printer')?.attributes;
  t.deepEqual(values?.get('printer-message-from-operator')?.values, [{ syntax: 'admin-define' }]);
});

test('the line before a printer: only what waits there can be moved', async (t) => {
  const { intake, operate } = await open(t);
  const [first, second] = [await intake.print(), await intake.print()];
  const promote = () => operate(Operation.promoteJob, { 'job-id': second });
  t.is((await promote()).status, 'client-error-not-possible');
  const release = { printer: 'mfp-1', key: 'k', by: 'queue', at: 1 } as const;
  intake.jobs.apply(second, { kind: 'release-asked', release });
  t.is((await promote()).status, 'successful-ok');
  const after = await operate(Operation.scheduleJobAfter, { 'job-id': second, 'predecessor-job-id': first });
  t.is(after.status, 'successful-ok');
  t.deepEqual(intake.reordered.slice(1), [
    [second, undefined],
    [second, first],
  ]);
});

test('what cannot be done with a job is refused with the right word', async (t) => {
  const { intake } = await open(t);
  const id = await intake.print();
  const ask = async (operation: number, more: AttributesInput = {}, user = 'ada') =>
    (await intake.ask({ operation, attributes: { 'job-id': id, ...more }, user })).status;
  const document = { 'document-number': 1 };
  t.is(await ask(Operation.suspendCurrentJob), 'client-error-not-possible');
  t.is(await ask(Operation.cancelCurrentJob), 'client-error-not-possible');
  t.is(await ask(Operation.resumeJob), 'client-error-not-possible');
  t.is(await ask(Operation.cancelDocument, document), 'client-error-not-possible');
  t.is(await ask(Operation.setDocumentAttributes, document), 'client-error-attributes-not-settable');
  t.is(await ask(Operation.getDocumentAttributes, { 'document-number': 2 }), 'client-error-not-found');
  t.is(await ask(Operation.getDocumentAttributes), 'client-error-bad-request');
  t.is(
    await ask(Operation.identifyPrinter, { 'identify-actions': ['sound'] }),
    'client-error-attributes-or-values-not-supported',
  );
  t.is(await ask(Operation.identifyPrinter), 'successful-ok');
  await ask(Operation.cancelJob);
  for (const operation of [Operation.restartJob, Operation.reprocessJob, Operation.resubmitJob]) {
    t.is(await ask(operation), 'client-error-not-possible');
    t.is(await ask(operation, {}, 'bob'), 'client-error-not-authorized');
  }
});

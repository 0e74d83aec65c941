// What a client is told that asks for a part: of the printer by format, of the jobs by page, number and kind.
import test from 'ava';
import { Attributes } from '../../../ipp/model.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { IntakeUnderTest } from './intake-under-test.ts';

async function printerOf(intake: IntakeUnderTest, attributes: AttributesInput): Promise<Attributes> {
  const { message } = await intake.ask({ operation: Operation.getPrinterAttributes, attributes });
  return message.groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
}

async function jobsOf(intake: IntakeUnderTest, attributes: AttributesInput): Promise<(number | undefined)[]> {
  const { message } = await intake.ask({ operation: Operation.getJobs, attributes });
  const jobs = message.groups.filter((group) => group.kind === 'job');
  return jobs.map((group) => read(group.attributes, 'job-id'));
}

test('of pages that a client has drawn none can be picked', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const pdf = await printerOf(intake, { 'document-format': 'application/pdf' });
  t.true(read(pdf, 'page-ranges-supported'));
  t.true(pdf.has('overrides-supported'));
  const jpeg = await printerOf(intake, { 'document-format': 'image/jpeg' });
  t.false(read(jpeg, 'page-ranges-supported'));
  t.false(jpeg.has('overrides-supported'));
  // What is told and what is taken agree.
  const job = { 'page-ranges': [{ lower: 1, upper: 1 }] };
  const validate = async (format: string) =>
    (await intake.ask({ operation: Operation.validateJob, job, attributes: { 'document-format': format } }))
      .status;
  t.is(await validate('application/pdf'), 'successful-ok');
  t.is(await validate('image/jpeg'), 'successful-ok-ignored-or-substituted-attributes');
});

test('groups of attributes, and the large one only by its name', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const names = async (...requested: string[]) =>
    (await printerOf(intake, { 'requested-attributes': requested })).names;
  t.deepEqual(await names('printer-name', 'x-none'), ['printer-name']);
  t.false((await names('all')).includes('media-col-database'));
  t.deepEqual(await names('media-col-database'), ['media-col-database']);
  const template = await names('job-template');
  t.true(template.includes('sides-supported') && template.includes('media-col-ready'));
  t.false(template.includes('printer-name'));
  const description = await names('printer-description');
  t.true(description.includes('printer-name') && description.includes('operations-supported'));
  t.false(description.includes('sides-supported'));
});

test('jobs by page, by number and by kind', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const ids = [await intake.print(), await intake.print(), await intake.print()];
  t.deepEqual(await jobsOf(intake, {}), ids);
  t.deepEqual(await jobsOf(intake, { 'first-index': 2, limit: 1 }), [ids[1]]);
  t.deepEqual(await jobsOf(intake, { 'first-index': 4 }), []);
  t.deepEqual(await jobsOf(intake, { 'job-ids': [Number(ids[2]), 999] }), [ids[2]]);
  await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': Number(ids[0]) } });
  t.deepEqual(await jobsOf(intake, { 'which-jobs': 'canceled' }), [ids[0]]);
  t.deepEqual(await jobsOf(intake, { 'which-jobs': 'aborted' }), []);
  t.deepEqual(await jobsOf(intake, { 'which-jobs': 'pending-held' }), ids.slice(1));
  t.deepEqual(await jobsOf(intake, { 'which-jobs': 'all' }), [ids[1], ids[2], ids[0]]);
});

test('when the configuration or the state changed is told', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const ago = async () => {
    const printer = await printerOf(intake, {});
    const upTime = read(printer, 'printer-up-time') ?? 0;
    const since = (name: 'printer-state-change-time' | 'printer-config-change-time') =>
      upTime - (read(printer, name) ?? 0);
    return [since('printer-state-change-time'), since('printer-config-change-time')];
  };
  intake.clock.advance(60_000);
  t.deepEqual(await ago(), [60, 60]);
  await intake.conditions.change('print', { paused: true });
  intake.clock.advance(30_000);
  t.deepEqual(await ago(), [30, 90]);
});

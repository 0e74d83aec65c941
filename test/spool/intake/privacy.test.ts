// What a job is called, who sent it and what it asks for is nobody's business: no operation tells it to anybody else.
import test, { type ExecutionContext } from 'ava';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { Operation, operationName } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { JobId } from '../../../spool/job.ts';
import { type Asked, IntakeUnderTest, PDF } from './intake-under-test.ts';

/** The user name with the length before it, as a value has it: the digits of a random UUID may well have "ada" in them. */
const SECRETS = ['Dismissal', 'of-bob', '\0\u0003ada', 'number-up'];
const ALL: AttributesInput = { 'requested-attributes': ['all'] };

async function open(t: ExecutionContext): Promise<{ intake: IntakeUnderTest; id: JobId }> {
  const intake = await new IntakeUnderTest().start(t);
  const { job } = await intake.ask({
    operation: Operation.printJob,
    attributes: { 'job-name': 'Dismissal', 'document-name': 'of-bob' },
    job: { 'number-up': 1 },
    document: PDF,
  });
  return { intake, id: read(job, 'job-id') as JobId };
}

const about = (id: JobId): readonly Asked[] => [
  { operation: Operation.getJobs, attributes: ALL },
  { operation: Operation.getJobs, attributes: { ...ALL, 'which-jobs': 'all' } },
  { operation: Operation.getJobs, attributes: { ...ALL, 'job-ids': [id] } },
  { operation: Operation.getJobAttributes, attributes: { ...ALL, 'job-id': id } },
  { operation: Operation.getDocuments, attributes: { ...ALL, 'job-id': id } },
  { operation: Operation.getDocumentAttributes, attributes: { ...ALL, 'job-id': id, 'document-number': 1 } },
  { operation: Operation.getPrinterAttributes, attributes: ALL },
  { operation: Operation.closeJob, attributes: { 'job-id': id } },
  { operation: Operation.cancelJob, attributes: { 'job-id': id } },
  { operation: Operation.holdJob, attributes: { 'job-id': id } },
];

for (const [index, { operation }] of about(1 as JobId).entries()) {
  for (const [who, user, from] of [
    ['another', 'mallory', '127.0.0.1'],
    ['the same name from elsewhere', 'ada', '127.0.0.2'],
    ['nobody', '', '127.0.0.1'],
  ] as const) {
    test(`${operationName(operation)} (${index}) tells nothing to ${who}`, async (t) => {
      const { intake, id } = await open(t);
      const asked = about(id)[index];
      if (asked === undefined) return t.fail();
      const { message } = await intake.ask({ ...asked, user, http: { from } });
      const octets = Buffer.from(
        encodeMessage({ ...message, groups: message.groups.filter(({ kind }) => kind !== 'printer') }),
      );
      for (const secret of SECRETS) t.false(octets.includes(secret), secret);
      t.is(intake.jobs.get(id)?.state, 'pending-held');
    });
  }
}

test('the sender is told', async (t) => {
  const { intake, id } = await open(t);
  const { job } = await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } });
  t.is(read(job, 'job-name'), 'Dismissal');
  t.is(read(job, 'number-up'), 1);
});

test('the counts of jobs that another may not see are no names either', async (t) => {
  const { intake } = await open(t);
  const { message } = await intake.ask({
    operation: Operation.getJobs,
    user: 'mallory',
    attributes: { 'my-jobs': true },
  });
  t.is(message.groups.filter(({ kind }) => kind === 'job').length, 0);
});

/** A print client as the documentation and bug reports tell of it: what it asks, in which order, and what it must hear. */
import test, { type ExecutionContext } from 'ava';
import { Attributes, type Message } from '../../../ipp/model.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { IntakeUnderTest } from '../intake/intake-under-test.ts';

const HEADS: Readonly<Record<string, Buffer>> = {
  'application/pdf': Buffer.from('%PDF-1.7\n%%EOF\n'),
  'image/jpeg': Buffer.from('ffd8ffe000104a46494600', 'hex'),
  'image/pwg-raster': Buffer.concat([Buffer.from('RaS2PwgRaster\0'), Buffer.alloc(2000)]),
  'image/urf': Buffer.concat([Buffer.from('UNIRAST\0'), Buffer.alloc(40)]),
};

/** What a client must find among a printer's attributes, in words, and whether it does. */
export type Need = readonly [what: string, holds: (printer: Attributes, intake: IntakeUnderTest) => boolean];

export interface ClientStory {
  readonly name: string;
  readonly version: Message['version'];
  /** What it asks for; everything when it does not say. */
  readonly requested?: readonly string[];
  /** What it calls its user. */
  readonly user: string;
  readonly needs: readonly Need[];
  readonly format: string;
  /** Whether it says the format already at Create-Job or Validate-Job. */
  readonly validates: boolean;
  /** Print-Job, or Create-Job and Send-Document. */
  readonly way: 'print-job' | 'create-job';
  readonly ticket: AttributesInput;
}

export const has = (...names: string[]): Need[] =>
  names.map((name) => [`has ${name}`, (printer) => (printer.get(name)?.values.length ?? 0) > 0]);

export const takes = (format: string): Need => [
  `takes ${format}`,
  (printer) => read(printer, 'document-format-supported')?.includes(format) === true,
];

export const PARALLEL_ADDRESSES: Need = [
  'three parallel lists of addresses',
  (printer) => {
    const [uris, security, authentication] = [
      printer.get('printer-uri-supported')?.values.length,
      printer.get('uri-security-supported')?.values.length,
      printer.get('uri-authentication-supported')?.values.length,
    ];
    return uris !== undefined && uris === security && uris === authentication;
  },
];

/** Declares the tests of one client. */
export function tell(story: ClientStory): void {
  test(`${story.name} finds all that it needs`, async (t) => {
    const intake = await open(t);
    const { message, status } = await intake.ask({
      operation: Operation.getPrinterAttributes,
      version: story.version,
      user: story.user,
      attributes: { 'requested-attributes': story.requested },
    });
    t.is(status, 'successful-ok');
    t.deepEqual(message.version, story.version);
    const printer = message.groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
    for (const [what, holds] of story.needs) t.true(holds(printer, intake), what);
  });

  test(`${story.name} prints, and its job is held`, async (t) => {
    const intake = await open(t);
    const { version, user, ticket: job } = story;
    const named = { 'job-name': 'Letter', 'document-format': story.format } as const;
    if (story.validates) {
      const validated = await intake.ask({
        ...{ operation: Operation.validateJob, version, user, job },
        attributes: { 'document-format': story.format },
      });
      t.regex(validated.status, /^successful-ok/);
    }
    const document = HEADS[story.format] ?? Buffer.alloc(0);
    const id = read(
      story.way === 'print-job'
        ? (
            await intake.ask({
              operation: Operation.printJob,
              version,
              user,
              job,
              attributes: named,
              document,
            })
          ).job
        : await createAndSend(intake, story, document),
      'job-id',
    );
    t.truthy(id);
    const polled = await intake.ask({
      ...{ operation: Operation.getJobAttributes, version, user },
      attributes: { 'job-id': id, 'requested-attributes': ['job-state', 'job-state-reasons', 'job-name'] },
    });
    t.deepEqual(polled.message.version, version);
    t.is(read(polled.job, 'job-state'), JobState.pendingHeld);
    t.is(read(polled.job, 'job-name'), 'Letter');
    t.is([...intake.jobs.all()][0]?.document?.format, story.format);
    const canceled = await intake.ask({
      ...{ operation: Operation.cancelJob, version, user },
      attributes: { 'job-id': id },
    });
    t.is(canceled.status, 'successful-ok');
  });
}

async function createAndSend(
  intake: IntakeUnderTest,
  story: ClientStory,
  document: Buffer,
): Promise<Attributes> {
  const { version, user, ticket: job } = story;
  const created = await intake.ask({
    ...{ operation: Operation.createJob, version, user, job },
    attributes: { 'job-name': 'Letter' },
  });
  const sent = await intake.ask({
    ...{ operation: Operation.sendDocument, version, user, document },
    attributes: {
      'job-id': read(created.job, 'job-id'),
      'document-format': story.format,
      'last-document': true,
    },
  });
  return sent.job;
}

function open(t: ExecutionContext): Promise<IntakeUnderTest> {
  const intake = new IntakeUnderTest();
  intake.formats = ['application/pdf', 'image/jpeg', 'image/pwg-raster', 'image/urf'];
  return intake.start(t);
}

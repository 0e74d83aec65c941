// One row for each status code of STANDARDS.md §1 that an operation gives; what a request itself must be is in checks.test.ts.
import test from 'ava';
import { Attributes, type Value } from '../../../ipp/model.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { type Asked, IntakeUnderTest, PDF } from './intake-under-test.ts';

const A4 = { 'media-size': { 'x-dimension': 21_000, 'y-dimension': 29_700 } };
const STRICT: AttributesInput = { 'ipp-attribute-fidelity': true };
const UNKNOWN = new Attributes([{ name: 'x-wish', values: [{ syntax: 'keyword', value: 'yes' }] }]);
const BOTH_MEDIA: AttributesInput = { media: 'iso_a4_210x297mm', 'media-col': A4 };

interface Row {
  readonly name: string;
  readonly asked: Asked;
  readonly status: string;
  /** Names in the unsupported group, and the syntax of the first value of each. */
  readonly unsupported?: Readonly<Record<string, Value['syntax']>>;
}

const validate = (asked: Omit<Asked, 'operation'>): Asked => ({ operation: Operation.validateJob, ...asked });
const print = (attributes: AttributesInput, document = PDF): Asked => ({
  operation: Operation.printJob,
  attributes,
  document,
});

const TABLE: readonly Row[] = [
  { name: 'a good job', asked: print({}), status: 'successful-ok' },
  {
    name: 'an unknown attribute',
    asked: validate({ job: UNKNOWN }),
    status: 'successful-ok-ignored-or-substituted-attributes',
    unsupported: { 'x-wish': 'unsupported' },
  },
  {
    name: 'an unknown attribute that the client insists on',
    asked: validate({ job: UNKNOWN, attributes: STRICT }),
    status: 'client-error-attributes-or-values-not-supported',
    unsupported: { 'x-wish': 'unsupported' },
  },
  {
    name: 'a value that there is not',
    asked: validate({ job: { 'number-up': 16 } }),
    status: 'successful-ok-ignored-or-substituted-attributes',
    unsupported: { 'number-up': 'integer' },
  },
  {
    name: 'a value that there is not, insisted on',
    asked: validate({ job: { 'number-up': 16 }, attributes: STRICT }),
    status: 'client-error-attributes-or-values-not-supported',
    unsupported: { 'number-up': 'integer' },
  },
  {
    name: 'the same thing twice',
    asked: validate({ job: BOTH_MEDIA }),
    status: 'successful-ok-conflicting-attributes',
    unsupported: { media: 'keyword' },
  },
  {
    name: 'the same thing twice, insisted on',
    asked: validate({ job: BOTH_MEDIA, attributes: STRICT }),
    status: 'client-error-conflicting-attributes',
    unsupported: { media: 'keyword' },
  },
  {
    name: 'jobs by id and in general at once',
    asked: {
      operation: Operation.getJobs,
      attributes: { 'job-ids': [1], 'which-jobs': 'completed' },
    },
    status: 'client-error-conflicting-attributes',
    unsupported: { 'which-jobs': 'keyword' },
  },
  {
    name: 'jobs that there is no list of',
    asked: { operation: Operation.getJobs, attributes: { 'which-jobs': 'fetchable' } },
    status: 'client-error-attributes-or-values-not-supported',
    unsupported: { 'which-jobs': 'keyword' },
  },
  {
    name: 'a format that is not taken',
    asked: print({ 'document-format': 'application/postscript' }),
    status: 'client-error-document-format-not-supported',
    unsupported: { 'document-format': 'mimeMediaType' },
  },
  {
    name: 'a document of another format than it says',
    asked: print({ 'document-format': 'application/pdf' }, Buffer.from('hello')),
    status: 'client-error-document-format-error',
  },
  {
    name: 'a compression that is not taken',
    asked: print({ compression: 'compress' }),
    status: 'client-error-compression-not-supported',
    unsupported: { compression: 'keyword' },
  },
  {
    name: 'compressed data that is none',
    asked: print({ compression: 'gzip' }),
    status: 'client-error-compression-error',
  },
  {
    name: 'a document that is too large',
    asked: print({}, Buffer.concat([PDF, Buffer.alloc(1024 * 1024)])),
    status: 'client-error-request-entity-too-large',
  },
  {
    name: 'a document where there must be none',
    asked: { operation: Operation.validateJob, document: PDF },
    status: 'client-error-bad-request',
  },
  {
    name: 'a job of another queue',
    asked: { operation: Operation.getJobAttributes, attributes: { 'job-id': 99 } },
    status: 'client-error-not-found',
  },
  {
    name: 'a document that is not validated',
    asked: { operation: Operation.validateDocument, attributes: { 'document-format': 'text/plain' } },
    status: 'client-error-document-format-not-supported',
  },
  {
    name: 'a document that is',
    asked: { operation: Operation.validateDocument, attributes: { 'document-format': 'image/jpeg' } },
    status: 'successful-ok',
  },
  {
    name: 'printing from an address on the web, which would let others make the gateway fetch things',
    asked: { operation: Operation.printUri, attributes: { 'document-uri': 'http://localhost/x.pdf' } },
    status: 'server-error-operation-not-supported',
  },
];

for (const { name, asked, status, unsupported } of TABLE) {
  test(`${name}: ${status}`, async (t) => {
    const intake = await new IntakeUnderTest().start(t);
    const answer = await intake.ask(asked);
    t.is(answer.status, status);
    const group = answer.message.groups.find((each) => each.kind === 'unsupported')?.attributes;
    const told = Object.fromEntries([...(group ?? [])].map((each) => [each.name, each.values[0]?.syntax]));
    if (unsupported !== undefined) t.deepEqual(told, unsupported);
    else if (status === 'successful-ok') t.is(group, undefined);
  });
}

test('a value too long for its syntax: request-value-too-long', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const { status } = await intake.ask({
    operation: Operation.getJobs,
    attributes: { 'requesting-user-name': 'a' },
    octets: await tooLong(intake.authority),
  });
  t.is(status, 'client-error-request-value-too-long');
});

/** Get-Jobs whose requesting-user-name has 300 octets; a name has 255 at most. */
async function tooLong(authority: string): Promise<Buffer> {
  const value = (tag: number, name: string, text: string) => {
    const head = Buffer.alloc(3 + name.length + 2);
    head.writeUInt8(tag, 0);
    head.writeUInt16BE(name.length, 1);
    head.write(name, 3);
    head.writeUInt16BE(text.length, 3 + name.length);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  return Buffer.concat([
    Buffer.from('0200000a0000000701', 'hex'),
    value(0x47, 'attributes-charset', 'utf-8'),
    value(0x48, 'attributes-natural-language', 'en'),
    value(0x45, 'printer-uri', `ipp://${authority}/ipp/print`),
    value(0x42, 'requesting-user-name', 'a'.repeat(300)),
    Buffer.from([0x03]),
  ]);
}

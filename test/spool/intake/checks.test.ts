// What a request must be, in the order of STANDARDS.md §1; each row is one thing wrong with an otherwise good request.
import test from 'ava';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { type Attribute, Attributes, type Group, type GroupKind, type Message } from '../../../ipp/model.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { IntakeUnderTest } from './intake-under-test.ts';

const CHARSET: Attribute = { name: 'attributes-charset', values: [{ syntax: 'charset', value: 'utf-8' }] };
const LANGUAGE: Attribute = {
  name: 'attributes-natural-language',
  values: [{ syntax: 'naturalLanguage', value: 'en' }],
};
const uri = (value: string): Attribute => ({ name: 'printer-uri', values: [{ syntax: 'uri', value }] });
const PRINTER = uri('ipp://localhost/ipp/print');

function message(changes: Partial<Message>, operation: Attribute[] = [CHARSET, LANGUAGE, PRINTER]): Message {
  return {
    version: { major: 1, minor: 1 },
    code: Operation.getPrinterAttributes,
    requestId: 1,
    groups: [{ kind: 'operation', attributes: new Attributes(operation) }],
    ...changes,
  };
}

const operationGroup = {
  kind: 'operation',
  attributes: new Attributes([CHARSET, LANGUAGE, PRINTER]),
} as const;

/** The operation group, and empty ones of these kinds. */
const groups = (kinds: string): Group[] => [
  operationGroup,
  ...kinds
    .split(/, | and /)
    .map((kind) =>
      kind === 'operation' ? operationGroup : { kind: kind as GroupKind, attributes: new Attributes() },
    ),
];

const TABLE: readonly (readonly [string, Message, string])[] = [
  ['nothing', message({}), 'successful-ok'],
  ['version 1.0', message({ version: { major: 1, minor: 0 } }), 'successful-ok'],
  ['version 2.2', message({ version: { major: 2, minor: 2 } }), 'successful-ok'],
  ['version 0.0', message({ version: { major: 0, minor: 0 } }), 'server-error-version-not-supported'],
  ['version 3.0', message({ version: { major: 3, minor: 0 } }), 'server-error-version-not-supported'],
  ['an unknown operation', message({ code: 0x3fff }), 'server-error-operation-not-supported'],
  ['no groups', message({ groups: [] }), 'client-error-bad-request'],
  [
    'a job group first',
    message({ groups: [{ kind: 'job', attributes: new Attributes() }, operationGroup] }),
    'client-error-bad-request',
  ],
  ['two operation groups', message({ groups: [operationGroup, operationGroup] }), 'client-error-bad-request'],
  ...(
    [
      ['job, document, subscription and subscription', 'successful-ok'],
      ['subscription and job', 'client-error-bad-request'],
      ['document and job', 'client-error-bad-request'],
      ['printer and job', 'client-error-bad-request'],
      ['job and job', 'client-error-bad-request'],
      ['job and operation', 'client-error-bad-request'],
      ['unsupported', 'client-error-bad-request'],
      ['event-notification', 'client-error-bad-request'],
    ] as const
  ).map(([kinds, status]) => [`the groups ${kinds}`, message({ groups: groups(kinds) }), status] as const),
  ['no charset', message({}, [LANGUAGE, PRINTER]), 'client-error-bad-request'],
  ['no language', message({}, [CHARSET, PRINTER]), 'client-error-bad-request'],
  ['charset and language swapped', message({}, [LANGUAGE, CHARSET, PRINTER]), 'client-error-bad-request'],
  [
    'another charset',
    message({}, [
      { name: 'attributes-charset', values: [{ syntax: 'charset', value: 'iso-8859-1' }] },
      LANGUAGE,
      PRINTER,
    ]),
    'client-error-charset-not-supported',
  ],
  ['no target', message({}, [CHARSET, LANGUAGE]), 'client-error-bad-request'],
  [
    'another scheme',
    message({}, [CHARSET, LANGUAGE, uri('ftp://localhost/ipp/print')]),
    'client-error-uri-scheme-not-supported',
  ],
  ['a URI that is none', message({}, [CHARSET, LANGUAGE, uri('print')]), 'client-error-bad-request'],
  [
    'another printer in the URI',
    message({}, [CHARSET, LANGUAGE, uri('ipp://localhost/ipp/strict')]),
    'client-error-not-found',
  ],
  [
    'a printer of another path',
    message({}, [CHARSET, LANGUAGE, uri('ipp://localhost/printers/print')]),
    'client-error-not-found',
  ],
  [
    'a target of another syntax',
    message({}, [CHARSET, LANGUAGE, { name: 'printer-uri', values: [{ syntax: 'keyword', value: 'x' }] }]),
    'client-error-bad-request',
  ],
  [
    'a job that is not there',
    message({ code: Operation.getJobAttributes }, [
      CHARSET,
      LANGUAGE,
      PRINTER,
      { name: 'job-id', values: [{ syntax: 'integer', value: 99 }] },
    ]),
    'client-error-not-found',
  ],
  [
    'a job id below 1',
    message({ code: Operation.getJobAttributes }, [
      CHARSET,
      LANGUAGE,
      PRINTER,
      { name: 'job-id', values: [{ syntax: 'integer', value: 0 }] },
    ]),
    'client-error-bad-request',
  ],
  ['no job', message({ code: Operation.getJobAttributes }), 'client-error-bad-request'],
  [
    'Send-Document without last-document',
    message({ code: Operation.sendDocument }, [
      CHARSET,
      LANGUAGE,
      PRINTER,
      { name: 'job-id', values: [{ syntax: 'integer', value: 1 }] },
    ]),
    'client-error-not-found',
  ],
  [
    'my-jobs of nobody',
    message({ code: Operation.getJobs }, [
      CHARSET,
      LANGUAGE,
      PRINTER,
      { name: 'my-jobs', values: [{ syntax: 'boolean', value: true }] },
    ]),
    'client-error-bad-request',
  ],
];

for (const [wrong, request, expected] of TABLE) {
  test(`wrong: ${wrong} → ${expected}`, async (t) => {
    const intake = await new IntakeUnderTest().start(t);
    const { status, message: answer } = await intake.ask({
      operation: request.code,
      octets: encodeMessage(request),
    });
    t.is(status, expected);
    t.is(answer.requestId, request.requestId);
  });
}

test('request-id 0 is refused, and told back', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const octets = encodeMessage(message({}));
  octets.writeInt32BE(0, 4);
  t.is((await intake.ask({ operation: 0, octets })).status, 'client-error-bad-request');
});

test('the queue of the path must be there', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const octets = encodeMessage(message({}));
  t.is((await intake.ask({ operation: 0, octets, path: '/ipp/nowhere' })).status, 'client-error-not-found');
});

test('a name that is too long is told as such', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const name: Attribute = {
    name: 'requesting-user-name',
    values: [{ syntax: 'nameWithoutLanguage', value: 'x'.repeat(255) }],
  };
  const octets = encodeMessage(message({}, [CHARSET, LANGUAGE, PRINTER, name]));
  // What our own encoder would not send: the length says 256, and there is one octet more.
  const at = octets.indexOf('x'.repeat(255));
  octets.writeUInt16BE(256, at - 2);
  const longer = Buffer.concat([octets.subarray(0, at), Buffer.from('x'), octets.subarray(at)]);
  t.is((await intake.ask({ operation: 0, octets: longer })).status, 'client-error-request-value-too-long');
});

test('a password of too many octets, or that is none, is refused without its value', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  for (const [value, expected] of [
    [{ syntax: 'octetString', value: Buffer.alloc(256, 0x31) }, 'client-error-request-value-too-long'],
    [{ syntax: 'integer', value: 2468 }, 'client-error-bad-request'],
  ] as const) {
    const password: Attribute = { name: 'job-password', values: [value] };
    const asked = message({ code: Operation.validateJob }, [CHARSET, LANGUAGE, PRINTER, password]);
    const answer = await intake.ask({ operation: asked.code, octets: encodeMessage(asked) });
    t.is(answer.status, expected);
    const unsupported = answer.message.groups.find(({ kind }) => kind === 'unsupported')?.attributes;
    t.deepEqual(unsupported?.get('job-password')?.values, [{ syntax: 'unsupported' }]);
  }
});

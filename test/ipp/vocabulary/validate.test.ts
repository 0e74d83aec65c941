// A request's group held against the table: every issue, in order, with the attribute as it came.
import test from 'ava';
import { Attributes, type GroupKind, type Value } from '../../../ipp/model.ts';
import type { IssueKind } from '../../../ipp/vocabulary/check.ts';
import { validateGroup } from '../../../ipp/vocabulary/validate.ts';

const integer = (value: number): Value => ({ syntax: 'integer', value });
const keyword = (value: string): Value => ({ syntax: 'keyword', value });

const CASES: [GroupKind, name: string, Value[], IssueKind | 'right', problem: string][] = [
  ['job', 'copies', [integer(1)], 'right', ''],
  ['operation', 'copies', [integer(1)], 'wrong-group', 'copies: belongs in the job group'],
  [
    'job',
    'printer-uri',
    [{ syntax: 'uri', value: 'ipp://x' }],
    'wrong-group',
    'belongs in the operation group',
  ],
  [
    'operation',
    'job-name',
    [{ syntax: 'nameWithLanguage', value: { language: 'de', text: 'x' } }],
    'right',
    '',
  ],
  ['job', 'job-name', [{ syntax: 'nameWithoutLanguage', value: 'x' }], 'right', ''],
  ['job', 'job-uuid-of-mine', [integer(1)], 'unknown-attribute', 'job-uuid-of-mine: no such attribute'],
  ['job', 'copies', [{ syntax: 'delete-attribute' }], 'out-of-band', 'delete-attribute instead of a value'],
  ['job', 'time-at-completed', [{ syntax: 'no-value' }], 'right', ''],
  ['job', 'time-at-completed', [{ syntax: 'unsupported' }], 'out-of-band', 'unsupported instead of a value'],
  ['job', 'sides', [keyword('one-sided'), keyword('x')], 'too-many-values', '2 values where one is allowed'],
  ['job', 'copies', [keyword('1')], 'wrong-syntax', 'keyword instead of integer'],
  ['job', 'copies', [integer(-1)], 'out-of-range', '-1 instead of 1 to 2147483647'],
  [
    'operation',
    'message',
    [{ syntax: 'textWithoutLanguage', value: 'x'.repeat(128) }],
    'too-long',
    '128 octets',
  ],
  [
    'job',
    'finishings',
    [
      { syntax: 'enum', value: 3 },
      { syntax: 'other', tag: 0x23, value: new Uint8Array() },
    ],
    'wrong-syntax',
    'other instead of enum',
  ],
  [
    'job',
    'media-col',
    [{ syntax: 'collection', value: new Attributes([{ name: 'x\u202e', values: [integer(1)] }]) }],
    'unknown-attribute',
    'media-col/x\\u{202e}: no such member',
  ],
  ['printer', 'printer-state', [{ syntax: 'enum', value: 6 }], 'out-of-range', 'no enum value 6'],
];

for (const [kind, name, values, issue, problem] of CASES) {
  test(`${name} in the ${kind} group: ${issue} ${problem}`, (t) => {
    const attribute = { name, values };
    const issues = validateGroup(kind, new Attributes([attribute]));
    t.is(issues.length, issue === 'right' ? 0 : 1);
    for (const found of issues) {
      t.is(found.kind as string, issue);
      t.is(found.attribute, attribute);
      t.true(found.problem.includes(problem), found.problem);
    }
  });
}

test('all issues are told, of one attribute too', (t) => {
  const group = new Attributes([
    { name: 'copies', values: [integer(0)] },
    { name: 'sides', values: [keyword('one-sided')] },
    {
      name: 'page-ranges',
      values: [integer(1), { syntax: 'rangeOfInteger', value: { lower: 0, upper: 1 } }],
    },
  ]);
  t.deepEqual(
    validateGroup('job', group).map(({ kind, problem }) => [kind, problem]),
    [
      ['out-of-range', 'copies: 0 instead of 1 to 2147483647'],
      ['wrong-syntax', 'page-ranges: integer instead of rangeOfInteger'],
      ['out-of-range', 'page-ranges: 0 to 1 instead of 1 to 2147483647'],
    ],
  );
});

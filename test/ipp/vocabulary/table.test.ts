// The table itself, and the names of operations, statuses and enum values.
import test from 'ava';
import {
  Finishing,
  JobState,
  Orientation,
  PrinterState,
  PrintQuality,
} from '../../../ipp/vocabulary/enums.ts';
import { enumName } from '../../../ipp/vocabulary/names.ts';
import { hasNoDocument, Operation, operationName } from '../../../ipp/vocabulary/operations.ts';
import { isSuccessful, Status, statusName } from '../../../ipp/vocabulary/status.ts';
import { BLOCKS, definitionOf } from '../../../ipp/vocabulary/table.ts';

test('no attribute stands in two blocks', (t) => {
  const names = BLOCKS.flatMap(([, attributes]) => Object.keys(attributes));
  t.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  t.true(names.length > 400);
});

test('every name is spelled as the registry spells them', (t) => {
  for (const [, attributes] of BLOCKS) {
    for (const name of Object.keys(attributes)) t.regex(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  }
});

test('attributes are found with their groups, others are not', (t) => {
  t.deepEqual(definitionOf('copies')?.groups, ['job']);
  t.deepEqual(definitionOf('job-id')?.groups, ['operation', 'job', 'event-notification']);
  for (const name of ['no-such', 'constructor', '__proto__', '']) t.is(definitionOf(name), undefined);
});

test('every xxx-default and xxx-supported has its xxx, or is one of the few that have none', (t) => {
  const named = new Set(BLOCKS.flatMap(([, attributes]) => Object.keys(attributes)));
  const lonely = [...named]
    .filter((name) => name.endsWith('-default'))
    .filter((name) => !named.has(name.slice(0, -'-default'.length)));
  t.deepEqual(lonely, []);
});

const OPERATIONS: [keyof typeof Operation, string][] = [
  ['printJob', 'Print-Job'],
  ['printUri', 'Print-URI'],
  ['sendUri', 'Send-URI'],
  ['getPrinterAttributes', 'Get-Printer-Attributes'],
  ['cancelMyJobs', 'Cancel-My-Jobs'],
  ['pausePrinterAfterCurrentJob', 'Pause-Printer-After-Current-Job'],
];

test('operations have their registered names, vendors their numbers', (t) => {
  for (const [key, name] of OPERATIONS) t.is(operationName(Operation[key]), name);
  t.is(operationName(0x4001), '0x4001');
  t.is(operationName(0), '0x0000');
});

test('only Print-Job and Send-Document are followed by a document; of unknown operations nobody knows', (t) => {
  t.false(hasNoDocument(Operation.printJob));
  t.false(hasNoDocument(Operation.sendDocument));
  t.true(hasNoDocument(Operation.createJob));
  t.true(hasNoDocument(Operation.validateJob));
  t.false(hasNoDocument(0x4029));
});

test('statuses have their registered names, vendors their numbers', (t) => {
  t.is(statusName(Status.successfulOk), 'successful-ok');
  t.is(statusName(0x0001), 'successful-ok-ignored-or-substituted-attributes');
  t.is(statusName(0x040b), 'client-error-attributes-or-values-not-supported');
  t.is(statusName(0x0503), 'server-error-version-not-supported');
  t.is(statusName(0x0480), '0x0480');
});

test('success is a class of codes', (t) => {
  t.true(isSuccessful(0x0000));
  t.true(isSuccessful(0x00ff));
  t.false(isSuccessful(0x0100));
  t.false(isSuccessful(0x0400));
});

test('enum values have their registered keywords, vendors their numbers', (t) => {
  t.is(enumName(JobState, JobState.pendingHeld), 'pending-held');
  t.is(enumName(JobState, 9), 'completed');
  t.is(enumName(PrinterState, 3), 'idle');
  t.is(enumName(Orientation, 6), 'reverse-portrait');
  t.is(enumName(PrintQuality, 5), 'high');
  t.is(enumName(Finishing, 94), 'fold-half-z');
  t.is(enumName(Finishing, 0x40000001), '1073741825');
});

// The recipe itself: it starts, answers ipptool, and leaves nothing behind.
import { stat } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from './ippeveprinter.ts';
import { PeerProcess } from './process.ts';
import { findProgram, peerTest, programPath } from './require-peer.ts';

const peer = peerTest(test, [...IPPEVEPRINTER_PROGRAMS, 'ipptool']);

peer('ippeveprinter starts, answers ipptool, and stops without a trace', async (t) => {
  const printer = await startIppEvePrinter();
  t.teardown(() => printer.stop());
  const tool = PeerProcess.start(programPath('ipptool'), ['-tv', printer.uri, 'get-printer-attributes.test']);
  t.is(await tool.exit(), 0, tool.output);
  t.regex(tool.output, /printer-state \(enum\) = idle/);
  t.deepEqual(await printer.documents(), []);

  await printer.stop();
  await t.throwsAsync(stat(printer.spool), { code: 'ENOENT' });
});

test('a program that is nowhere is not found', (t) => {
  t.is(findProgram('holdfast-no-such-program'), undefined);
  t.throws(() => programPath('holdfast-no-such-program'), { message: /not installed/ });
});

test('a missing program skips its tests by name, and fails them where peers are required', (t) => {
  const calls: [string, string][] = [];
  const declare = Object.assign((title: string) => calls.push(['run', title]), {
    skip: (title: string) => calls.push(['skip', title]),
  });
  const before = process.env['REQUIRE_PEERS'];
  t.teardown(() => restore(before));

  delete process.env['REQUIRE_PEERS'];
  peerTest(declare, ['sh', 'holdfast-no-such-program'])('prints', (each: ExecutionContext) => each.pass());
  process.env['REQUIRE_PEERS'] = '1';
  peerTest(declare, ['sh', 'holdfast-no-such-program'])('prints', (each: ExecutionContext) => each.pass());
  peerTest(declare, ['sh'])('runs', (each: ExecutionContext) => each.pass());

  t.deepEqual(calls, [
    ['skip', 'prints (not installed: holdfast-no-such-program)'],
    ['run', 'prints'],
    ['run', 'runs'],
  ]);
});

function restore(value: string | undefined): void {
  if (value === undefined) delete process.env['REQUIRE_PEERS'];
  else process.env['REQUIRE_PEERS'] = value;
}

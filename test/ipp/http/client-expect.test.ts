// Expect: 100-continue, with printers that ask for the body, that say nothing, that cannot, and that refuse.
import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { answer } from '../../../ipp/vocabulary/messages.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { ManualClock } from '../../manual-clock.ts';
import { newClient, SEND_DOCUMENT, TestDocument } from './client-helpers.ts';
import { okOctets, startRawPrinter } from './raw-printer.ts';

test('a printer that asks for the body gets it then', async (t) => {
  const document = new TestDocument('%PDF');
  let askedBefore = -1;
  const printer = await startRawPrinter(t, async (connection) => {
    const head = await connection.head();
    askedBefore = /^expect: 100-continue\r$/im.test(head) ? document.asked : -1;
    connection.write('HTTP/1.1 100 Continue\r\n\r\n');
    await connection.body(head);
    connection.write(okOctets());
  });
  const clock = new ManualClock();
  const answered = await newClient(t, printer.uri, { clock }).request(SEND_DOCUMENT, {
    document,
    expectContinue: true,
  });
  t.is(answered.code, Status.successfulOk);
  t.is(askedBefore, 0);
  t.is(clock.pending, 0, 'no timer is left');
});

test('a printer that says nothing of Expect gets the body after the time for it', async (t) => {
  const clock = new ManualClock();
  const document = new TestDocument('%PDF');
  const seen = Promise.withResolvers<void>();
  const printer = await startRawPrinter(t, async (connection) => {
    const head = await connection.head();
    seen.resolve();
    await connection.body(head);
    connection.write(okOctets());
  });
  const answered = newClient(t, printer.uri, { clock }).request(SEND_DOCUMENT, {
    document,
    expectContinue: true,
  });
  await seen.promise;
  clock.advance(999);
  await turn();
  t.is(document.asked, 0);
  clock.advance(1);
  t.is((await answered).code, Status.successfulOk);
});

test('a printer that cannot take Expect is asked again without', async (t) => {
  const heads: string[] = [];
  const printer = await startRawPrinter(t, async (connection, number) => {
    const head = await connection.head();
    heads.push(head);
    if (number === 1) return connection.write('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n');
    await connection.body(head);
    connection.write(okOctets());
  });
  const answered = await newClient(t, printer.uri).request(SEND_DOCUMENT, {
    document: new TestDocument('%PDF'),
    expectContinue: true,
  });
  t.is(answered.code, Status.successfulOk);
  t.deepEqual(
    heads.map((head) => /^expect:/im.test(head)),
    [true, false],
  );
});

test('a printer that refuses instead of asking for the body never sees the document', async (t) => {
  const busy = encodeMessage(
    answer({ version: { major: 2, minor: 0 }, requestId: 1 }, Status.serverErrorBusy),
  );
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.head();
    connection.write(okOctets('', busy));
  });
  const document = new TestDocument('%PDF');
  const answered = await newClient(t, printer.uri).request(SEND_DOCUMENT, { document, expectContinue: true });
  t.is(answered.code, Status.serverErrorBusy);
  t.is(document.asked, 0);
});

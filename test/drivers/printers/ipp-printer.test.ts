// The driver against a real printer program; what that cannot show is in the fault tests.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Seconds } from '../../../base/units.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import { printerDriverContract, RecordedJob } from '../../contracts/printer-driver.ts';
import { CUPS_PROGRAMS, type Cups, startCups } from '../../peers/cups.ts';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from '../../peers/ippeveprinter.ts';
import { peerTest } from '../../peers/require-peer.ts';
import { TcpSink } from '../../simulators/tcp-sink.ts';

const peer = peerTest(test, IPPEVEPRINTER_PROGRAMS);
const never = new AbortController().signal;

function driverFor(uri: string): IppPrinter {
  return new IppPrinter({ uri, answerTime: Seconds(10), stallTime: Seconds(60), clock: systemClock });
}

printerDriverContract(peer as typeof test, 'ippeveprinter', async (t) => {
  const printer = await startIppEvePrinter();
  t.teardown(() => printer.stop());
  const driver = driverFor(printer.uri);
  t.teardown(() => driver.close());
  return {
    driver,
    format: 'application/pdf',
    printed: async () => Promise.all((await printer.documents()).map((path) => readFile(path))),
  };
});

const cupsPeer = peerTest(test, CUPS_PROGRAMS);
let cups: Promise<Cups> | undefined;
let queues = 0;
test.after.always(async () => (await cups)?.stop());

printerDriverContract(cupsPeer as typeof test, 'a CUPS queue', async (t) => {
  const sink = await TcpSink.start();
  t.teardown(() => sink.stop());
  cups ??= startCups();
  const { command, port } = await cups;
  const name = `printer-${++queues}`;
  await command('lpadmin', '-p', name, '-E', '-v', `socket://127.0.0.1:${sink.port}`);
  const driver = driverFor(`ipp://127.0.0.1:${port}/printers/${name}`);
  t.teardown(() => driver.close());
  return { driver, format: 'application/pdf', printed: async () => [...sink.documents] };
});

peer('over TLS: prints with the key that it has, nothing with another', async (t) => {
  await using printer = await startIppEvePrinter();
  const uri = printer.uri.replace('ipp:', 'ipps:');
  const options = { uri, answerTime: Seconds(10), stallTime: Seconds(60), clock: systemClock };
  const wrong = new IppPrinter({ ...options, key: 'ab'.repeat(32) });
  await t.throwsAsync(wrong.status(never), { code: 'wrong-key' });
  const refused = await wrong.print(new RecordedJob('application/pdf'), never);
  t.like(refused, { outcome: 'not-printed', trouble: { reason: 'wrong-key' } });
  t.deepEqual(await printer.documents(), []);
  const key = /shows the key ([0-9a-f]{64})/.exec('trouble' in refused ? refused.trouble.detail : '')?.[1];
  const right = new IppPrinter({ ...options, key: `${key}`.toUpperCase() });
  t.is((await right.print(new RecordedJob('application/pdf'), never)).outcome, 'completed');
  t.is((await printer.documents()).length, 1);
  await Promise.all([wrong.close(), right.close()]);
});

peer('asked to show itself it does so', async (t) => {
  await using printer = await startIppEvePrinter();
  const driver = driverFor(printer.uri);
  t.deepEqual([...(await driver.identify(never))].sort(), ['display', 'sound']);
  while (!printer.log().includes('Identify-Printer successful-ok')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await driver.close();
});

peer('its description is whole', async (t) => {
  await using printer = await startIppEvePrinter();
  const driver = driverFor(printer.uri);
  const { description } = await driver.status(never);
  t.deepEqual(description.formats, ['application/pdf', 'image/jpeg', 'image/pwg-raster']);
  t.true(description.sides.includes('two-sided-long-edge'));
  t.true(description.media.length > 5);
  t.true(description.media.every((media) => media.width > 0 && media.length > 0));
  t.true(description.pwgRaster !== undefined && description.pwgRaster.types.length > 0);
  t.regex(description.uuid ?? '', /^urn:uuid:/);
  await driver.close();
});

peer('a printer that takes one job at a time is busy for the second', async (t) => {
  const slow = await startIppEvePrinter({ command: join(import.meta.dirname, 'slow-printer.sh') });
  t.teardown(() => slow.stop());
  const [first, second] = [driverFor(slow.uri), driverFor(slow.uri)];
  const job = new RecordedJob('application/pdf');
  const printing = first.print(job, never);
  while (job.sent === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const result = await second.print(new RecordedJob('application/pdf'), never);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'busy' } });
  t.is((await printing).outcome, 'completed');
});

test('a printer that is off is out of reach', async (t) => {
  const driver = driverFor('ipp://127.0.0.1:1/ipp/print');
  await t.throwsAsync(driver.status(never), { code: 'unreachable' });
  const result = await driver.print(new RecordedJob('application/pdf'), never);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'unreachable' } });
  await driver.close();
});

// The main job, end to end, with real programs: CUPS prints, Chromium types the code, the printer gets the same octets.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { samplePdf } from '../../daemon/demo/sample.ts';
import { Chromium } from '../peers/chromium.ts';
import { CUPS_PROGRAMS, startCups } from '../peers/cups.ts';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from '../peers/ippeveprinter.ts';
import { peerTest } from '../peers/require-peer.ts';
import { RecordingProxy } from '../simulators/recording-proxy.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

/** The far end of a print. */
interface Target {
  readonly uri: string;
  /** Keys of the printer in the YAML, beside its URI. */
  readonly more: string;
  documents(): Promise<readonly Buffer[]>;
}

const TARGETS: Readonly<Record<string, (t: ExecutionContext, folder: string) => Promise<Target>>> = {
  async ippeveprinter(t) {
    const printer = await startIppEvePrinter();
    t.teardown(() => printer.stop());
    const documents = async () => Promise.all((await printer.documents()).map((path) => readFile(path)));
    return { uri: printer.uri, more: '', documents };
  },
  async 'a raw TCP sink'(t) {
    const sink = await TcpSink.start();
    t.teardown(() => sink.stop());
    return {
      uri: `socket://127.0.0.1:${sink.port}`,
      more: 'formats: [application/pdf]',
      documents: async () => sink.documents,
    };
  },
  async 'a folder'(_t, folder) {
    const output = join(folder, 'output');
    const documents = async () => {
      const names = await readdir(output).catch(() => []);
      return Promise.all(names.map((name) => readFile(join(output, name))));
    };
    return { uri: `file://${output}`, more: 'formats: [application/pdf]', documents };
  },
};

const peer = peerTest(test, [...CUPS_PROGRAMS, ...IPPEVEPRINTER_PROGRAMS, 'chromium']);

for (const [name, start] of Object.entries(TARGETS)) {
  peer(`lp → held → code at the panel → ${name}, octet for octet`, async (t) => {
    const folder = await temporaryFolder(t);
    const target = await start(t, folder);
    const gateway = await startGateway(t, folder, target);
    await using proxy = await RecordingProxy.start(gateway.ipp);

    await printWithCups(t, folder, `ipp://localhost:${proxy.port}/ipp/print`);
    const accepted = await gateway.logged('job accepted');
    t.is(accepted['format'], 'application/pdf');
    t.deepEqual(await target.documents(), [], 'held');

    await releaseAtPanel(t, gateway, name);
    await gateway.logged('job was printed');
    const [sent] = proxy.documents;
    const [received, ...others] = await target.documents();
    t.is(others.length, 0);
    t.true(sent !== undefined && received?.equals(sent));
    t.true(received?.includes('%PDF-'));
  });
}

async function startGateway(t: ExecutionContext, folder: string, target: Target): Promise<GatewayProcess> {
  const config = `
queues:
  print: { claimed-names: trust, unowned-jobs: claimable }
printers:
  mfp: { uri: "${target.uri}", info: The printer, location: here, ${target.more} }
panels:
  here: { printer: mfp, addresses: [127.0.0.0/8], language: en }
`;
  const gateway = await GatewayProcess.start(t, folder, config);
  const people = join(folder, 'people.csv');
  await writeFile(
    people,
    'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\nroot@example.org,CREATE,root,Ada Root,135790\n',
  );
  const imported = await gateway.holdfast('people', 'import', people);
  t.is(imported.stdout, '1 created, 0 updated, 0 deleted, 0 unchanged\n', imported.stderr);
  return gateway;
}

/** What the README says: `lpadmin -m everywhere`, `lp`. */
async function printWithCups(t: ExecutionContext, folder: string, uri: string): Promise<void> {
  await using cups = await startCups();
  await cups.command('lpadmin', '-p', 'holdfast', '-E', '-v', uri, '-m', 'everywhere');
  const file = join(folder, 'Payslip.pdf');
  await writeFile(file, await samplePdf());
  await cups.command('lp', '-d', 'holdfast', '-t', 'Payslip November', file);
  // Held jobs are done for CUPS: its queue must be free for the next one.
  while ((await cups.command('lpstat', '-o')) !== '')
    await new Promise((resolve) => setTimeout(resolve, 100));
  t.regex(await cups.command('lpstat', '-p', 'holdfast'), /is idle/);
}

async function releaseAtPanel(t: ExecutionContext, gateway: GatewayProcess, target: string): Promise<void> {
  await using chromium = await Chromium.start({ viewport: { width: 800, height: 480 } });
  const page = await chromium.context.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  await page.goto(`http://${gateway.web}/panel/here`);
  await page.locator('#screen-code:not(.gone)').waitFor();
  // As fingers do: all at once it would be a badge.
  await page.keyboard.type('135790', { delay: 70 });
  await page.keyboard.press('Enter');
  await page.getByText('Payslip November').waitFor();
  await page.locator('#print').click();
  await page.locator('#screen-printing:not(.gone)').waitFor();
  await page
    .getByText(target === 'a raw TCP sink' ? /sent to the printer|delivered/i : /printed/i)
    .first()
    .waitFor();
  await page.screenshot({ path: `artifacts/main-job-${target.replaceAll(' ', '-')}.png` });
  t.deepEqual(failures, []);
}

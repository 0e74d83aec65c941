// When a printer fails: the job is held again, the panel says so in plain words, and nothing comes out twice by itself.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { Chromium } from '../peers/chromium.ts';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from '../peers/ippeveprinter.ts';
import { peerTest } from '../peers/require-peer.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const SLOW = join(import.meta.dirname, '../drivers/printers/slow-printer.sh');

interface Trouble {
  /** Of the printer in the YAML. */
  readonly printer: string;
  /** What came out, however much of it. */
  printed(): number;
  /** Brings the printer into trouble once the gateway is up. */
  begin(): Promise<void>;
}

interface Row {
  readonly start: (t: ExecutionContext) => Promise<Trouble>;
  /** What the panel says. */
  readonly says: RegExp;
  readonly trouble: string;
}

const nothing = async () => {};

const ROWS: Readonly<Record<string, Row>> = {
  off: {
    async start() {
      return { printer: 'uri: "ipp://127.0.0.1:1/ipp/print"', printed: () => 0, begin: nothing };
    },
    says: /switched off or cannot be reached/,
    trouble: 'not-printed: unreachable at mfp',
  },
  busy: {
    async start(t) {
      const eve = await startIppEvePrinter({ command: SLOW });
      t.teardown(() => eve.stop());
      // Somebody else prints, one job after the other.
      const begin = async () => {
        const client = new PrintClient(`localhost:${eve.port}`);
        t.teardown(() => client[Symbol.dispose]());
        let over = false;
        t.teardown(() => {
          over = true;
        });
        const occupy = async (): Promise<void> => {
          await client.print(documentStream(2000)).catch(() => {});
          if (!over) return occupy();
        };
        await client.print(documentStream(2000));
        void occupy();
      };
      return { printer: `uri: "${eve.uri}"`, printed: () => 0, begin };
    },
    says: /busy with something else/,
    trouble: 'not-printed: busy at mfp',
  },
  refusing: {
    async start(t) {
      // Another gateway as a printer: it takes no jobs of people that it does not know.
      const other = await GatewayProcess.start(
        t,
        await temporaryFolder(t),
        `
queues: { print: { claimed-names: trust } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test", formats: [application/pdf] } }
limits: { free-disk-floor: 1 MiB }
`,
      );
      return { printer: `uri: "ipp://${other.ipp}/ipp/print"`, printed: () => 0, begin: nothing };
    },
    says: /refused the document/,
    trouble: 'not-printed: refused at mfp',
  },
  'cut in the middle': {
    async start(t) {
      const sink = await TcpSink.start({ cutAfter: 100_000 });
      t.teardown(() => sink.stop());
      const printer = `uri: "socket://127.0.0.1:${sink.port}", formats: [application/pdf]`;
      return { printer, printed: () => sink.connections, begin: nothing };
    },
    says: /Check what came out/i,
    trouble: 'unknown: cut at mfp',
  },
};

const peer = peerTest(test, [...IPPEVEPRINTER_PROGRAMS, 'chromium']);

for (const [name, row] of Object.entries(ROWS)) {
  peer(`a printer that is ${name}: held again, and the panel says what happened`, async (t) => {
    const trouble = await row.start(t);
    const folder = await temporaryFolder(t);
    const gateway = await startGateway(t, folder, trouble.printer);
    using client = new PrintClient(gateway.ipp);
    await client.print(documentStream(8_000_000), 'Payslip');
    await trouble.begin();
    await using chromium = await Chromium.start({ viewport: { width: 800, height: 480 } });
    const page = await chromium.context.newPage();
    await releaseAll(page, gateway);
    // The list behind it, which is not shown, says it too.
    await page.getByText(row.says).filter({ visible: true }).first().waitFor({ timeout: 60_000 });
    await page.screenshot({ path: `artifacts/printer-${name.replaceAll(' ', '-')}.png` });
    await gateway.logged('job was not printed');
    const { stdout } = await gateway.holdfast('jobs', 'list', '--json');
    t.like(JSON.parse(stdout).jobs[0], { 'job-state': 'pending-held', trouble: row.trouble });
    t.true(trouble.printed() <= 1, 'sent once');
    t.is(await gateway.kill('SIGTERM'), 0);
    t.true(trouble.printed() <= 1, 'and not again');
  });
}

async function startGateway(t: ExecutionContext, folder: string, printer: string): Promise<GatewayProcess> {
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues: { print: { claimed-names: trust, unowned-jobs: claimable } }
printers: { mfp: { ${printer} } }
panels: { here: { printer: mfp, addresses: [127.0.0.0/8], language: en } }
limits: { free-disk-floor: 1 MiB, printer-busy-time: 3 s }
`,
  );
  const people = join(folder, 'people.csv');
  await writeFile(
    people,
    'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\nada@example.org,CREATE,ada,Ada,135790\n',
  );
  await gateway.holdfast('people', 'import', people);
  return gateway;
}

async function releaseAll(page: Page, gateway: GatewayProcess): Promise<void> {
  await page.goto(`http://${gateway.web}/panel/here`);
  await page.locator('#screen-code:not(.gone)').waitFor();
  // As fingers do: all at once it would be a badge.
  await page.keyboard.type('135790', { delay: 70 });
  await page.keyboard.press('Enter');
  await page.getByText('Payslip').waitFor();
  await page.locator('#print').click();
}

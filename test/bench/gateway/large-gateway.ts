/** A gateway with many people, held jobs and panels, in a process of its own, filled through its own doors. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { statusName } from '../../../ipp/vocabulary/status.ts';
import { GatewayProcess } from '../../daemon/gateway-process.ts';
import { PrintClient } from '../../daemon/print-client.ts';

export interface LargeGateway extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  /** Of the person with that number, from 0. */
  cardOf(person: number): string;
  codeOf(person: number): string;
}

export interface Size {
  readonly people: number;
  readonly held: number;
  /** Jobs of each of the people who have any: the first ones. */
  readonly each: number;
  /** `panel-0` and on. */
  readonly panels: number;
}

/** Print clients at once. */
const CLIENTS = 8;

export async function startLargeGateway(size: Size, say: (line: string) => void): Promise<LargeGateway> {
  await using unwind = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  unwind.defer(() => rm(folder, { recursive: true, force: true }));
  const t = { teardown: (run: () => void) => unwind.defer(run) };
  const gateway = await GatewayProcess.start(t, folder, configOf(folder, size), ['--expose-gc']);
  unwind.defer(async () => {
    await gateway.kill('SIGKILL');
  });
  const cards = randomBytes(4).toString('hex').toUpperCase();
  const cardOf = (person: number) => `${cards}${person.toString(16).toUpperCase().padStart(6, '0')}`;
  const codeOf = (person: number) => String(314_159_265 + person * 7919).padStart(10, '0');
  const file = join(folder, 'people.csv');
  await writeFile(file, csvOf(size.people, cardOf, codeOf));
  const imported = await gateway.holdfast('people', 'import', file);
  if (imported.code !== 0) throw new Error(imported.stderr);
  say(`${size.people} people are in`);
  await print(gateway, size);
  say(`${size.held} jobs are held`);
  const kept = unwind.move();
  return { gateway, cardOf, codeOf, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function configOf(folder: string, { people, held, panels }: Size): string {
  const most = Math.max(people, held) * 2;
  const jobs = ['person', 'address', 'token', 'queue'].map((whose) => `  jobs-per-${whose}: ${most}\n`);
  const bytes = ['person', 'address', 'token', 'queue'].map((whose) => `  bytes-per-${whose}: 10 GiB\n`);
  const names = Array.from({ length: panels }, (_, panel) => `panel-${panel}`);
  return `
  log: { level: info }
  discovery: { announce: false }
queues:
  print: { claimed-names: trust }
printers:
  folder: { uri: file://${join(folder, 'out')} }
codes: { accept-risk: true }
limits:
  jobs: ${most}
  connections: 5000
  connections-per-address: 5000
${jobs.join('')}${bytes.join('')}
panels:
${names.map((name) => `  ${name}: { printer: folder, addresses: [127.0.0.1, "::1"]}\n`).join('')}`;
}

function csvOf(people: number, cardOf: (person: number) => string, codeOf: (person: number) => string) {
  const header =
    'EMAIL,OPERATION,PASSWORD,FIRST_NAME,LAST_NAME,DISPLAY_NAME,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,COST_CENTER,DEPARTMENT,CARD,CODE,PIN';
  const rows = Array.from({ length: people }, (_, person) => {
    const name = `user${person}`;
    return `${name}@example.org,CREATE,,Given,${name},Given ${name},${name},,,,,${cardOf(person)},${codeOf(person)},`;
  });
  return [header, ...rows, ''].join('\n');
}

/** Of a format whose pages nobody counts, which would take an hour. */
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2000, 'x')]);

async function* jpeg(): AsyncGenerator<Uint8Array> {
  yield JPEG;
}

async function print(gateway: GatewayProcess, { held, each }: Size): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      using client = new PrintClient(gateway.ipp);
      for (let job = next++; job < held; job = next++) {
        const attributes = { 'job-name': `Document ${job}`, 'document-format': 'image/jpeg' } as const;
        const user = `user${Math.floor(job / each)}`;
        const { code } = await client.ask(Operation.printJob, attributes, user, { chunks: jpeg });
        if (code >= 0x0100) throw new Error(`not printed: ${statusName(code)}`);
      }
    }),
  );
}

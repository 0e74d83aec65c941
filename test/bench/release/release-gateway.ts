/** A gateway before some printers, a panel and a person for each: what is held for them is released as people do it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { statusName } from '../../../ipp/vocabulary/status.ts';
import { GatewayProcess } from '../../daemon/gateway-process.ts';
import { Panel } from '../../daemon/panel-screen.ts';
import { PrintClient } from '../../daemon/print-client.ts';

export interface ReleaseGateway extends AsyncDisposable {
  /** Prints as the person of that number, whose job is held. */
  hold(person: number, document: () => AsyncGenerator<Uint8Array>): Promise<void>;
  /** Of the printer of that number. */
  panel(printer: number): Promise<Panel>;
  codeOf(person: number): string;
}

/** @param printers their URIs. */
export async function startReleaseGateway(printers: readonly string[]): Promise<ReleaseGateway> {
  await using unwind = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  unwind.defer(() => rm(folder, { recursive: true, force: true }));
  const t = { teardown: (run: () => void) => unwind.defer(run) };
  const gateway = await GatewayProcess.start(t, folder, configOf(printers));
  unwind.defer(async () => {
    await gateway.kill('SIGKILL');
  });
  const codeOf = (person: number) => String(314_159_265 + person * 7919).padStart(10, '0');
  const file = join(folder, 'people.csv');
  await writeFile(file, csvOf(printers.length, codeOf));
  const imported = await gateway.holdfast('people', 'import', file);
  if (imported.code !== 0) throw new Error(imported.stderr);
  const client = unwind.use(new PrintClient(gateway.ipp));
  const kept = unwind.move();
  return {
    async hold(person, chunks) {
      // Of a format whose pages nobody counts, so that nothing else runs.
      const attributes = { 'job-name': 'Document', 'document-format': 'image/jpeg' } as const;
      const { code } = await client.ask(Operation.printJob, attributes, `user${person}`, { chunks });
      if (code >= 0x0100) throw new Error(`not printed: ${statusName(code)}`);
    },
    panel: (printer) => Panel.open(gateway.web, `panel-${printer}`),
    codeOf,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function configOf(printers: readonly string[]): string {
  const formats = (uri: string) => (uri.startsWith('socket:') ? ', formats: [image/jpeg]' : '');
  return `
  log: { level: info }
  discovery: { announce: false }
queues:
  print: { claimed-names: trust }
codes: { accept-risk: true }
printers:
${printers.map((uri, number) => `  printer-${number}: { uri: "${uri}"${formats(uri)} }\n`).join('')}
panels:
${printers.map((_, number) => `  panel-${number}: { printer: printer-${number}, addresses: [127.0.0.1, "::1"] }\n`).join('')}`;
}

function csvOf(people: number, codeOf: (person: number) => string): string {
  const header =
    'EMAIL,OPERATION,PASSWORD,FIRST_NAME,LAST_NAME,DISPLAY_NAME,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,COST_CENTER,DEPARTMENT,CARD,CODE,PIN';
  const rows = Array.from({ length: people }, (_, person) => {
    const name = `user${person}`;
    return `${name}@example.org,CREATE,,Given,${name},Given ${name},${name},,,,,,${codeOf(person)},`;
  });
  return [header, ...rows, ''].join('\n');
}

/** A gateway before some printers, a panel and a person for each: what is held for them is released as people do it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { statusName } from '../../../ipp/vocabulary/status.ts';
import { GatewayProcess } from '../../daemon/gateway-process.ts';
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

interface Told {
  readonly type: string;
  readonly re?: number;
  readonly outcome?: string;
  readonly jobs?: readonly { readonly 'job-id': number; readonly 'job-state': string }[];
  readonly session?: string;
}

/** A panel's screen, as its page would be. */
export class Panel implements Disposable {
  readonly #socket: WebSocket;
  #id = 0;
  #hear: (message: Told) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    // One listener of its end for each question.
    socket.setMaxListeners(0);
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
  }

  static async open(host: string, name: string): Promise<Panel> {
    const socket = new WebSocket(`ws://${host}/panel/${name}/socket`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const panel = new Panel(socket);
    await panel.#until({ type: 'hello', versions: [1] }, ({ type }) => type === 'session');
    return panel;
  }

  /** @returns the jobs that the person has. */
  async signIn(code: string): Promise<number[]> {
    const { jobs = [] } = await this.#until(
      { type: 'credential', kind: 'code', value: code },
      ({ type }) => type === 'jobs',
    );
    return jobs.map((job) => job['job-id']);
  }

  /** Resolves when the job has come to its end. @returns of `performance.now()`: when the touch was sent */
  release(job: number): { readonly at: number; readonly over: Promise<void> } {
    const key = randomBytes(12).toString('hex');
    const over = this.#until(
      { type: 'release', key, 'job-ids': [job] },
      ({ type }) => type === 'outcome',
    ).then(({ outcome }) => {
      if (outcome !== 'completed' && outcome !== 'delivered')
        throw new Error(`the release ended: ${outcome}`);
    });
    return { at: performance.now(), over };
  }

  async signOut(): Promise<void> {
    await this.#until({ type: 'logout' }, ({ session }) => session === 'idle');
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #until(message: object, last: (told: Told) => boolean): Promise<Told> {
    return new Promise((resolve, reject) => {
      this.#socket.once('close', () => reject(new Error('the gateway closed the connection')));
      this.#hear = (told) => {
        if (told.type === 'error') reject(new Error(JSON.stringify(told)));
        else if (last(told)) resolve(told);
      };
      this.#socket.send(JSON.stringify({ id: ++this.#id, ...message }));
    });
  }
}

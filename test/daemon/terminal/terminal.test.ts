// `holdfast terminal` against the real gateway: enrolled by its number, then a keypad of its own or the reader of a page;
// and the protocol's conformance suite over every transport.
// One after the other: many gateways that start at once are late on a busy machine.
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { WebSocket } from 'ws';
import { conformance } from '../../../panel-protocol/conformance/suite.ts';
import { documentStream } from '../../simulators/document-stream.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ENVIRONMENT, FLAGS, GatewayProcess, LAUNCHER } from '../gateway-process.ts';
import { PrintClient } from '../print-client.ts';

const config = (folder: string) => `
queues:
  print: { claimed-names: trust }
printers:
  desk: { uri: "file://${folder}/out" }
panels:
  desk: { printer: desk, addresses: [127.0.0.1] }
codes: { accept-risk: true }
limits: { free-disk-floor: 1 MiB }
`;
const CODE = '48213';
const CARD = '04A1B2C3D4E5F6';

/** A gateway with one person, who holds that many jobs. */
async function start(t: ExecutionContext, jobs: number): Promise<GatewayProcess> {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, config(folder));
  const people = join(folder, 'people.csv');
  const header =
    'EMAIL,OPERATION,PASSWORD,FIRST_NAME,LAST_NAME,DISPLAY_NAME,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,COST_CENTER,DEPARTMENT,CARD,CODE,PIN';
  await writeFile(
    people,
    `${header}\nada@example.org,CREATE,,Ada,Byron,Ada Byron,ada,,,,,${CARD},${CODE},\n`,
  );
  const imported = await gateway.holdfast('people', 'import', people);
  t.is(imported.code, 0, imported.stderr);
  using client = new PrintClient(gateway.ipp);
  for (let job = 1; job <= jobs; job++) await client.print(documentStream(1000, job), `Letter ${job}`);
  return gateway;
}

class Terminal {
  readonly #child;
  readonly #exit: Promise<unknown>;
  shown = '';
  #wake = () => {};
  #over = false;

  constructor(t: ExecutionContext, gateway: GatewayProcess, ...options: string[]) {
    const port = gateway.web.split(':')[1];
    const words = ['terminal', '--gateway', `https://127.0.0.1:${port}`, ...options];
    this.#child = spawn(process.execPath, [...FLAGS, LAUNCHER, ...words], { env: ENVIRONMENT });
    t.teardown(() => this.#child.kill('SIGKILL'));
    const hear = (chunk: Buffer) => {
      this.shown += chunk;
      this.#wake();
    };
    this.#child.stdout.on('data', hear);
    this.#child.stderr.on('data', hear);
    this.#exit = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        this.#over = true;
        this.#wake();
        resolve(code);
      });
    });
  }

  type(text: string): void {
    this.#child.stdin.write(`${text}\n`);
  }

  end(): Promise<unknown> {
    this.#child.stdin.end();
    return this.#exit;
  }

  async see(wanted: RegExp): Promise<RegExpExecArray> {
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    try {
      for (;;) {
        const found = wanted.exec(this.shown);
        if (found !== null) return found;
        if (this.#over) throw new Error(`ended before ${wanted}: ${this.shown}`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(late);
    }
  }
}

async function approve(t: ExecutionContext, gateway: GatewayProcess, terminal: Terminal): Promise<void> {
  const [, number = ''] = await terminal.see(/panels approve (\d+)/);
  const approved = await gateway.holdfast('panels', 'approve', number, '--name', 'desk');
  t.is(approved.code, 0, approved.stderr);
  await terminal.see(/is the panel "desk"/);
}

test.serial('a keypad with two lines is enrolled, prints, keeps its key, until it is revoked', async (t) => {
  const gateway = await start(t, 2);
  const file = join(gateway.folder, 'terminal.json');
  const terminal = new Terminal(t, gateway, '--identity', file);
  await approve(t, gateway, terminal);
  t.is((await stat(file)).mode & 0o777, 0o600);
  await terminal.see(/desk\nCode, then Enter/);
  terminal.type('99999');
  await terminal.see(/Unknown code/);
  terminal.type(CODE);
  await terminal.see(/Ada Byron: 2\nEnter prints/);
  terminal.type('');
  await terminal.see(/2 printed/);
  terminal.type('*');
  await terminal.see(/2 printed[\s\S]*Code, then Enter/);
  t.is(await terminal.end(), 0);

  const again = new Terminal(t, gateway, '--identity', file);
  await again.see(/Code, then Enter/);
  t.notRegex(again.shown, /approve/);
  const key = JSON.parse(await readFile(file, 'utf8')).key;
  const listed = await gateway.holdfast('panels', 'show', 'desk', '--json');
  const device = /"(?:id|device)":\s*"([^"]+)"/.exec(listed.stdout)?.[1] ?? 'none';
  t.is((await gateway.holdfast('panels', 'revoke', device)).code, 0, listed.stdout);
  await again.see(/Gateway not reached/);
  t.false(gateway.output.includes(key), 'the key is in the log');
});

test.serial('of two keypads of one panel the newer has it, until the other is used', async (t) => {
  const gateway = await start(t, 1);
  const [first, second] = ['first', 'second'].map(
    (name) => new Terminal(t, gateway, '--identity', join(gateway.folder, `${name}.json`)),
  ) as [Terminal, Terminal];
  await approve(t, gateway, first);
  await first.see(/Code, then Enter/);
  await approve(t, gateway, second);
  await second.see(/Code, then Enter/);
  await first.see(/Used elsewhere now\nEnter: use it here/);
  second.type(CODE);
  await second.see(/Ada Byron: 1/);
  first.type('');
  await second.see(/Used elsewhere now/);
  await first.see(/elsewhere[\s\S]*Code, then Enter/);
  first.type(CODE);
  await first.see(/Ada Byron: 1/);
  const times = () =>
    gateway.log.filter(({ event, panel }) => event === 'panel connected' && panel === 'desk').length;
  // What the terminal shows may be there before the line of the log.
  await gateway.logged('panel connected', () => times() >= 3);
  t.is(times(), 3, 'each came when it was asked to');
});

test.serial('a terminal that waits to be approved outlives the gateway, and asks the next', async (t) => {
  const gateway = await start(t, 0);
  const terminal = new Terminal(t, gateway, '--identity', join(gateway.folder, 'terminal.json'));
  const [, number] = await terminal.see(/panels approve (\d+)/);
  await gateway.kill('SIGTERM');
  await terminal.see(/is not reached, and is tried again/);
  const there = `  web: { listen: ["127.0.0.1:${gateway.web.split(':')[1]}"] }`;
  const next = await GatewayProcess.start(t, gateway.folder, `${there}${config(gateway.folder)}`);
  await terminal.see(new RegExp(`panels approve (?!${number})\\d+`));
  const [, again = ''] = terminal.shown.match(/[\s\S]*panels approve (\d+)/) ?? [];
  t.is((await next.holdfast('panels', 'approve', again, '--name', 'desk')).code, 0);
  await terminal.see(/is the panel "desk"/);
});

test.serial('another gateway at the same address gets no key', async (t) => {
  const gateway = await start(t, 0);
  const file = join(gateway.folder, 'terminal.json');
  const terminal = new Terminal(t, gateway, '--identity', file);
  await approve(t, gateway, terminal);
  await terminal.end();
  const identity = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...identity, publicKey: '0'.repeat(64) }));
  const cheated = new Terminal(t, gateway, '--identity', file);
  await cheated.see(/another key than when this terminal was enrolled/);
  t.notRegex(cheated.shown, /Code, then Enter/);
});

test.serial('beside a page, a swipe at the terminal opens the session there', async (t) => {
  const gateway = await start(t, 1);
  const terminal = new Terminal(
    t,
    gateway,
    '--printer-panel',
    '--identity',
    join(gateway.folder, 'terminal.json'),
  );
  await approve(t, gateway, terminal);
  await terminal.see(/connected panel=desk/);
  terminal.type('00FFEE00');
  await terminal.see(/swipe refused code=no-screen/);
  const page = new WebSocket(`ws://${gateway.web}/panel/desk/socket`);
  t.teardown(() => page.terminate());
  const told: string[] = [];
  let wake = () => {};
  page.on('message', (data) => {
    told.push(String(data));
    wake();
  });
  page.on('open', () => page.send('{"type":"hello","id":1,"versions":[1]}'));
  const see = async (wanted: RegExp) => {
    while (!told.some((each) => wanted.test(each))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await see(/"session":"idle"/);
  terminal.type(CARD);
  await see(/"display-name":"Ada Byron"/);
  await see(/"job-name":"Letter 1"/);
  t.notRegex(terminal.shown, /Ada|Letter/);
});

test.serial('the conformance suite passes over every transport', async (t) => {
  const gateway = await start(t, 2);
  const file = join(gateway.folder, 'terminal.json');
  const terminal = new Terminal(t, gateway, '--identity', file);
  await approve(t, gateway, terminal);
  await terminal.end();
  const { key } = JSON.parse(await readFile(file, 'utf8'));
  const exported = await gateway.holdfast('certificate', 'export', '-');
  const ca = /-----BEGIN[\s\S]*?-----END CERTIFICATE-----/.exec(exported.stdout)?.[0] ?? '';
  t.truthy(new X509Certificate(ca).publicKey);
  const url = new URL(`https://localhost:${gateway.web.split(':')[1]}/panel/desk`);
  const results = [];
  for await (const result of conformance({ url, key, ca }, CODE)) results.push(result);
  t.deepEqual(
    results.filter(({ outcome }) => outcome !== 'passed'),
    [],
  );
  t.deepEqual([...new Set(results.map(({ transport }) => transport))].sort(), [
    'forms',
    'lines',
    'long-poll',
    'websocket',
  ]);
});

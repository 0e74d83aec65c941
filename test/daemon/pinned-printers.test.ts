// Pins beside the configuration: who serves which queue, who is an impostor, and a fleet that is imported by one approval.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parseConfig } from '../../config/load.ts';
import { judge } from '../../daemon/found-state.ts';
import { LiveConfig } from '../../daemon/live-config.ts';
import { readRows } from '../../daemon/printer-import-file.ts';
import { devicesOf, type FoundDevice } from '../../drivers/discovery/found.ts';
import type { Pin } from '../../drivers/discovery/pins.ts';
import type { ProbeAnswer } from '../../drivers/discovery/probe.ts';
import { FaultyIppPrinter } from '../simulators/faulty-ipp-printer.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

const KEY = 'ab'.repeat(32);
const OTHER_KEY = 'cd'.repeat(32);
const UUID = '11111111-2222-4333-8444-555555555555';
const CONFIG = `
queues:
  any: { unowned-jobs: claimable }
  open: { unowned-jobs: claimable, plaintext: accept }
  few: { unowned-jobs: claimable, printers: [yaml] }
  now: { unowned-jobs: claimable, release: immediately }
printers:
  yaml: { uri: "ipps://10.0.0.1/ipp/print" }
`;
const BY_KEY: Pin = {
  name: 'ward-3',
  uri: 'ipps://10.0.0.3:631/ipp/print',
  key: KEY,
  uuid: UUID,
  pinnedAt: 0,
};
const PLAIN: Pin = { name: 'old', uri: 'ipp://10.0.0.4:631/ipp/print', uuid: UUID, pinnedAt: 0 };

function live(...pins: Pin[]): LiveConfig {
  const made = new LiveConfig(parseConfig(CONFIG, 'f').config);
  made.watchPins(() => pins);
  return made;
}

const printersOf = (config: LiveConfig, queue: string) => config.queues.get(queue)?.printers;

test('a pinned printer serves queues that print anywhere; without TLS only those that accept it', (t) => {
  const config = live(BY_KEY, PLAIN);
  t.deepEqual(printersOf(config, 'any'), ['yaml', 'ward-3']);
  t.deepEqual(printersOf(config, 'open'), ['yaml', 'ward-3', 'old']);
  t.deepEqual(printersOf(config, 'few'), ['yaml']);
  t.deepEqual(printersOf(config, 'now'), ['yaml'], 'it has one printer, and keeps to it');
  t.deepEqual(
    config.printers.map(({ name }) => name),
    ['yaml', 'ward-3', 'old'],
  );
  t.like(config.printers[1], { key: KEY, pinned: 'by-key' });
  t.like(config.printers[2], { expected: { uuid: UUID }, pinned: 'not-verifiable' });
});

test('the configuration wins on an equal name, and gets the key that was pinned for it', (t) => {
  const config = live({ ...BY_KEY, name: 'yaml' });
  t.is(config.printers.length, 1);
  t.like(config.printers[0], { uri: { host: '10.0.0.1' }, key: KEY });
  t.is(live({ ...BY_KEY, name: 'YAML' }).printers.length, 1);
  const only = live({ name: 'gone', key: KEY, pinnedAt: 0 });
  t.is(only.printers.length, 1, 'a key alone is no printer');
});

test('a reload keeps pins, and a printer that comes into the configuration takes over its name', (t) => {
  const config = live(BY_KEY);
  config.replace(parseConfig(CONFIG, 'f').config);
  t.deepEqual(printersOf(config, 'any'), ['yaml', 'ward-3']);
  const more = CONFIG.replace('release: immediately', 'release: immediately, printers: [yaml]');
  config.replace(parseConfig(`${more}  ward-3: { uri: "ipps://10.0.0.9/ipp/print" }\n`, 'f').config);
  t.deepEqual(printersOf(config, 'any'), ['yaml', 'ward-3']);
  t.like(config.printers[1], { uri: { host: '10.0.0.9' }, key: KEY });
  t.is(config.printers[1]?.pinned, undefined);
});

test('a pin that no printer can have is left out, and stops nothing', (t) => {
  const config = live({ ...BY_KEY, location: 'x'.repeat(500) }, PLAIN);
  t.deepEqual(
    config.printers.map(({ name }) => name),
    ['yaml', 'old'],
  );
});

function device(address: string, more: Partial<FoundDevice> & { readonly plain?: true } = {}): FoundDevice {
  const type = more.plain ? '_ipp' : '_ipps';
  const [made] = devicesOf([
    {
      type,
      name: 'Office',
      host: 'eve.local',
      port: 631,
      address,
      onLink: true,
      txt: { formats: [], uuid: UUID },
      heardAt: 0,
    },
  ]);
  return { ...(made as FoundDevice), ...more };
}

const SILENT: ProbeAnswer = { trouble: 'no answer' };
const JUDGED: readonly (readonly [what: string, FoundDevice, ProbeAnswer, Pin[], expected: object])[] = [
  ['nobody knows it', device('10.0.0.9'), { key: KEY }, [], { state: 'quarantine' }],
  ['it has the key', device('10.0.0.3'), { key: KEY }, [BY_KEY], { state: 'pinned', printer: 'ward-3' }],
  [
    'it has the key elsewhere',
    device('10.0.0.9'),
    { key: KEY },
    [BY_KEY],
    { state: 'pinned', printer: 'ward-3' },
  ],
  [
    'it has another key',
    device('10.0.0.3'),
    { key: OTHER_KEY },
    [BY_KEY],
    { state: 'impostor', printer: 'ward-3' },
  ],
  ['it claims the UUID elsewhere', device('10.0.0.9'), { key: OTHER_KEY }, [BY_KEY], { state: 'impostor' }],
  [
    'it claims the UUID without TLS',
    device('10.0.0.9', { plain: true }),
    {},
    [BY_KEY],
    { state: 'impostor' },
  ],
  [
    'it claims the name alone',
    device('10.0.0.9', { uuid: undefined }),
    { key: OTHER_KEY },
    [{ ...BY_KEY, announcedAs: 'Office' }],
    { state: 'impostor' },
  ],
  ['it sleeps at its place', device('10.0.0.3'), SILENT, [BY_KEY], { state: 'pinned' }],
  [
    'it told no address',
    device('10.0.0.9', { address: undefined, uri: undefined }),
    SILENT,
    [BY_KEY],
    { state: 'quarantine' },
  ],
  ['it is silent elsewhere', device('10.0.0.9'), SILENT, [BY_KEY], { state: 'quarantine' }],
  [
    'it is plain, at its place',
    device('10.0.0.4', { plain: true }),
    {},
    [PLAIN],
    { state: 'pinned', printer: 'old' },
  ],
  [
    'it is plain, with another UUID',
    device('10.0.0.4', { plain: true, uuid: KEY.slice(0, 36) }),
    {},
    [PLAIN],
    { state: 'impostor' },
  ],
  ['it is plain, elsewhere', device('10.0.0.9', { plain: true }), {}, [PLAIN], { state: 'impostor' }],
  [
    'the configuration has it',
    device('10.0.0.1'),
    { key: KEY },
    [],
    { state: 'configured', printer: 'yaml' },
  ],
  [
    'the configuration has it, with a pinned key',
    device('10.0.0.1'),
    { key: OTHER_KEY },
    [{ name: 'yaml', key: KEY, pinnedAt: 0 }],
    { state: 'impostor', printer: 'yaml' },
  ],
];

for (const [what, found, answer, pins, expected] of JUDGED) {
  test(`found: ${what}`, (t) => {
    t.like(judge(found, answer, { printers: live(...pins).printers, pins }), expected);
  });
}

async function setUp(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues: { print: { unowned-jobs: claimable, plaintext: accept } }
printers: { yaml: { uri: "ipps://127.0.0.1:1/ipp/print" } }
`,
  );
  const file = join(folder, 'fleet.csv');
  return {
    gateway,
    async run(text: string, ...words: string[]) {
      await writeFile(file, text);
      const { code, stdout, stderr } = await gateway.holdfast('printers', 'import', file, '--json', ...words);
      return { code, stderr, rows: stdout === '' ? [] : JSON.parse(stdout).rows };
    },
    async list() {
      return JSON.parse((await gateway.holdfast('printers', 'list', '--json')).stdout).printers;
    },
    async names() {
      const printers: readonly { name: string; 'known-by': string }[] = await this.list();
      return printers.filter((each) => each['known-by'] === 'pin').map(({ name }) => name);
    },
  };
}

test('a fleet is previewed, pinned as it was shown, and the same file twice changes nothing', async (t) => {
  const sink = await TcpSink.start({});
  t.teardown(() => sink.stop());
  const mute = await FaultyIppPrinter.start();
  t.teardown(() => mute.stop());
  const importer = await setUp(t);
  const { run, gateway } = importer;
  const names = () => importer.names();
  const grouped = KEY.toUpperCase().match(/.{2}/g)?.join(':');
  const text = `\ufeffName;uri;key;location;formats
mfp-1;ipps://10.9.0.1/ipp/print;${grouped};"1st floor; left";
mfp-2;socket://127.0.0.1:${sink.port};;;application/pdf image/urf
`;
  t.regex((await run(text, '--yes')).stderr, /not previewed/);
  const shown = await run(text);
  t.is(shown.code, 0, shown.stderr);
  t.like(shown.rows, [
    { line: 2, printer: 'mfp-1', key: KEY, verifiable: true, change: 'add', problem: null },
    { line: 3, printer: 'mfp-2', key: null, verifiable: false, change: 'add', problem: null },
  ]);
  t.deepEqual(await names(), [], 'nothing yet');
  t.is((await run(text, '--yes')).code, 0);
  t.deepEqual(await names(), ['mfp-1', 'mfp-2']);
  t.like((await run(text)).rows, [{ change: 'none' }, { change: 'none' }]);

  const port = gateway.ipp.split(':')[1];
  const wrong = await run(`NAME,URI,KEY,FORMATS
mfp-1,ipps://10.9.0.7/ipp/print,${KEY},
new,ipps://10.9.0.8/ipp/print,${KEY.slice(1)},
back,ipps://127.0.0.1:${port}/ipp/print,${KEY},
folder,file:///etc,,
../x,ipps://10.9.0.9/ipp/print,${KEY},
off,ipps://127.0.0.1:1/ipp/print,,
socket,socket://10.9.0.10,,
mute,${mute.uri},,
twin,ipps://10.9.0.11/ipp/print,${KEY},
twin,ipps://10.9.0.12/ipp/print,${KEY},
good,ipps://10.9.0.13/ipp/print,${OTHER_KEY},
`);
  t.is(wrong.code, 1);
  t.is(
    wrong.rows.find((each: { printer: string }) => each.printer === 'mute').problem,
    'nothing tells it from another: it tells neither a UUID nor a device id',
  );
  t.deepEqual(
    wrong.rows.map(({ problem }: { problem: string | null }) => problem?.replace(/: .*|; .*/s, '') ?? null),
    [
      'there is a printer "mfp-1" already',
      'KEY is no SHA-256',
      'the address leads back to this gateway',
      'the address is none of ipps:, ipp',
      '"../x" is no name of a printer',
      'it did not show its key',
      'a socket',
      'nothing tells it from another',
      'its name stands in the file twice',
      'its name stands in the file twice',
      null,
    ],
  );

  const text2 = `NAME,URI,KEY\nbad name,ipps://10.9.0.1/ipp/print,${KEY}\ngood,ipps://10.9.0.2/ipp/print,${KEY}\n`;
  await run(text2);
  t.regex((await run(text2, '--yes')).stderr, /nothing was pinned/);
  t.is((await run(text2, '--yes', '--per-row')).code, 1);
  t.deepEqual(await names(), ['good', 'mfp-1', 'mfp-2'], 'by name');

  t.regex((await gateway.holdfast('printers', 'pin', 'yaml')).stderr, /did not show its key/);
  t.regex((await gateway.holdfast('printers', 'discover')).stderr, /printers are not looked for/);
  const key = `NAME,URI,KEY\nyaml,,${KEY}\n`;
  await run(key);
  t.is((await run(key, '--yes')).code, 0);
  t.like((await importer.list())[0], {
    name: 'yaml',
    'known-by': 'configuration',
    pin: 'verified',
    key: KEY,
  });
});

test('what is no file of printers is refused as a whole', (t) => {
  for (const [file, told] of [
    ['', /no rows/],
    ['NAME,URI\n', /no rows/],
    ['NAME,URL\na,b\n', /unknown column "URL"/],
    ['NAME,\u001b[2J\na,b\n', /unknown column "\\u\{1b\}\[2J"/],
    ['NAME,NAME\na,b\n', /twice/],
    ['NAME\na\n', /lacks the column/],
    ['NAME,URI\n"a,b\n', /no CSV/],
    [`NAME,URI\n${'a,b\n'.repeat(5001)}`, /more than 5000 rows/],
    ['x'.repeat(1_048_577), /more than 1 MiB/],
  ] as const) {
    t.throws(() => readRows(Buffer.from(file)), { code: 'bad-file', message: told }, file.slice(0, 40));
  }
  t.throws(() => readRows(Buffer.from('NAME,URI\n\xe9,b\n', 'latin1')), { message: /not UTF-8/ });
});

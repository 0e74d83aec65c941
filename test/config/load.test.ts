// From a file to a whole configuration: defaults, units, names, and what is wrong with the file itself.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ListenerLimits } from '../../base/http/listener.ts';
import type { LogFormat, LogLevel } from '../../base/log.ts';
import { Days, GiB, Hours, KiB, MiB, Minutes, Seconds } from '../../base/units.ts';
import { loadConfig, parseConfig } from '../../config/load.ts';
import { ConfigError, formatProblems } from '../../config/problems.ts';
import type { Config } from '../../config/schema.ts';
import type { ThrottleLimits } from '../../identity/throttle.ts';
import type { Panel } from '../../panel-protocol/ports.ts';
import type { Queue } from '../../spool/queue.ts';
import { PRINTERS } from './told.ts';

/** What a panel has of itself. */
const PANEL: Config['panelDefaults'] = {
  color: '#00596b',
  sessionTimeout: Seconds(60),
  signIn: ['badge', 'code'],
  marked: 'all',
  bindCards: [],
  changePin: false,
  releaseAll: false,
  plainHttp: false,
};

const SMALLEST = `${PRINTERS}queues: {print: }\n`;

test('everything but a queue and a printer has a default', (t) => {
  t.deepEqual(parseConfig(SMALLEST, 'f').config, {
    gateway: {
      name: 'Holdfast',
      stateDirectory: '/var/lib/holdfast',
      keyFile: '/var/lib/holdfast/gateway.key',
      controlSocket: '/run/holdfast/control.sock',
      hostNames: [],
      discovery: { announce: true, interfaces: 'all', browse: true, printerNetworks: [] },
      ipp: {
        listen: [
          { host: '0.0.0.0', port: 631 },
          { host: '::', port: 631 },
        ],
        encryption: 'offered',
      },
      web: {
        listen: [
          { host: '0.0.0.0', port: 8632 },
          { host: '::', port: 8632 },
        ],
        encryption: 'offered',
      },
      readerLines: {
        listen: [
          { host: '0.0.0.0', port: 8633 },
          { host: '::', port: 8633 },
        ],
      },
      tls: {},
      log: { level: 'info', format: 'json' },
    },
    queues: [
      {
        name: 'print',
        info: 'print',
        location: '',
        announce: true,
        printers: ['a', 'b'],
        everyPrinter: true,
        release: 'at-panel',
        authentication: 'optional',
        tokensWithoutTls: 'refuse',
        claimedNames: 'ignore',
        plaintext: 'refuse',
        allowedFormats: [],
        unownedJobs: 'refuse',
      },
    ],
    printers: ['a', 'b'].map((name, index) => ({
      name,
      uri: { scheme: 'ipp', host: `10.1.2.${index + 3}`, port: 631, path: '/ipp/print' },
      info: name,
      location: '',
      near: [],
      formats: [],
    })),
    panels: [],
    panelDefaults: PANEL,
    limits: {
      connections: 1000,
      connectionsPerAddress: 100,
      headerBytes: KiB(16),
      headerTime: Seconds(10),
      idleTime: Minutes(5),
      messageSize: KiB(256),
      documentSize: GiB(1),
      documentTime: Hours(6),
      slowestPace: KiB(64),
      pageCountTime: Minutes(1),
      pageCountMemory: MiB(512),
      conversions: 8,
      conversionTime: Minutes(10),
      conversionMemory: GiB(1),
      conversionDocumentSize: MiB(512),
      conversionOutputSize: GiB(16),
      jobs: 20_000,
      heldBytes: GiB(100),
      jobsPerPerson: 500,
      bytesPerPerson: GiB(10),
      jobsPerAddress: 2000,
      bytesPerAddress: GiB(20),
      jobsPerToken: 5000,
      bytesPerToken: GiB(25),
      jobsPerQueue: 10_000,
      bytesPerQueue: GiB(50),
      openJobsPerAddress: 100,
      freeDiskFloor: GiB(1),
      multipleOperationTimeOut: Minutes(2),
      printerTimeout: Seconds(30),
      printerStallTime: Minutes(10),
      printerCloseTime: Seconds(90),
      printerBusyTime: Minutes(5),
      printerPoll: Minutes(1),
      codeTries: {
        budget: 5,
        forgiveEvery: Minutes(5),
        firstDelay: Seconds(10),
        longestDelay: Minutes(15),
      },
      cardTries: { budget: 10, forgiveEvery: Minutes(5) },
      siteTries: { budget: 100, forgiveEvery: Minutes(1), longestDelay: Hours(1) },
      passwordTries: {
        budget: 5,
        forgiveEvery: Minutes(5),
        firstDelay: Seconds(10),
        longestDelay: Minutes(15),
      },
    },
    retention: { held: Hours(72), history: Hours(24), printerHistory: Days(365) },
    alerts: {
      suppliesBelow: 10,
      interval: Minutes(60),
      printerDelay: Minutes(2),
      language: 'en',
      printerGroups: [],
      recipients: [],
      templates: [],
    },
    readers: [],
    directories: [],
    codes: {
      weeksPerHit: 1,
      acceptRisk: false,
      secondFactor: 'none',
      mail: { language: 'en', perMinute: 300, templates: [] },
    },
  } satisfies Config);
});

test('what is written takes the place of the default', (t) => {
  const { config } = parseConfig(
    `
gateway:
  name: Klinik Süd
  state-directory: /srv//holdfast/
  host-names: [Print.Example.ORG]
  discovery: { announce: false, interfaces: [eth0, br-1] }
  ipp: { listen: ["[2001:DB8:0::1]:0", 127.0.0.1:6310] }
  log: { level: debug, format: text }
${PRINTERS}
queues:
  101: { info: 007, location: 1.0, printers: [b], release: immediately, unowned-jobs: claimable, announce: false }
  all: { printers: all, claimed-names: trust }
panels:
  P.1: { printer: a, addresses: [10.1.2.4, 10.1.0.0/16, "FD00:0::/8"], language: pl, session-timeout: 1.5 min, bind-cards: [by-activation], plain-http: allow }
  q: { printers: [b, a], sign-in: [password, badge-and-pin], mark-jobs: none, change-pin: true, release-all: true }
limits: { jobs: 7, document-size: 1.5GiB, code-tries: { budget: 3, first-delay: 1 min } }
retention: { held: 30 d, history: 1 h }
`,
    'f',
  );
  t.like(config.gateway, {
    name: 'Klinik Süd',
    stateDirectory: '/srv/holdfast',
    keyFile: '/srv/holdfast/gateway.key',
    hostNames: ['print.example.org'],
    discovery: { announce: false, interfaces: ['eth0', 'br-1'] },
    log: { level: 'debug', format: 'text' },
  });
  t.deepEqual(config.gateway.ipp.listen, [
    { host: '2001:db8::1', port: 0 },
    { host: '127.0.0.1', port: 6310 },
  ]);
  t.deepEqual(config.queues, [
    {
      name: '101',
      info: '007',
      location: '1.0',
      announce: false,
      printers: ['b'],
      everyPrinter: false,
      plaintext: 'refuse',
      release: 'immediately',
      authentication: 'optional',
      tokensWithoutTls: 'refuse',
      claimedNames: 'ignore',
      allowedFormats: [],
      unownedJobs: 'claimable',
    },
    {
      name: 'all',
      everyPrinter: true,
      plaintext: 'refuse',
      announce: true,
      info: 'all',
      location: '',
      printers: ['a', 'b'],
      release: 'at-panel',
      authentication: 'optional',
      tokensWithoutTls: 'refuse',
      claimedNames: 'trust',
      allowedFormats: [],
      unownedJobs: 'refuse',
    },
  ]);
  t.deepEqual(config.panels, [
    {
      ...PANEL,
      name: 'P.1',
      printers: ['a'],
      addresses: ['10.1.2.4', '10.1.0.0/16', 'fd00::/8'],
      language: 'pl',
      sessionTimeout: Seconds(90),
      bindCards: ['by-activation'],
      plainHttp: true,
    },
    {
      ...PANEL,
      name: 'q',
      printers: ['b', 'a'],
      addresses: [],
      signIn: ['password', 'badge-and-pin'],
      marked: 'none',
      changePin: true,
      releaseAll: true,
    },
  ]);
  t.like(config.limits, { jobs: 7, documentSize: GiB(1.5) });
  t.like(config.limits.codeTries, { budget: 3, firstDelay: Minutes(1), longestDelay: Minutes(15) });
  t.deepEqual(config.retention, { held: Days(30), history: Hours(1), printerHistory: Days(365) });
});

test('the rooms take the parts as they are', (t) => {
  const { gateway, queues, panels, limits } = parseConfig(SMALLEST, 'f').config;
  // The compiler is what checks here.
  const rooms: {
    queues: readonly Queue[];
    panels: readonly Panel[];
    listener: ListenerLimits;
    throttle: ThrottleLimits;
    log: { level: LogLevel; format: LogFormat };
  } = { queues, panels, listener: limits, throttle: limits.codeTries, log: gateway.log };
  t.is(rooms.queues[0]?.name, 'print');
});

async function folderFor(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-config-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

test('a file is read, with the mark and the line ends of Windows', async (t) => {
  const path = join(await folderFor(t), 'holdfast.yaml');
  await writeFile(path, `\ufeff${SMALLEST.replaceAll('\n', '\r\n')}`);
  const { config, warnings } = await loadConfig(path);
  t.deepEqual(config, parseConfig(SMALLEST, 'f').config);
  t.deepEqual(
    warnings.map(({ file, line, column }) => ({ file, line, column })),
    [
      { file: path, line: 2, column: 10 },
      { file: path, line: 2, column: 10 },
    ],
  );
  await writeFile(path, `\ufeffgatewya: x\r\n${SMALLEST.replaceAll('\n', '\r\n')}retention: {hold: 3 d}\r\n`);
  const error = await t.throwsAsync(loadConfig(path), { instanceOf: ConfigError, code: 'bad-config' });
  t.is(
    formatProblems(error?.problems ?? []),
    [
      `${path}:1:1 gatewya: unknown key; did you mean "gateway"?`,
      `${path}:4:13 retention.hold: unknown key; did you mean "held"?`,
    ].join('\n'),
  );
  t.regex(error?.message ?? '', /^.*:1:1 gatewya: unknown key; .* \(and 1 more\)$/);
});

test('a file that cannot be read is told as a whole', async (t) => {
  const folder = await folderFor(t);
  const told = async (path: string, content?: string | Uint8Array) => {
    if (content !== undefined) await writeFile(path, content);
    const error = await t.throwsAsync(loadConfig(path), { instanceOf: ConfigError });
    return error?.problems.map(({ file, ...rest }) => ({ ...rest, itself: file === path }));
  };
  const whole = { line: 0, column: 0, path: '', itself: true };
  t.deepEqual(await told(join(folder, 'none.yaml')), [
    { ...whole, message: 'cannot be read: there is no such file' },
  ]);
  t.deepEqual(await told(folder), [
    { ...whole, message: 'cannot be read: EISDIR: illegal operation on a directory, read' },
  ]);
  const path = join(folder, 'holdfast.yaml');
  t.deepEqual(await told(path, new Uint8Array(2 ** 20 + 1)), [
    { ...whole, message: `cannot be read: ${path} has 1048577 bytes; at most 1048576 are read` },
  ]);
  t.deepEqual(await told(path, Buffer.from('queues:\n  # \xc9tage', 'latin1')), [
    {
      line: 2,
      column: 5,
      path: '',
      itself: true,
      message: 'a character that is no UTF-8; must be saved as UTF-8, the encoding of all modern editors',
    },
  ]);
});

test('nothing in a file is an error like any other', (t) => {
  for (const text of ['', '# nothing\n', '---\n', 'gateway:\nqueues:\n']) {
    const error = t.throws(() => parseConfig(text, 'f'), { instanceOf: ConfigError });
    t.is(error?.problems.length, 1, JSON.stringify(text));
  }
});

test('of many errors the first hundred are told, in the order of the lines', (t) => {
  const many = Array.from({ length: 3000 }, (_, index) => `x${index}: 1\n`).join('');
  const error = t.throws(() => parseConfig(`${SMALLEST}${many}`, 'f'), { instanceOf: ConfigError });
  const lines = error?.problems.map(({ line }) => line);
  t.deepEqual(
    lines,
    Array.from({ length: 101 }, (_, index) => index + 3),
  );
  t.is(error?.problems.at(-1)?.message, 'and more from here on, which are told when those above are mended');
});

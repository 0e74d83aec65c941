// TLS as real clients speak it: CUPS's ipptool and lp, and OpenSSL's client.
import { execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { samplePdf } from '../../daemon/demo/sample.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { Chromium } from './chromium.ts';
import { CUPS_PROGRAMS, startCups } from './cups.ts';
import { peerTest, programPath } from './require-peer.ts';

const CONFIG = `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
limits: { free-disk-floor: 1 MiB }
`;
const REQUIRED = `  ipp: { listen: ["127.0.0.1:0"], encryption: required }\n${CONFIG}`;

interface Ran {
  readonly code: number;
  readonly output: string;
}

function run(program: string, ...args: string[]): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(programPath(program), args, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
    child.stdin?.end();
  });
}

const metric = async (gateway: GatewayProcess, protocol: string): Promise<number> => {
  const text = await (await fetch(`http://${gateway.web}/metrics`)).text();
  return Number(
    new RegExp(`http_ipp_accepted_total\\{protocol="${protocol}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
  );
};

const ipptool = peerTest(test, ['ipptool']);

async function withQuestion(t: ExecutionContext, config: string) {
  const folder = await temporaryFolder(t);
  const question = join(folder, 'ask.test');
  await writeFile(
    question,
    `{
  OPERATION Get-Printer-Attributes
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR naturalLanguage attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR keyword requested-attributes uri-security-supported
  STATUS successful-ok
  EXPECT uri-security-supported WITH-VALUE "tls"
}
`,
  );
  const gateway = await GatewayProcess.start(t, folder, config);
  return { gateway, question };
}

for (const [name, flags, scheme, protocol] of [
  ['ipps', [], 'ipps', 'tls'],
  ['Upgrade (-E)', ['-E'], 'ipp', 'upgraded'],
] as const) {
  ipptool(`ipptool by ${name}`, async (t) => {
    const { gateway, question } = await withQuestion(t, CONFIG);
    const result = await run('ipptool', '-t', ...flags, `${scheme}://${gateway.ipp}/ipp/print`, question);
    t.is(result.code, 0, result.output);
    t.is(await metric(gateway, protocol), 1);
  });
}

ipptool('ipptool goes over to TLS by itself where it is required', async (t) => {
  const { gateway, question } = await withQuestion(t, REQUIRED);
  const result = await run('ipptool', '-t', `ipp://${gateway.ipp}/ipp/print`, question);
  t.is(result.code, 0, result.output);
  t.true((await metric(gateway, 'upgraded')) + (await metric(gateway, 'tls')) > 0);
});

peerTest(test, CUPS_PROGRAMS)(
  'lp prints over TLS, also when it is required or the certificate is new',
  async (t) => {
    const folder = await temporaryFolder(t);
    const document = join(folder, 'sample.pdf');
    await writeFile(document, await samplePdf());
    await using cups = await startCups();
    const print = async (gateway: GatewayProcess, name: string, uri: string) => {
      const before = gateway.log.filter(({ event }) => event === 'job accepted').length;
      // The queue's formats are those of its printer, which is asked just after the start.
      const report = async () =>
        JSON.parse((await gateway.holdfast('health', 'show', '--json')).stdout).printers[0];
      while ((await report()).state === 'unknown') await new Promise((wake) => setTimeout(wake, 50));
      await cups.command('lpadmin', '-p', name, '-E', '-v', uri, '-m', 'everywhere');
      await cups.command('lp', '-d', name, document);
      await gateway
        .logged(
          'job accepted',
          (line) => gateway.log.filter(({ event }) => event === 'job accepted').indexOf(line) === before,
        )
        .catch(async (error: Error) => t.fail(`${error.message}\n${await cups.log()}`));
    };
    const here = (config: string) =>
      config.replace('file:///nonexistent/holdfast-test', `file://${folder}/out`);
    const first = await GatewayProcess.start(t, folder, here(CONFIG));
    await print(first, 'secure', `ipps://${first.ipp}/ipp/print`);
    await print(first, 'upgraded', `ipp://${first.ipp}/ipp/print?encryption=required`);
    t.true((await metric(first, 'upgraded')) > 0);
    await first.kill('SIGTERM');

    const second = await GatewayProcess.start(
      t,
      folder,
      here(`  host-names: [other.example.org]\n${REQUIRED}`),
    );
    // Another queue to the same host: CUPS remembers certificates by host, and a changed queue now and then is not read anew.
    await print(second, 'renewed', `ipps://${second.ipp}/ipp/print`);
    await print(second, 'plain', `ipp://${second.ipp}/ipp/print`);
  },
);

peerTest(test, ['chromium'])(
  'the panel page and its WebSocket work over TLS, and http leads there when it is required',
  async (t) => {
    const web = `  web: { listen: ["127.0.0.1:0"], encryption: required }\n${CONFIG}
panels: { here: { printer: folder, addresses: [127.0.0.1] } }\n`;
    const gateway = await GatewayProcess.start(t, await temporaryFolder(t), web);
    await using browser = await Chromium.start({ ignoreHTTPSErrors: true });
    const page = await browser.context.newPage();
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(`http://${gateway.web}/panel/here`);
    await page.locator('#screen-code:not(.gone)').waitFor();
    t.is(page.url(), `https://${gateway.web}/panel/here`);
    t.deepEqual(sockets, [`wss://${gateway.web}/panel/here/socket`]);
  },
);

const openssl = peerTest(test, ['openssl']);

/** What s_client says of a connection; `input` goes to the gateway. */
function client(gateway: GatewayProcess, args: readonly string[], input: string): Promise<string> {
  const child = spawn(programPath('openssl'), ['s_client', '-connect', gateway.ipp, '-ign_eof', ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  child.stdin.on('error', () => {}).end(input);
  return new Promise((done) => child.once('close', () => done(output)));
}

openssl(
  'OpenSSL: old versions are refused; new ones agree on strong ciphers and trust what was exported',
  async (t) => {
    const folder = await temporaryFolder(t);
    const gateway = await GatewayProcess.start(t, folder, CONFIG);
    const file = join(folder, 'holdfast.pem');
    await gateway.holdfast('certificate', 'export', file);
    const verify = ['-CAfile', file, '-verify_hostname', 'localhost', '-verify_return_error'];
    const close = 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    for (const [version, cipher] of [
      ['-tls1_2', /Cipher is ECDHE-RSA-(AES\d+-GCM|CHACHA20)/],
      ['-tls1_3', /Cipher is TLS_/],
    ] as const) {
      const output = await client(gateway, [version, ...verify], close);
      t.regex(output, cipher);
      t.regex(output, /Verification: OK/);
      t.regex(output, /HTTP\/1\.1 200 OK/);
    }
    for (const version of ['-tls1', '-tls1_1']) {
      const output = await client(gateway, [version, '-cipher', 'DEFAULT@SECLEVEL=0'], close);
      t.regex(output, /alert protocol version/);
    }
    const weak = await client(
      gateway,
      ['-tls1_2', '-cipher', 'AES128-SHA:DES-CBC3-SHA:NULL@SECLEVEL=0'],
      close,
    );
    t.notRegex(weak, /Cipher is (NULL|DES)/);
    const strict = await run(
      'openssl',
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      file,
      file,
    );
    t.is(strict.code, 0, strict.output);
  },
);

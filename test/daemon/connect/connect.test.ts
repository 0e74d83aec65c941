// What `holdfast connect` tells: addresses, steps that can be copied, profiles and zones that real programs read.
import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { peerTest, programPath } from '../../peers/require-peer.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { GatewayProcess } from '../gateway-process.ts';

const run = promisify(execFile);
const withPython = peerTest(test, ['python3']);
const withBind = peerTest(test, ['named-checkzone']);

/** All that a shell, XML, YAML or a zone file could trip over. */
const NAME = `Büro "A" & <B>; it's 1.0\\\\`;

const configOf = (folder: string, more = '') => `
  host-names: [print.example.org]
  name: Klinik & Co
${more}
queues:
  print: { info: "${NAME.replaceAll('"', '\\"')}", location: "left; \\"right\\" ü", unowned-jobs: claimable }
  staff: { info: Staff, authentication: required }
  hidden: { info: Hidden, announce: false, unowned-jobs: claimable }
printers:
  folder: { uri: "file://${join(folder, 'output')}" }
`;

async function started(t: ExecutionContext): Promise<GatewayProcess> {
  const folder = await temporaryFolder(t);
  return GatewayProcess.start(t, folder, configOf(folder));
}

const port = (gateway: GatewayProcess) => gateway.ipp.split(':')[1];

test('each system has its steps, with the addresses of the queue and the fingerprint', async (t) => {
  const gateway = await started(t);
  const { stdout, code } = await gateway.holdfast('connect', 'show', 'print');
  t.is(code, 0);
  const authority = `print.example.org:${port(gateway)}`;
  t.true(stdout.includes(`ipps://${authority}/ipp/print\n`));
  t.true(stdout.includes(`lpadmin -p print -E -v ipps://${authority}/ipp/print -m everywhere\n`));
  const windows = `-Name 'Büro "A" & <B>; it''s 1.0\\' -IppURL 'https://${authority}/ipp/print'`;
  t.true(stdout.includes(`Add-Printer ${windows}\n`), stdout);
  const certificate = JSON.parse((await gateway.holdfast('certificate', 'show', '--json')).stdout);
  t.true(stdout.includes(certificate.fingerprint));
  for (const system of ['Windows', 'macOS', 'Linux', 'iPhone', 'Android', 'ChromeOS']) {
    t.regex(stdout, new RegExp(`^${system}`, 'm'));
  }
});

test('where a password is needed it is the address that asks for one, and only over TLS', async (t) => {
  const gateway = await started(t);
  const { queues } = JSON.parse((await gateway.holdfast('connect', 'show', '--json')).stdout);
  t.deepEqual(
    queues.map((each: { queue: string; path: string; plain: string | null }) => [
      each.queue,
      each.path,
      each.plain !== null,
    ]),
    [
      ['print', 'ipp/print', true],
      ['staff', 'ipp/staff/auth', false],
      ['hidden', 'ipp/hidden', true],
    ],
  );
  const auth = await gateway.holdfast('connect', 'show', 'print', '--auth');
  t.regex(auth.stdout, /\/ipp\/print\/auth -m everywhere -o auth-info-required=username,password$/m);
  t.regex(auth.stdout, /Windows asks for no password/);
});

test('a token comes by standard input, whole or as an address, and no log has it', async (t) => {
  const gateway = await started(t);
  const made = await gateway.holdfast(
    'tokens',
    'create',
    'phone',
    '--operator',
    '--queues',
    'print',
    '--json',
  );
  const { secret, uris } = JSON.parse(made.stdout);
  for (const given of [secret, uris[0]]) {
    const { stdout } = await gateway.holdfastGiven(`${given}\n`, 'connect', 'show', 'print', '--token');
    t.regex(stdout, new RegExp(`^  ipps://print\\.example\\.org:\\d+/ipp/print/${secret}$`, 'm'));
    t.false(stdout.includes('without encryption'));
    t.notRegex(stdout, /In the same network it is found/);
  }
  const { stdout } = await gateway.holdfastGiven(secret, 'connect', 'profile', '-', 'print', '--token');
  t.true(stdout.includes(`<string>ipp/print/${secret}</string>`));
  t.false(gateway.output.includes(secret));
  const elsewhere = await gateway.holdfastGiven(secret, 'connect', 'show', 'hidden', '--token');
  t.regex(elsewhere.stderr, /is not for that queue/);
  const all = await gateway.holdfastGiven(secret, 'connect', 'show', '--token', '--json');
  t.deepEqual(
    JSON.parse(all.stdout).queues.map((each: { queue: string }) => each.queue),
    ['print'],
  );
  const invented = await gateway.holdfastGiven(`hft-${'a'.repeat(32)}`, 'connect', 'show', '--token');
  t.regex(invented.stderr, /the token is unknown/);
  await gateway.holdfast('tokens', 'revoke', JSON.parse(made.stdout).id);
  const revoked = await gateway.holdfastGiven(secret, 'connect', 'show', 'print', '--token');
  t.is(revoked.code, 1);
  t.regex(revoked.stderr, /the token is unknown/);
  const wrong = await gateway.holdfastGiven('hunter2\n', 'connect', 'show', 'print', '--token');
  t.regex(wrong.stderr, /that is no token/);
  t.false(wrong.stderr.includes('hunter2'));
});

test('what is not there is told', async (t) => {
  const gateway = await started(t);
  const unknown = await gateway.holdfast('connect', 'show', 'nowhere');
  t.is(unknown.code, 1);
  t.regex(unknown.stderr, /there is no queue "nowhere"/);
  t.regex((await gateway.holdfast('connect', 'dns-zone')).stderr, /--domain NAME says whose zone/);
  t.regex((await gateway.holdfast('connect', 'dns-zone', '--domain', 'a b')).stderr, /"a b" is no domain/);
  const nowhere = join(gateway.folder, 'no', 'folder');
  t.regex((await gateway.holdfast('connect', 'profile', nowhere)).stderr, /cannot be written/);
});

const READ_PLIST = `
import json, plistlib, sys
def plain(value):
    if isinstance(value, bytes): return {'octets': len(value), 'first': value[0]}
    raise TypeError
print(json.dumps(plistlib.load(open(sys.argv[1], 'rb')), default=plain))
`;

async function plist(file: string) {
  return JSON.parse((await run(programPath('python3'), ['-c', READ_PLIST, file])).stdout);
}

withPython(
  'a profile is a property list that adds the queue and trusts the certificate, the same each time',
  async (t) => {
    const gateway = await started(t);
    const file = join(gateway.folder, 'print.mobileconfig');
    await writeFile(file, 'an older one', { mode: 0o644 });
    const written = await gateway.holdfast('connect', 'profile', file, 'print');
    t.is(written.stdout, `${file}: written\n`);
    t.is((await stat(file)).mode & 0o777, 0o600);
    const profile = await plist(file);
    t.is(profile.PayloadType, 'Configuration');
    t.is(profile.PayloadOrganization, 'Klinik & Co');
    t.is(profile.PayloadDisplayName, `Printing: Büro "A" & <B>; it's 1.0\\`);
    const [airprint, root] = profile.PayloadContent;
    t.is(airprint.PayloadType, 'com.apple.airprint');
    t.deepEqual(airprint.AirPrint, [
      {
        IPAddress: 'print.example.org',
        ResourcePath: 'ipp/print',
        Port: Number(port(gateway)),
        ForceTLS: true,
      },
    ]);
    t.is(root.PayloadType, 'com.apple.security.root');
    // DER begins with a SEQUENCE.
    t.is(root.PayloadContent.first, 0x30);
    const uuids = [profile, airprint, root].map((each) => each.PayloadUUID);
    t.is(new Set(uuids).size, 3);
    const again = await gateway.holdfast('connect', 'profile', '-', 'print');
    t.is(again.stdout, await readFile(file, 'utf8'));
  },
);

withBind(
  'a zone is what BIND reads, with every record of the announced queues and of no other',
  async (t) => {
    const gateway = await started(t);
    const { stdout } = await gateway.holdfast('connect', 'dns-zone', '--domain', 'Example.org');
    const included = join(gateway.folder, 'queues.zone');
    const zone = join(gateway.folder, 'example.org.zone');
    await writeFile(included, stdout);
    await writeFile(
      zone,
      `$TTL 1h
@ SOA ns.example.org. admin.example.org. 1 1h 1h 1h 1h
@ NS ns
ns A 192.0.2.1
print A 192.0.2.2
$INCLUDE ${included}
`,
    );
    const options = ['-i', 'full', '-D', '-s', 'full', '-o', '-'];
    const checked = await run(programPath('named-checkzone'), [...options, 'example.org', zone]).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    t.regex(checked.stderr, /OK/, checked.stderr + stdout);
    t.notRegex(checked.stderr, /warning|error/i);
    const records = checked.stdout;
    t.regex(records, /^lb\._dns-sd\._udp\.example\.org\.\s+3600\s+IN PTR\s+example\.org\.$/m);
    for (const type of ['_ipp._tcp', '_ipps._tcp', '_universal._sub._ipps._tcp', '_print._sub._ipp._tcp']) {
      const line = records
        .split('\n')
        .find((each) => each.startsWith(`${type}.example.org.`) && each.includes('1\\.0'));
      t.truthy(line, type);
    }
    t.regex(
      records,
      new RegExp(
        `_ipps\\._tcp\\.example\\.org\\.\\s+3600\\s+IN SRV\\s+0 0 ${port(gateway)} print\\.example\\.org\\.`,
      ),
    );
    t.regex(records, /IN TXT\s.*"rp=ipp\/print".*"note=left; \\"right\\" \\195\\188"/);
    t.regex(records, /"rp=ipp\/staff\/auth".*"air=username,password"/);
    t.regex(records, /"adminurl=https:\/\/print\.example\.org:/);
    t.false(records.includes('Hidden'));
  },
);

test('a gateway that DNS does not know has no zone', async (t) => {
  const folder = await temporaryFolder(t);
  const config = configOf(folder).replace('[print.example.org]', '[print.local, print]');
  const gateway = await GatewayProcess.start(t, folder, config);
  const { code, stderr } = await gateway.holdfast('connect', 'dns-zone', '--domain', 'example.org');
  t.is(code, 1);
  t.regex(stderr, /no name that DNS knows.*gateway\.host-names/s);
  const shown = await gateway.holdfast('connect', 'show', 'print');
  t.regex(shown.stdout, /^Warning: print\.local is known only in the gateway's own network/);
  const profile = await gateway.holdfast('connect', 'profile', join(folder, 'a.mobileconfig'), 'print');
  t.regex(profile.stdout, /written\nWarning: print\.local/);
});

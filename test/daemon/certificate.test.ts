// The gateway's certificate as an administrator and their clients meet it.
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import test from 'ava';
import { makeIdentity } from '../base/http/tls/sample-identity.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess, holdfast } from './gateway-process.ts';

const CONFIG = `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
panels: { here: { printer: folder, addresses: [127.0.0.1] } }
limits: { free-disk-floor: 1 MiB }
`;

/** The certificate that a client gets which trusts `ca`. */
async function shown(address: string, ca: string): Promise<PeerCertificate> {
  const socket = connect({ host: 'localhost', port: Number(address.split(':')[1]), ca });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

test('it is exported, trusted, shown on both ports, and the same after a restart', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  const file = join(folder, 'holdfast.pem');
  const exported = await gateway.holdfast('certificate', 'export', file);
  t.is(exported.stdout, `${file}: 1 certificate(s) written\n`);
  t.is((await stat(file)).mode & 0o777, 0o644);
  const pem = await readFile(file, 'utf8');
  t.is((await gateway.holdfast('certificate', 'export', '-')).stdout, pem);

  const facts = JSON.parse((await gateway.holdfast('certificate', 'show', '--json')).stdout);
  for (const address of [gateway.ipp, gateway.web]) {
    t.is((await shown(address, pem)).fingerprint256, facts.fingerprint);
  }
  t.is(facts.origin, 'own');
  t.true(facts.names.includes('localhost') && facts.names.includes('127.0.0.1'));
  t.regex(
    (await gateway.holdfast('certificate', 'show')).stdout,
    new RegExp(`SHA-256 +${facts.fingerprint}`),
  );
  const metrics = await (await fetch(`http://${gateway.web}/metrics`)).text();
  const [, left] = /^holdfast_tls_certificate_expiry_seconds (\d+)/m.exec(metrics) ?? [];
  t.true(Number(left) > 800 * 86_400);
  t.false(gateway.output.includes('PRIVATE KEY'));

  await gateway.kill('SIGTERM');
  const again = await GatewayProcess.start(t, folder, CONFIG);
  t.is((await shown(again.ipp, pem)).fingerprint256, facts.fingerprint);
  await again.kill('SIGTERM');

  const renamed = await GatewayProcess.start(t, folder, `  host-names: [print.example.org]\n${CONFIG}`);
  const after = JSON.parse((await renamed.holdfast('certificate', 'show', '--json')).stdout);
  t.is(after.names[0], 'print.example.org');
  t.is(after['key-pin'], facts['key-pin'], 'pins on the key hold');
  t.true(after['not-after'] > facts['not-after'], 'CUPS takes no other');
});

test("the administrator's own is shown, and the next one at SIGHUP without a restart", async (t) => {
  const folder = await temporaryFolder(t);
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const write = async () => {
    const identity = await makeIdentity(['localhost', 'print.example.org']);
    await writeFile(files.certificate, identity.certificate);
    await writeFile(files.key, identity.key.reveal(), { mode: 0o600 });
    return identity.certificate;
  };
  const first = await write();
  const config = `  tls: { certificate: ${files.certificate}, key: ${files.key} }\n${CONFIG}`;
  const gateway = await GatewayProcess.start(t, folder, config);
  const before = await shown(gateway.ipp, first);
  const warned = await gateway.logged('certificate', (line) => 'warning' in line);
  t.regex(
    String(warned['warning']),
    /is for localhost, print\.example\.org, and clients reach this gateway as/,
  );

  await writeFile(files.certificate, 'nonsense');
  gateway.signal('SIGHUP');
  const kept = await gateway.logged('certificate not taken; the one before stays');
  t.regex(String(kept['reason']), /cert\.pem has no certificate in PEM/);
  t.is((await shown(gateway.web, first)).fingerprint256, before.fingerprint256);

  const second = await write();
  gateway.signal('SIGHUP');
  await gateway.logged(
    'certificate',
    (line) => 'fingerprint' in line && line['fingerprint'] !== before.fingerprint256,
  );
  for (const address of [gateway.ipp, gateway.web]) {
    t.not((await shown(address, second)).fingerprint256, before.fingerprint256);
  }
});

test('config check and serve say what is wrong with the files', async (t) => {
  const folder = await temporaryFolder(t);
  const { certificate } = await makeIdentity(['localhost']);
  const other = await makeIdentity(['localhost']);
  await writeFile(join(folder, 'cert.pem'), certificate);
  await writeFile(join(folder, 'key.pem'), other.key.reveal(), { mode: 0o600 });
  const file = join(folder, 'holdfast.yaml');
  const tls = (keys: string) => `gateway:\n  state-directory: ${folder}/state\n  tls: { ${keys} }\n${CONFIG}`;
  await writeFile(file, tls(`certificate: ${folder}/cert.pem, key: ${folder}/key.pem`));
  for (const words of [
    ['config', 'check', file],
    ['serve', '--config', file],
  ]) {
    const result = await holdfast(words);
    t.is(result.code, 1);
    t.regex(result.stderr, /key\.pem is not that of .*cert\.pem\. Both have to come from the same request/);
  }
  await writeFile(file, tls(`certificate: ${folder}/cert.pem`));
  const half = await holdfast(['config', 'check', file]);
  t.regex(half.stderr, /holdfast\.yaml:3:10 gateway\.tls\.certificate: stands without key; must be /);
});

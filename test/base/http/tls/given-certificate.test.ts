// The administrator's certificate: what is wrong with its files, and that new ones are taken without a restart.
import { execFile } from 'node:child_process';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { GivenCertificate } from '../../../../base/http/tls/given-certificate.ts';
import { checkTime, namesMissing, readGiven } from '../../../../base/http/tls/given-files.ts';
import { makeCertificate, makeKey } from '../../../../base/http/tls/self-signed.ts';
import { Days } from '../../../../base/units.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { peerTest } from '../../../peers/require-peer.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { makeIdentity, sampleIdentity } from './sample-identity.ts';

const NOW = Date.UTC(2026, 10, 20);
const openssl = peerTest(test, ['openssl']);

async function setUp(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const files = { certificate: join(folder, 'chain.pem'), key: join(folder, 'key.pem') };
  const write = async (certificate: string, key: string) => {
    await writeFile(files.certificate, certificate);
    await writeFile(files.key, key);
    await chmod(files.key, 0o640);
  };
  const run = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });
  return { folder, files, write, run };
}

/** A request of one day with openssl, as administrators make them. */
const REQUEST = ['req', '-x509', '-nodes', '-days', '9', '-subj', '/CN=print.example.org'];
const SAN = ['-addext', 'subjectAltName=DNS:print.example.org'];

for (const [kind, args] of [
  ['RSA', ['-newkey', 'rsa:2048']],
  ['P-256', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']],
] as const) {
  openssl(`${kind} of openssl is taken, with its chain`, async (t) => {
    const { files, run } = await setUp(t);
    await run(...REQUEST, ...args, ...SAN, '-out', 'chain.pem', '-keyout', 'key.pem');
    await chmod(files.key, 0o640);
    const other = (await sampleIdentity()).certificate;
    const { certificate } = await readGiven(files);
    await writeFile(files.certificate, `# a comment\n${certificate}\n${other}`);
    t.is((await readGiven(files)).certificate.match(/BEGIN CERTIFICATE/g)?.length, 2);
    t.deepEqual(namesMissing(await readGiven(files), ['print.example.org', 'vm']), []);
    t.deepEqual(namesMissing(await readGiven(files), ['vm']), ['vm']);
  });
}

for (const [name, args, message] of [
  ['RSA of 1024 bits', ['-newkey', 'rsa:1024'], /only 1024 bits/],
  ['SHA-1 from an issuer', ['-newkey', 'rsa:2048', '-sha1', '-CA', 'ca.pem', '-CAkey', 'ca.key'], /SHA-1/],
  ['another curve', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp224r1'], /curve secp224r1/],
  ['Ed25519', ['-newkey', 'ed25519'], /of the kind ed25519/],
  [
    'a purpose that is none',
    ['-newkey', 'rsa:2048', '-addext', 'extendedKeyUsage=clientAuth'],
    /not for servers/,
  ],
] as const) {
  openssl(`${name} is refused`, async (t) => {
    const { files, run } = await setUp(t);
    await run(...REQUEST, '-newkey', 'rsa:2048', '-out', 'ca.pem', '-keyout', 'ca.key');
    await run(...REQUEST, ...args, ...SAN, '-out', 'chain.pem', '-keyout', 'key.pem');
    await chmod(files.key, 0o600);
    await t.throwsAsync(readGiven(files), { code: 'tls-certificate-weak', message });
  });
}

openssl('an encrypted key is told, and nothing of it', async (t) => {
  const { files, run } = await setUp(t);
  const args = ['-newkey', 'rsa:2048', '-passout', 'pass:geheim', '-out', 'chain.pem', '-keyout', 'key.pem'];
  await run(...REQUEST.filter((each) => each !== '-nodes'), ...args);
  await chmod(files.key, 0o600);
  await t.throwsAsync(readGiven(files), { code: 'tls-file-wrong', message: /key\.pem is encrypted/ });
});

test('what is wrong with the files is told with what to do', async (t) => {
  const { files, write } = await setUp(t);
  const { certificate, key } = await sampleIdentity();
  const refused = async (code: string, message: RegExp) => {
    const error = await t.throwsAsync(readGiven(files), { code, message });
    t.false(String(error?.stack).includes(key.reveal().slice(100, 150)));
  };
  await refused('tls-file-unreadable', /chain\.pem cannot be read: ENOENT/);
  await write('nothing', key.reveal());
  await refused('tls-file-wrong', /chain\.pem has no certificate in PEM/);
  await write(certificate.replace(/MII.{20}/, 'MIIAAAAAAAAAAAAAAAAAAAA'), key.reveal());
  await refused('tls-file-wrong', /certificate 1 in .*chain\.pem cannot be read/);
  await write(certificate, certificate);
  await refused('tls-file-wrong', /key\.pem has no private key in PEM/);
  await write(certificate, (await makeIdentity(['x'])).key.reveal());
  await refused('tls-key-does-not-fit', /not that of/);
  await write((await makeIdentity(['issuer'])).certificate + certificate, key.reveal());
  const order = await t.throwsAsync(readGiven(files), { code: 'tls-key-does-not-fit' });
  t.regex((order as { advice?: string }).advice ?? '', /certificate 2 there/);
  await write(certificate.repeat(11), key.reveal());
  await refused('tls-file-wrong', /11 certificates/);
  await write(certificate, 'x'.repeat(200_000));
  await refused('tls-file-unreadable', /200000 octets/);
  await write(certificate, key.reveal());
  await chmod(files.key, 0o644);
  await refused('tls-key-exposed', /may be read by everybody/);
  await chmod(files.key, 0o640);
  t.is((await readGiven(files)).key.reveal(), key.reveal());
});

async function identityFor(from: number, until: number) {
  const key = await makeKey();
  return {
    key,
    certificate: await makeCertificate(key, { names: ['vm'], notBefore: from, notAfter: until }),
  };
}

test('new files are taken, whatever way they come; bad ones leave what there is', async (t) => {
  const { folder, files, write } = await setUp(t);
  const clock = new ManualClock(NOW);
  const first = await identityFor(NOW - Days(30), NOW + Days(30));
  await write(first.certificate, first.key.reveal());
  const given = await GivenCertificate.open(files, clock);
  t.false(await given.renew());

  const second = await identityFor(NOW - Days(1), NOW + Days(90));
  await writeFile(files.certificate, second.certificate);
  await t.throwsAsync(given.renew(), { code: 'tls-key-does-not-fit' }, 'the key is not there yet');
  t.is(given.identity.certificate.trim(), first.certificate.trim());
  await writeFile(join(folder, 'new'), second.key.reveal(), { mode: 0o600 });
  await rename(join(folder, 'new'), files.key);
  t.true(await given.renew());
  t.is(given.identity.certificate.trim(), second.certificate.trim());

  const old = await identityFor(NOW - Days(30), NOW - Days(1));
  await write(old.certificate, old.key.reveal());
  await t.throwsAsync(given.renew(), { code: 'tls-certificate-expired', message: /expired on 2026-11-19/ });
  const early = await identityFor(NOW + Days(2), NOW + Days(9));
  await write(early.certificate, early.key.reveal());
  await t.throwsAsync(given.renew(), { code: 'tls-certificate-early', message: /valid from 2026-11-22/ });
  t.is(given.identity.certificate.trim(), second.certificate.trim());
  await rename(files.key, join(folder, 'away'));
  await t.throwsAsync(given.renew(), { code: 'tls-file-unreadable' });
});

test('at a start an expired certificate is better than no printing', async (t) => {
  const { files, write } = await setUp(t);
  const old = await identityFor(NOW - Days(30), NOW - Days(1));
  await write(old.certificate, old.key.reveal());
  const given = await GivenCertificate.open(files, new ManualClock(NOW));
  t.throws(() => checkTime('x', given.identity, NOW), { code: 'tls-certificate-expired' });
});

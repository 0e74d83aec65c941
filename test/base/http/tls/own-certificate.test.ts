// The gateway's own certificate: what clients ask of it, and that it stays itself.
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { nodeFiles } from '../../../../base/files/node-files.ts';
import { factsOf } from '../../../../base/http/tls/facts.ts';
import { OwnCertificate } from '../../../../base/http/tls/own-certificate.ts';
import { newKey } from '../../../../base/secrets/sealing.ts';
import { Days } from '../../../../base/units.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 20);
const NAMES = ['print.example.org', 'vm.local', 'localhost', '10.1.2.3', 'fd00::1'];

async function setUp(t: ExecutionContext) {
  const path = join(await temporaryFolder(t), 'tls-identity');
  const sealingKey = newKey();
  const open = (clock = new ManualClock(NOW), names = NAMES, key = sealingKey) =>
    OwnCertificate.open({ files: nodeFiles, path, sealingKey: key, clock, names: () => names });
  return { path, open, sealingKey };
}

test('it says what clients ask of a certificate', async (t) => {
  const { open } = await setUp(t);
  const { certificate } = (await open()).identity;
  const facts = factsOf(certificate);
  t.deepEqual(facts.names, NAMES);
  t.true(facts.notAfter - facts.notBefore <= Days(825), 'Apple HT210176');
  t.true(facts.notBefore < NOW && facts.notAfter > NOW + Days(800));
  t.true(facts.selfSigned);
  const x509 = new X509Certificate(certificate);
  t.is(x509.publicKey.asymmetricKeyType, 'rsa');
  t.is(x509.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  t.regex(x509.signatureAlgorithm ?? '', /sha256/i);
  t.deepEqual(x509.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'serverAuth');
  t.false(x509.ca);
  t.is(x509.checkHost('print.example.org'), 'print.example.org');
  t.is(x509.checkIP('fd00::1'), 'fd00::1');
});

test('a restart changes nothing', async (t) => {
  const { open } = await setUp(t);
  const first = await open();
  const again = await open(new ManualClock(NOW + Days(700)));
  t.is(again.identity.certificate, first.identity.certificate);
  t.is(again.identity.key.reveal(), first.identity.key.reveal());
});

test('it is renewed 60 days before its end, with the same key', async (t) => {
  const { open } = await setUp(t);
  const clock = new ManualClock(NOW);
  const own = await open(clock);
  const before = factsOf(own.identity.certificate);
  clock.advance(before.notAfter - Days(60) - NOW - 1);
  t.false(await own.renew());
  clock.advance(1);
  t.true(await own.renew());
  const after = factsOf(own.identity.certificate);
  t.is(after.keyPin, before.keyPin);
  t.not(after.fingerprint, before.fingerprint);
  t.true(after.notAfter > before.notAfter);
  t.is((await open(clock)).identity.certificate, own.identity.certificate, 'and kept');
});

test('other host names take another certificate that ends later, with the same key', async (t) => {
  const { open } = await setUp(t);
  const before = factsOf((await open()).identity.certificate);
  const renamed = ['printing.example.org', ...NAMES.slice(1)];
  const after = factsOf((await open(new ManualClock(NOW), renamed)).identity.certificate);
  t.deepEqual(after.names, renamed);
  t.is(after.keyPin, before.keyPin);
  t.true(after.notAfter > before.notAfter, 'CUPS takes no other');
  t.true(after.notAfter - after.notBefore <= Days(825));
});

test('an address that is gone changes nothing; a new one does', async (t) => {
  const { open } = await setUp(t);
  const before = (await open()).identity.certificate;
  const without = NAMES.filter((name) => name !== '10.1.2.3');
  t.is((await open(new ManualClock(NOW), without)).identity.certificate, before);
  const other = await open(new ManualClock(NOW), [...without, '10.1.2.4']);
  t.deepEqual(factsOf(other.identity.certificate).names, [...without, '10.1.2.4']);
});

for (const [name, time] of [
  ['1970', 0],
  ['2000', Date.UTC(2000, 0, 1)],
] as const) {
  test(`a clock that says ${name} keeps what there is`, async (t) => {
    const { open } = await setUp(t);
    const before = (await open()).identity.certificate;
    t.is((await open(new ManualClock(time))).identity.certificate, before);
    const renamed = await open(new ManualClock(time), ['other.example.org']);
    t.true(factsOf(renamed.identity.certificate).notAfter > factsOf(before).notAfter);
  });

  test(`one that is made while the clock says ${name} is good when it is right again`, async (t) => {
    const { open } = await setUp(t);
    const made = factsOf((await open(new ManualClock(time))).identity.certificate);
    t.true(made.notBefore < NOW && made.notAfter > NOW);
  });
}

test('the key lies sealed, and a file that does not open is not replaced in silence', async (t) => {
  const { path, open } = await setUp(t);
  const own = await open();
  const content = await readFile(path);
  t.false(content.includes('PRIVATE KEY'));
  t.false(content.includes(own.identity.key.reveal().slice(40, 80)));
  await t.throwsAsync(open(undefined, undefined, newKey()), {
    code: 'tls-identity-damaged',
    message: /cannot be opened/,
  });
  await writeFile(path, content.subarray(0, 1000));
  await t.throwsAsync(open(), { code: 'tls-identity-damaged' });
});

test('a full disk at a start keeps the one that there is', async (t) => {
  const { path, open, sealingKey } = await setUp(t);
  const before = (await open()).identity.certificate;
  const files = { ...nodeFiles, create: () => Promise.reject(new Error('ENOSPC')) };
  const clock = new ManualClock(NOW + Days(800));
  const own = await OwnCertificate.open({ files, path, sealingKey, clock, names: () => NAMES });
  t.is(own.identity.certificate, before);
  await t.throwsAsync(own.renew(), { message: 'ENOSPC' });
  t.is(own.identity.certificate, before);
});

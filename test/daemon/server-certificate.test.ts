// The certificate while the gateway runs: renewed, replaced, and told of in time.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Alert } from '../../base/alerts.ts';
import { factsOf } from '../../base/http/tls/facts.ts';
import { makeCertificate, makeKey } from '../../base/http/tls/self-signed.ts';
import { silentLog } from '../../base/log.ts';
import { Metrics } from '../../base/metrics.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { Days, Minutes } from '../../base/units.ts';
import { parseConfig } from '../../config/load.ts';
import { ServerCertificate } from '../../daemon/server-certificate.ts';
import { ManualClock } from '../manual-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 20);
const MINUTE = Minutes(1);

async function setUp(t: ExecutionContext, tls = '') {
  const folder = await temporaryFolder(t);
  const clock = new ManualClock(NOW);
  const standing = new Map<string, Alert>();
  const metrics = new Metrics();
  const { config } = parseConfig(
    `gateway:\n  state-directory: ${folder}\n  host-names: [print.example.org]\n${tls.replaceAll('FOLDER', folder)}
queues: { print: { unowned-jobs: claimable } }\nprinters: { a: { uri: "ipp://10.0.0.1/ipp/print" } }\n`,
    'f',
  );
  const open = () =>
    ServerCertificate.open({
      gateway: config.gateway,
      announced: 'holdfast.local',
      gatewayKey: newKey(),
      clock,
      log: silentLog,
      metrics,
      alerts: {
        raise: (alert) => void standing.set(alert.key, alert),
        clear: (key) => void standing.delete(key),
      },
    });
  const give = async (from: number, until: number) => {
    const key = await makeKey();
    const wish = { names: ['print.example.org'], notBefore: from, notAfter: until };
    const certificate = await makeCertificate(key, wish);
    await writeFile(join(folder, 'cert.pem'), certificate);
    await writeFile(join(folder, 'key.pem'), key.reveal(), { mode: 0o600 });
    return factsOf(certificate).fingerprint;
  };
  return { folder, clock, standing, metrics, open, give };
}

const GIVEN = '  tls: { certificate: FOLDER/cert.pem, key: FOLDER/key.pem }\n';

test('its own is renewed while it runs, with its key, and no alert is needed', async (t) => {
  const { clock, standing, metrics, open } = await setUp(t);
  const certificate = await open();
  const before = certificate.facts;
  t.true(before.names.includes('print.example.org') && before.names.includes('holdfast.local'));
  clock.advance(before.notAfter - Days(60) - NOW - MINUTE);
  const changed = new Promise<string>((resolve) =>
    certificate.start((identity) => resolve(factsOf(identity.certificate).keyPin)),
  );
  clock.advance(MINUTE);
  t.is(await changed, before.keyPin);
  t.true(certificate.facts.notAfter > before.notAfter);
  t.is(certificate.origin, 'own');
  t.is(standing.size, 0);
  t.regex(
    await metrics.text(),
    new RegExp(`expiry_seconds ${(certificate.facts.notAfter - clock.now()) / 1000}`),
  );
  certificate.stop();
  t.is(clock.pending, 0);
});

test('a given one is an alert from 14 days before its end until its follower is there', async (t) => {
  const { clock, standing, open, give } = await setUp(t, GIVEN);
  await give(NOW - Days(60), NOW + Days(30));
  const certificate = await open();
  t.is(certificate.origin, 'given');
  clock.advance(Days(16) - 1);
  await certificate.look();
  t.deepEqual([...standing.keys()], []);
  clock.advance(1);
  await certificate.look();
  t.is(standing.get('certificate validity')?.message, 'The certificate expires on 2026-12-20');
  clock.advance(Days(15));
  await certificate.look();
  t.is(standing.get('certificate validity')?.message, 'The certificate has expired on 2026-12-20');
  const next = await give(clock.now() - Days(1), clock.now() + Days(90));
  await certificate.look();
  t.is(certificate.facts.fingerprint, next);
  t.is(standing.size, 0);
});

test('files that stay wrong are an alert; ones that are just being replaced are none', async (t) => {
  const { folder, standing, open, give } = await setUp(t, GIVEN);
  const first = await give(NOW - Days(1), NOW + Days(90));
  const certificate = await open();
  await rm(join(folder, 'key.pem'));
  await certificate.look();
  t.is(standing.size, 0, 'the other file may be on its way');
  await certificate.look();
  t.regex(standing.get('certificate not-taken')?.message ?? '', /key\.pem cannot be read: ENOENT/);
  t.is(certificate.facts.fingerprint, first);
  const next = await give(NOW - Days(1), NOW + Days(90));
  await certificate.look();
  t.is(certificate.facts.fingerprint, next);
  t.is(standing.size, 0);
});

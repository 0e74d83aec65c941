// Credentials of a directory's people age without contact to it: by kind, by the clock, and nobody else's.
import test from 'ava';
import { Metrics } from '../../../base/metrics.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { Secret } from '../../../base/secrets/secret.ts';
import { Days, Hours } from '../../../base/units.ts';
import { LocalPasswords } from '../../../identity/passwords/local-passwords.ts';
import { PasswordCheck } from '../../../identity/passwords/password-check.ts';
import { RecordingLog } from '../../recording-log.ts';
import { csv, importRight, openIdentity } from '../fixture.ts';
import { memoryPasswordStore } from '../memory-credentials.ts';
import { applied, draft, picture } from '../people/drafts.ts';

const DESK = { panel: 'desk' };
const CODE = '48151623';
const CARD = '04A1B2C3D4';
const LOCAL_CODE = '93817264';
const PIN = '806317';

const ANN = draft('ann', { cards: [CARD], codes: [CODE] });

async function underTest(maxAge: Parameters<typeof openIdentity>[0] & object) {
  const log = new RecordingLog();
  const fixture = await openIdentity({ log, ...maxAge });
  const { identity, ages, clock } = fixture;
  await applied(identity, picture(ANN));
  let lastContact = clock.now();
  ages.watch(() => [{ name: 'office', lastContact }]);
  return {
    ...fixture,
    log,
    contact: () => {
      lastContact = clock.now();
    },
    code: (code = CODE) => identity.signInWithCode(code, DESK),
    card: () => identity.signInWithCard({ kind: 'text', text: CARD }, [], DESK),
    cardAndPin: () => identity.signInWithCardAndPin({ kind: 'text', text: CARD }, [], PIN, DESK),
  };
}

test('codes end with their time, cards go on, and the next answer brings them back', async (t) => {
  const gateway = await underTest({ maxAge: { office: { codes: Hours(8) } } });
  await importRight(t, gateway.identity, csv(`bob@x.org,CREATE,bob,,${LOCAL_CODE}`));
  gateway.clock.advance(Hours(8) - 1);
  t.like(gateway.code(), { ok: true });
  t.deepEqual(gateway.ages.warnings(), []);
  gateway.clock.advance(1);
  t.like(gateway.code(), { ok: false, reason: 'unknown' });
  t.like(gateway.card(), { ok: true });
  t.like(gateway.code(LOCAL_CODE), { ok: true }, 'whoever is kept here only does not age');
  t.true(gateway.log.text.includes('code of somebody whose directory was not reached for too long'));
  t.regex(await gateway.metrics.text(), /sign_ins_total\{kind="code",outcome="stale"\} 1/);
  t.deepEqual(gateway.ages.warnings(), [
    'The directory office was not reached for too long; refused of its people: codes after 8 h',
  ]);
  gateway.contact();
  t.like(gateway.code(), { ok: true });
  t.deepEqual(gateway.ages.warnings(), []);
});

test('cards end with their time, with a PIN and without', async (t) => {
  const gateway = await underTest({ maxAge: { office: { cards: Days(1) } } });
  const ann = gateway.identity.byUserName('ann');
  if (ann === undefined) return t.fail();
  await gateway.identity.setPin(ann.id, PIN);
  t.like(gateway.cardAndPin(), { ok: true });
  gateway.clock.advance(Days(1));
  t.like(gateway.card(), { ok: false, reason: 'unknown' });
  t.like(gateway.cardAndPin(), { ok: false, reason: 'unknown' });
  t.like(gateway.code(), { ok: true });
});

test('without a limit nothing ages, and another directory is not meant', async (t) => {
  for (const maxAge of [{}, { other: { codes: Hours(1), cards: Hours(1) } }]) {
    const gateway = await underTest({ maxAge });
    gateway.clock.advance(Days(1000));
    t.like(gateway.code(), { ok: true });
    t.like(gateway.card(), { ok: true });
  }
});

test('never reached, as after its state was lost: refused', async (t) => {
  const { ages, code } = await underTest({ maxAge: { office: { codes: Hours(8) } } });
  ages.watch(() => []);
  t.like(code(), { ok: false });
});

test('a password that is kept here is not taken either, not even a remembered one', async (t) => {
  const { identity, ages, clock, log } = await underTest({ maxAge: { office: { passwords: Hours(8) } } });
  const ann = identity.byUserName('ann');
  if (ann === undefined) return t.fail();
  const shared = { people: identity, clock, log, metrics: new Metrics() };
  const local = await LocalPasswords.open({ ...shared, gatewayKey: newKey(), store: memoryPasswordStore() });
  await local.set(ann.id, new Secret('planted-Passwort-1'));
  const check = new PasswordCheck({
    ...shared,
    verifiers: [local],
    isStale: (person) => ages.isTooOld(identity.sourceOf(person) ?? '', 'passwords'),
  });
  const verify = () => check.verifyPassword('ann', 'planted-Passwort-1', '192.0.2.1');
  clock.advance(Hours(8) - 1000);
  t.like(await verify(), { right: true });
  clock.advance(1000);
  t.like(await verify(), { right: false, reason: 'wrong' });
});

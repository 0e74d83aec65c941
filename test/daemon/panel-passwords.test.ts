// Passwords that are typed at panels: wrong ones slow down that panel, raise an alert, and count for the site.
import test from 'ava';
import { Secret } from '../../base/secrets/secret.ts';
import { Seconds } from '../../base/units.ts';
import { panelIdentity } from '../../daemon/panel-identity.ts';
import { Guessing, SITE_ALERT } from '../../identity/guessing/guessing.ts';
import { GUESSING_DEFAULTS } from '../../identity/guessing/limits.ts';
import { openIdentity } from '../identity/fixture.ts';
import { ManualClock } from '../manual-clock.ts';
import { panel } from '../panel-protocol/fakes.ts';
import { RecordingAlerts } from '../recording-alerts.ts';

test('passwords guessed at a panel for many names slow down that panel only, and somebody hears of it', async (t) => {
  const { identity } = await openIdentity();
  const clock = new ManualClock();
  const alerts = new RecordingAlerts();
  const limits = { ...GUESSING_DEFAULTS, site: { ...GUESSING_DEFAULTS.site, budget: 20 } };
  const guessing = new Guessing({ clock, alerts, limits });
  let asked = 0;
  const passwords = {
    verifyPassword: async () => {
      asked += 1;
      return { right: false, reason: 'wrong', wait: Seconds(0) } as const;
    },
  };
  const rooms = { identity, guessing, credentials: { passwords }, registry: { hasPath: () => false }, clock };
  const panels = panelIdentity(rooms as never);
  let names = 0;
  const guess = (name: string) => {
    names += 1;
    const at = { panel: panel({ name, addresses: [] }), address: `192.0.2.${names % 200}` };
    const value = new Secret('wrong');
    return panels.signIn({ kind: 'password', userName: `name${names}`, value }, at);
  };
  for (let tries = 0; tries < 6; tries++) t.like(await guess('a'), { reason: 'unknown' });
  t.deepEqual(await guess('a'), { ok: false, reason: 'throttled', retryAfter: Seconds(10) });
  t.is(asked, 6, 'not looked at');
  t.like(await guess('b'), { reason: 'unknown' });
  t.deepEqual(guessing.admit('code', { panel: 'a' }), { admit: 'yes' }, 'codes are counted by themselves');
  for (let tries = 0; tries < 20; tries++) {
    const answer = await guess('a');
    if ('retryAfter' in answer) clock.advance(answer.retryAfter);
  }
  t.true(
    alerts.told.some((each) => each.includes('guessing password a')),
    alerts.told.join(),
  );
  for (const name of ['c', 'd', 'e', 'f', 'g']) for (let tries = 0; tries < 6; tries++) await guess(name);
  t.true(alerts.standing.has(SITE_ALERT));
});

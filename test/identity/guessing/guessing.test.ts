// Guesses at one panel and at many: who waits, who does not, and who is told.
import test from 'ava';
import { Days, Hours, Minutes, Seconds } from '../../../base/units.ts';
import { Guessing, type GuessPlace, SITE_ALERT } from '../../../identity/guessing/guessing.ts';
import type { GuessingLimits } from '../../../identity/guessing/limits.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';

const LIMITS: GuessingLimits = {
  code: { budget: 3, forgiveEvery: Minutes(5), firstDelay: Seconds(10), longestDelay: Minutes(15) },
  card: { budget: 2, forgiveEvery: Minutes(5) },
  site: { budget: 6, forgiveEvery: Minutes(1), longestDelay: Hours(1) },
};

function open(limits: Partial<GuessingLimits> = {}) {
  const clock = new ManualClock();
  const alerts = new RecordingAlerts();
  const guessing = new Guessing({ clock, alerts, limits: { ...LIMITS, ...limits } });
  /** Wrong codes, each as soon as the panel takes it; the waits after each in seconds. */
  const mistype = (place: GuessPlace, times: number) =>
    Array.from({ length: times }, () => {
      const admission = guessing.admit('code', place);
      if (admission.admit === 'wait') clock.advance(admission.wait);
      return Math.round(guessing.wrong('code', place) / 1000);
    });
  return { clock, alerts, guessing, mistype };
}

const AT = (panel: string): GuessPlace => ({ panel });

test('past its budget a panel waits longer and longer, others do not', (t) => {
  const { guessing, mistype } = open();
  t.deepEqual(mistype(AT('a'), 5), [0, 0, 0, 10, 20]);
  t.deepEqual(guessing.admit('code', AT('a')), { admit: 'wait', wait: Seconds(20) });
  t.deepEqual(guessing.admit('code', AT('b')), { admit: 'yes' });
});

test('a panel that is known by little has half the budget of codes, and all of PINs', (t) => {
  const limits = { code: { ...LIMITS.code, budget: 4 } };
  t.deepEqual(open(limits).mistype({ panel: 'a', isWeak: true }, 4), [0, 0, 10, 20]);
  t.deepEqual(open(limits).mistype(AT('a'), 4), [0, 0, 0, 0]);
  const { guessing } = open(limits);
  for (let tries = 0; tries < 4; tries++)
    t.is(Number(guessing.wrong('pin', { panel: 'a', isWeak: true })), 0);
});

test('codes, cards and PINs have budgets of their own', (t) => {
  const { guessing, mistype } = open();
  mistype(AT('a'), 4);
  t.deepEqual(guessing.admit('card', AT('a')), { admit: 'yes' });
  t.deepEqual(guessing.admit('pin', AT('a')), { admit: 'yes' });
});

test('a reader is known again at another panel', (t) => {
  const { guessing, mistype } = open();
  mistype({ panel: 'a', reader: 'usb-1' }, 4);
  t.is(guessing.admit('code', { panel: 'b', reader: 'usb-1' }).admit, 'wait');
  t.is(guessing.admit('code', { panel: 'b', reader: 'usb-2' }).admit, 'yes');
  t.is(guessing.admit('code', AT('a')).admit, 'wait');
});

test('one wrong try at a reader of a panel is one for the site', (t) => {
  const { alerts, guessing } = open({ code: { ...LIMITS.code, budget: 100 } });
  for (let tries = 0; tries < 6; tries++) guessing.wrong('code', { panel: 'a', reader: 'usb-1' });
  t.false(alerts.standing.has(SITE_ALERT));
  guessing.wrong('code', { panel: 'a', reader: 'usb-1' });
  t.true(alerts.standing.has(SITE_ALERT));
});

test('when the site’s budget is spent, panels that took part slow down, the others do not', (t) => {
  const { clock, guessing, mistype } = open();
  t.deepEqual(mistype(AT('a'), 3), [0, 0, 0]);
  t.deepEqual(mistype(AT('b'), 3), [0, 0, 0]);
  t.deepEqual(mistype(AT('a'), 1), [80], 'its fourth: 10, 20, 40, 80 s');
  t.deepEqual(guessing.admit('code', AT('c')), { admit: 'yes' });
  t.deepEqual(mistype(AT('c'), 2), [10, 20], 'and one who mistypes there waits little');
  clock.advance(Days(1));
  t.deepEqual(mistype(AT('a'), 2), [0, 0], 'time forgives all of it');
});

test('past its budget of cards a panel takes them only with a PIN, and alone again when time has forgiven', (t) => {
  const { clock, guessing } = open();
  for (let cards = 0; cards < 2; cards++) {
    t.deepEqual(guessing.admit('card', AT('a')), { admit: 'yes' });
    t.is(guessing.wrong('card', AT('a')), Seconds(0));
  }
  t.deepEqual(guessing.admit('card', AT('a')), { admit: 'with-pin' });
  t.deepEqual(guessing.admit('card', AT('b')), { admit: 'yes' });
  clock.advance(Minutes(5) - 1000);
  t.deepEqual(guessing.admit('card', AT('a')), { admit: 'with-pin' });
  clock.advance(1000);
  t.deepEqual(guessing.admit('card', AT('a')), { admit: 'yes' });
});

test('when the site’s budget is spent, a panel with an unknown card takes cards only with a PIN', (t) => {
  const { guessing } = open();
  guessing.wrong('card', AT('a'));
  for (let panel = 0; panel < 6; panel++) guessing.wrong('code', AT(`p${panel}`));
  t.deepEqual(guessing.admit('card', AT('a')), { admit: 'with-pin' });
  t.deepEqual(guessing.admit('card', AT('p0')), { admit: 'yes' });
});

test('alerts stand while somebody guesses, and end by themselves', (t) => {
  const { clock, alerts, guessing, mistype } = open();
  mistype(AT('a'), 6);
  t.deepEqual(alerts.told, [], 'a person who cannot remember');
  mistype(AT('a'), 1);
  mistype(AT('b'), 2);
  for (let cards = 0; cards < 2; cards++) guessing.wrong('card', AT('c'));
  t.deepEqual([...alerts.standing.keys()].sort(), ['guessing card c', 'guessing code a', SITE_ALERT]);
  t.is(alerts.standing.get(SITE_ALERT)?.kind, 'security');
  clock.advance(Hours(2));
  t.deepEqual([...alerts.standing.keys()], []);
  t.is(clock.pending, 0);
});

test('a stolen card at many panels: past two budgets each panel looks at one PIN, and the victim’s is right', (t) => {
  const { clock, guessing } = open({ site: { ...LIMITS.site, budget: 100_000 } });
  const looked = (panel: string, person = 'ann') => {
    let tries = 0;
    while (tries < 50 && guessing.admit('pin', { panel, person }).admit === 'yes') {
      guessing.wrong('pin', { panel, person });
      tries++;
    }
    return tries;
  };
  t.deepEqual(
    ['a', 'b', 'c', 'd'].map((panel) => looked(panel)),
    [4, 3, 1, 1],
  );
  t.deepEqual(guessing.admit('pin', { panel: 'home', person: 'ann' }), { admit: 'yes' });
  t.is(looked('a', 'bob'), 4, 'others are not slowed down');
  clock.advance(Hours(2));
  t.is(looked('e'), 4, 'time forgives');
});

test('memory has a bound', (t) => {
  const { guessing, clock } = open({ site: { ...LIMITS.site, budget: 100_000 } });
  for (let tries = 0; tries < 4; tries++) guessing.wrong('code', AT('first'));
  t.is(guessing.admit('code', AT('first')).admit, 'wait');
  for (let place = 0; place < 10_000; place++) guessing.wrong('code', AT(`p${place}`));
  t.is(guessing.admit('code', AT('first')).admit, 'yes');
  t.is(clock.pending <= 1, true);
});

test('a badge that became somebody’s was no guess; what was guessed beside it still counts', (t) => {
  const { guessing } = open();
  const place = { panel: 'a', reader: 'r' };
  for (let badge = 0; badge < 10; badge++) {
    t.is(guessing.admit('card', place).admit, 'yes');
    guessing.wrong('card', place);
    guessing.forgiveCard(place);
  }
  for (let guess = 0; guess < 2; guess++) guessing.wrong('card', place);
  t.is(guessing.admit('card', place).admit, 'with-pin');
  guessing.forgiveCard(AT('b'));
  t.is(guessing.admit('card', place).admit, 'with-pin', 'another panel forgives nothing here');
});

// The warning of codes in use that are too short.
import test from 'ava';
import { Hours, Minutes } from '../../base/units.ts';
import { CODES_ALERT, CodeWatch } from '../../daemon/code-watch.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingAlerts } from '../recording-alerts.ts';
import { RecordingLog } from '../recording-log.ts';

function open() {
  const [alerts, clock, log] = [new RecordingAlerts(), new ManualClock(), new RecordingLog()];
  const state = { acceptRisk: false, shares: { 4: 0.05, 6: 0.0005 } as Record<number, number> };
  const policy = () => ({ guessesPerWeek: 2029, hitsAllowedPerWeek: 1, acceptRisk: state.acceptRisk });
  const shareOfCodes = async (digits: number) => state.shares[digits] ?? 0;
  return { alerts, clock, log, state, watch: new CodeWatch({ policy, shareOfCodes, alerts, clock, log }) };
}

test('an alert names the lengths, and ends when the codes are longer or the risk is accepted', async (t) => {
  const { watch, alerts, log, state } = open();
  await watch.look();
  const alert = alerts.standing.get(CODES_ALERT);
  t.is(alert?.kind, 'security');
  t.regex(
    alert?.message ?? '',
    /^codes of 4 digits .*; codes of 6 digits .* one guess in 2000 hits, 1\.0 a week/,
  );
  t.deepEqual(
    log.lines.map(({ fields }) => fields['digits']),
    [4, 6],
  );
  state.shares = { 7: 0.0001 };
  await watch.look();
  t.false(alerts.standing.has(CODES_ALERT));
  state.shares = { 4: 0.05 };
  await watch.look();
  state.acceptRisk = true;
  await watch.look();
  t.false(alerts.standing.has(CODES_ALERT));
});

test('it looks after the start, again and again, until it is stopped', async (t) => {
  const { watch, alerts, clock, state } = open();
  watch.start();
  t.is(clock.pending, 1);
  clock.advance(Minutes(1));
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  t.true(alerts.standing.has(CODES_ALERT));
  state.shares = {};
  clock.advance(Hours(6));
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  t.false(alerts.standing.has(CODES_ALERT));
  watch.stop();
  t.is(clock.pending, 0);
});

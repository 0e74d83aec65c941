// Whose sockets they are, and what they are called.
import test from 'ava';
import { takeInheritedSockets } from '../../../base/http/inherited-sockets.ts';

const OWN = [100, 99];

for (const [name, environment, expected] of [
  ['two of one unit', { LISTEN_PID: '100', LISTEN_FDS: '2', LISTEN_FDNAMES: 'ipp:ipp' }, { ipp: [3, 4] }],
  [
    'of two units',
    { LISTEN_PID: '100', LISTEN_FDS: '3', LISTEN_FDNAMES: 'ipp:web:ipp' },
    { ipp: [3, 5], web: [4] },
  ],
  ['handed on by the launcher', { LISTEN_PID: '99', LISTEN_FDS: '1', LISTEN_FDNAMES: 'ipp' }, { ipp: [3] }],
  ['without names', { LISTEN_PID: '100', LISTEN_FDS: '1' }, { unknown: [3] }],
  ['for another process', { LISTEN_PID: '7', LISTEN_FDS: '1', LISTEN_FDNAMES: 'ipp' }, {}],
  ['none', {}, {}],
  ['no number', { LISTEN_PID: '100', LISTEN_FDS: '-1', LISTEN_FDNAMES: 'ipp' }, {}],
] as const) {
  test(name, (t) => {
    const given: NodeJS.ProcessEnv = { ...environment, OTHER: 'x' };
    t.deepEqual(Object.fromEntries(takeInheritedSockets(given, OWN)), expected);
    t.deepEqual(given, { OTHER: 'x' }, 'no child thinks that they are for it');
  });
}

test('more than anybody hands over', (t) => {
  const found = takeInheritedSockets({ LISTEN_PID: '100', LISTEN_FDS: '999' }, OWN);
  t.is(found.get('unknown')?.length, 64);
});

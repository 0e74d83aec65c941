// Panels in a configuration: printers, ways to sign in that go together, defaults for all of them.
import test from 'ava';
import { parseConfig } from '../../config/load.ts';
import { contrastWithWhite } from '../../config/panels.ts';
import { errorsOf, PRINTERS, QUEUES, warningsOf } from './told.ts';

const WRONG: readonly (readonly [panel: string, ...errors: string[]])[] = [
  ['printer: a'],
  ['printers: [b, a]'],
  [
    'printer: a, printers: [b]',
    'f:3:26 panels.p.printers: stands beside printer; must be left out, or in its place',
  ],
  ['language: en', 'f:3:10 panels.p.printer: is missing; must be the name of a printer'],
  [
    'printers: [c]',
    'f:3:25 panels.p.printers[0]: no printer has the name "c" (did you mean a?); must be a or b',
  ],
  ['printers: [a, a]', 'f:3:28 panels.p.printers[1]: stands in the list already; must be there once'],
  [
    'printers: []',
    'f:3:24 panels.p.printers: is empty; must be a list of names of printers, such as [mfp-1, mfp-2]',
  ],
  ['printer: a, sign-in: [badge, code, password]'],
  ['printer: a, sign-in: [badge-and-pin, code]'],
  [
    'printer: a, sign-in: [badge, badge-and-pin]',
    'f:3:43 panels.p.sign-in[1]: stands beside badge, which asks for no PIN; must be left out, or in its place',
  ],
  [
    'printer: a, sign-in: [code, code]',
    'f:3:42 panels.p.sign-in[1]: stands in the list already; must be there once',
  ],
  [
    'printer: a, sign-in: [pin]',
    'f:3:36 panels.p.sign-in[0]: "pin" is unknown; must be badge, code, badge-and-pin or password',
  ],
  [
    'printer: a, sign-in: []',
    'f:3:35 panels.p.sign-in: is empty; must be a list of `badge`, `badge-and-pin`, `code` and `password`',
  ],
  ['printer: a, plain-http: allow'],
  [
    'printer: a, sign-in: [password], plain-http: allow',
    'f:3:59 panels.p.plain-http: would show passwords to the network: password is a way to sign in here; must be refuse',
  ],
  ['printer: a, bind-cards: never'],
  ['printer: a, bind-cards: [by-sign-in, by-activation]'],
  [
    'printer: a, bind-cards: always',
    'f:3:38 panels.p.bind-cards: is a single value; must be `never`, or a list of `by-sign-in` and `by-activation`',
  ],
];

for (const [panel, ...errors] of WRONG) {
  test(`panel: ${panel}`, (t) => {
    t.deepEqual(errorsOf(`${PRINTERS}${QUEUES}panels: {p: {${panel}}}`), errors);
  });
}

test('what all panels have can be said once, and clashes are told where they arise', (t) => {
  const text = (defaults: string, panel: string) =>
    `${PRINTERS}${QUEUES}panel-defaults: {${defaults}}\npanels: {p: {printer: a${panel}}}`;
  const { config } = parseConfig(text('sign-in: [code], session-timeout: 30 s', ', sign-in: [badge]'), 'f');
  t.like(config.panels[0], { signIn: ['badge'], sessionTimeout: 30_000, marked: 'all' });
  t.like(config.panelDefaults, { signIn: ['code'], sessionTimeout: 30_000, color: '#00596b' });
  t.deepEqual(errorsOf(text('sign-in: [password], plain-http: allow', '')), [
    'f:3:51 panel-defaults.plain-http: would show passwords to the network: password is a way to sign in here; must be refuse',
  ]);
  t.deepEqual(errorsOf(text('sign-in: [password]', ', plain-http: allow')), [
    'f:4:38 panels.p.plain-http: would show passwords to the network: password is a way to sign in here; must be refuse',
  ]);
  t.deepEqual(errorsOf(text('plain-http: allow', ', sign-in: [code, password]')), [
    'f:4:42 panels.p.sign-in[1]: stands where plain-http is allowed; must be left out, or with plain-http: refuse',
  ]);
  t.deepEqual(errorsOf(text('printer: a', '')).length, 1);
});

test('white letters can be read on the colour', (t) => {
  const color = (value: string) => errorsOf(`${PRINTERS}${QUEUES}panel-defaults: {color: "${value}"}`);
  const allowed =
    'must be a dark colour such as "#00596b", on which white letters can be read (contrast 4.5 or more)';
  t.deepEqual(color('#767676'), []);
  t.deepEqual(color('#777777'), [`f:3:25 panel-defaults.color: #777777 has a contrast of 4.4; ${allowed}`]);
  t.deepEqual(color('teal'), [`f:3:25 panel-defaults.color: "teal" is no colour; ${allowed}`]);
  t.is(contrastWithWhite('#000000'), 21);
  t.is(contrastWithWhite('#ffffff'), 1);
});

test('what has no effect is told', (t) => {
  const of = (panel: string) => warningsOf(`${PRINTERS}${QUEUES}panels: {p: {printers: [a, b], ${panel}}}`);
  t.deepEqual(of('bind-cards: [by-sign-in], release-all: true'), []);
  t.deepEqual(of('sign-in: [code], bind-cards: [by-sign-in]'), [
    'f:3:10 panels.p: bind-cards has no effect: no badge is a way to sign in here',
  ]);
  t.deepEqual(of('sign-in: [code], release-all: true'), [
    'f:3:10 panels.p: release-all has no effect: no badge is a way to sign in here',
  ]);
  t.deepEqual(of('sign-in: [badge], bind-cards: [by-sign-in]'), [
    'f:3:10 panels.p: bind-cards: by-sign-in has no effect: neither code nor password is a way to sign in here',
  ]);
  t.deepEqual(of('bind-cards: [by-activation]'), [
    'f:3:10 panels.p: bind-cards: by-activation has no effect: there is no mail server, see mail',
  ]);
});

// YAML that is no configuration: each wrong key and value told with its place, what is wrong, what is allowed.
import test from 'ava';
import { errorsOf, PRINTERS, QUEUES } from './told.ts';

const SECRETS =
  'no secret stands in this file: codes come with `holdfast people import FILE.csv`, passwords with `holdfast people set-password USER`, tokens with `holdfast tokens create`, the key of the gateway has a file of its own (gateway.key-file)';
const NAME =
  'must be a name of 1 to 63 letters (a to z), digits, ".", "_" and "-" that begins with a letter or digit';
const GROUP = 'must be a group of keys, each in a line of its own under it';
const NAMES = 'must be a group of names, each with its keys under it';
const TEXT = 'must be a text of 1 to 127 octets (UTF-8) in one line';
const LISTEN = 'must be a list of addresses with ports, such as ["0.0.0.0:631", "[::]:631"], or `systemd`';

/** The text follows {@link PRINTERS} and {@link QUEUES}, so it begins in line 3. */
const TABLE: readonly (readonly [text: string, ...errors: string[]])[] = [
  // Unknown keys.
  ['gatewya: {}', 'f:3:1 gatewya: unknown key; did you mean "gateway"?'],
  [
    'gateway: {state: /x}',
    'f:3:11 gateway.state: unknown key; must be name, state-directory, key-file, control-socket, host-names, discovery, ipp, web, reader-lines, tls or log',
  ],
  ['limits: {idle-tiem: 3 s}', 'f:3:10 limits.idle-tiem: unknown key; did you mean "idle-time"?'],
  [
    'gateway: {<<: {name: x}}',
    'f:3:11 gateway.<<: unknown key; must be name, state-directory, key-file, control-socket, host-names, discovery, ipp, web, reader-lines, tls or log',
  ],
  [
    'gateway: {constructor: x}',
    'f:3:11 gateway.constructor: unknown key; must be name, state-directory, key-file, control-socket, host-names, discovery, ipp, web, reader-lines, tls or log',
  ],
  // Secrets, which no error repeats.
  ['gateway: {password: hunter2}', `f:3:11 gateway.password: ${SECRETS}`],
  // Mails with codes.
  [
    'codes: {for-new-people: {digits: 8}}',
    'f:3:9 codes.for-new-people: mails codes, and there is no mail server; must be left out, or beside mail',
  ],
  [
    'codes: {mail: {templates: {nl: {subject: a, text: "%id_number%"}}}}',
    'f:3:28 codes.mail.templates.nl: is no language of Holdfast; must be en, fr, de or pl',
  ],
  [
    'codes:\n  mail:\n    templates:\n      de:\n        subject: 50 % %%\n        text: "%id_number% %full_nam%"',
    'f:8:15 codes.mail.templates.de.text: has "%full_nam%", and the fields are %id_number%, %full_name%, %first_name%, %last_name%, %user_name%, %email%, %department%, %office%, %cost_center%, %expires%, %validity%, %gateway% (%% is a percent sign); must be a text of at most 20000 characters with %id_number% in it',
  ],
  [
    'codes: {mail: {templates: {de: {subject: a, text: Hallo}}}}',
    'f:3:51 codes.mail.templates.de.text: does not tell the code; must be a text of at most 20000 characters with %id_number% in it',
  ],
  ['panels: {p: {printer: a, addresses: [10.0.0.1], codes: [2468]}}', `f:3:49 panels.p.codes: ${SECRETS}`],
  ['gateway: {admin-token: hunter2}', `f:3:11 gateway.admin-token: ${SECRETS}`],
  ['gateway: {key-fiel: /x}', 'f:3:11 gateway.key-fiel: unknown key; did you mean "key-file"?'],
  [
    'gateway: {key-file: 0a1b2c}',
    'f:3:21 gateway.key-file: does not begin with /; must be an absolute path of at most 4095 octets',
  ],
  // Types.
  ['gateway: []', `f:3:10 gateway: is a list; ${GROUP}`],
  ['gateway: yes', `f:3:10 gateway: is a single value; ${GROUP}`],
  ['panels: [a]', `f:3:9 panels: is a list; ${NAMES}`],
  ['panels: {p: x}', `f:3:13 panels.p: is a single value; ${GROUP}`],
  ['gateway: {name: [x]}', `f:3:17 gateway.name: is a list; ${TEXT}`],
  ['gateway:\n  name:', `f:4:3 gateway.name: has no value; ${TEXT}`],
  ['gateway: {ipp: {listen: "[::]:631"}}', `f:3:25 gateway.ipp.listen: is a single value; ${LISTEN}`],
  ['gateway: {ipp: {listen: []}}', `f:3:25 gateway.ipp.listen: is empty; ${LISTEN}`],
  [
    'gateway: {log: {level: {}}}',
    'f:3:24 gateway.log.level: is a group of keys; must be debug, info, warn or error',
  ],
  [
    'gateway: {discovery: {announce: perhaps}}',
    'f:3:33 gateway.discovery.announce: is "perhaps"; must be true or false',
  ],
  [
    'gateway: {discovery: {interfaces: ["eth 0"]}}',
    'f:3:36 gateway.discovery.interfaces[0]: "eth 0" is no name of an interface; must be the name of a network interface, such as eth0',
  ],
  // Texts, paths, words.
  ['gateway: {name: ""}', `f:3:17 gateway.name: is empty; ${TEXT}`],
  ['gateway: {name: "a\\nb"}', `f:3:17 gateway.name: has characters that cannot be shown; ${TEXT}`],
  ['gateway: {name: "a\\u202Eb"}', `f:3:17 gateway.name: has characters that cannot be shown; ${TEXT}`],
  [`gateway: {name: ${'é'.repeat(64)}}`, `f:3:17 gateway.name: has 128 octets; ${TEXT}`],
  [
    'gateway: {state-directory: /}',
    'f:3:28 gateway.state-directory: is the root folder; must be an absolute path of at most 4095 octets',
  ],
  [
    `gateway: {control-socket: /${'x'.repeat(107)}}`,
    'f:3:27 gateway.control-socket: is too long; must be an absolute path of at most 107 octets',
  ],
  [
    'gateway: {log: {level: infos}}',
    'f:3:24 gateway.log.level: "infos" is unknown (did you mean info?); must be debug, info, warn or error',
  ],
  // Quantities.
  [
    'limits: {idle-time: 60}',
    'f:3:21 limits.idle-time: "60" is no number with ms, s, min, h or d; must be a duration from 5 s to 1 d',
  ],
  [
    'limits: {idle-time: 4.9 s}',
    'f:3:21 limits.idle-time: "4.9 s" is too little; must be a duration from 5 s to 1 d',
  ],
  [
    'limits: {idle-time: 25h}',
    'f:3:21 limits.idle-time: "25h" is too much; must be a duration from 5 s to 1 d',
  ],
  [
    `limits: {idle-time: ${'9'.repeat(400)} d}`,
    `f:3:21 limits.idle-time: "${'9'.repeat(60)}…" is no number with ms, s, min, h or d; must be a duration from 5 s to 1 d`,
  ],
  [
    'limits: {document-size: 64 MB}',
    'f:3:25 limits.document-size: "64 MB" is no number with B, KiB, MiB, GiB or TiB; must be a size from 1 KiB to 1 TiB',
  ],
  [
    'limits: {document-size: 2 TiB}',
    'f:3:25 limits.document-size: "2 TiB" is too much; must be a size from 1 KiB to 1 TiB',
  ],
  ['limits: {jobs: -1}', 'f:3:16 limits.jobs: is "-1"; must be a whole number from 1 to 1000000'],
  ['limits: {jobs: 1e3}', 'f:3:16 limits.jobs: is "1e3"; must be a whole number from 1 to 1000000'],
  ['limits: {jobs: 0}', 'f:3:16 limits.jobs: is "0"; must be a whole number from 1 to 1000000'],
  ['limits: {jobs: 1000001}', 'f:3:16 limits.jobs: is "1000001"; must be a whole number from 1 to 1000000'],
  // Names.
  [
    'panels: {"a/b": {printer: a, addresses: [10.0.0.1]}}',
    `f:3:10 panels.a/b: does not fit an address as a name; ${NAME}`,
  ],
  [
    'panels: {.p: {printer: a, addresses: [10.0.0.1]}}',
    `f:3:10 panels..p: does not fit an address as a name; ${NAME}`,
  ],
  [
    'panels: {p: {printer: a, addresses: [10.0.0.1]}, P: {printer: a, addresses: [10.0.0.1]}}',
    'f:3:50 panels.P: is "p" in other capitals; must be another name',
  ],
  // What must be there.
  ['panels: {p: }', 'f:3:10 panels.p.printer: is missing; must be the name of a printer'],
  [
    'panels: {p: {printer: c, addresses: [10.0.0.1]}}',
    'f:3:23 panels.p.printer: no printer has the name "c" (did you mean a?); must be a or b',
  ],
];

for (const [text, ...errors] of TABLE) {
  test(text.slice(0, 80).replaceAll('\n', ' ↵ '), (t) => {
    t.deepEqual(errorsOf(`${PRINTERS}${QUEUES}${text}\n`), errors);
  });
}

test('no secret is repeated', (t) => {
  const errors = errorsOf(
    `${QUEUES}gateway: {password: hunter2, key-file: hunter2, pin: [hunter2], "hunter2\n: x}
printers: {a: {uri: "ipp://admin:hunter2@10.1.2.3/x"}, b: {uri: "socket://10.1.2.3#hunter2"}, c: {uri: hunter2}}`,
  );
  t.notRegex(errors.join('\n'), /hunter2/);
  const parts = errorsOf(
    `${QUEUES}gateway: {password: hunter2, key-file: hunter2, pin: [hunter2]}
printers: {a: {uri: "ipp://admin:hunter2@10.1.2.3/x"}, b: {uri: "socket://10.1.2.3#hunter2"}, c: {uri: hunter2}}`,
  );
  t.is(parts.length, 6);
  t.notRegex(parts.join('\n'), /hunter2/);
});

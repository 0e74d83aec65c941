// Alerts and SNMP: who is told exists, nothing secret stands in the file, versions have what they need.
import test from 'ava';
import { errorsOf, PRINTERS, QUEUES, warningsOf } from './told.ts';

/** Without their places: they are those of the keys. */
const told = (text: string) => errorsOf(text).map((each) => each.replace(/^\S+ /, ''));
const MAIL = 'mail: {host: mail.x.org, from: p@x.org}\n';
const alerts = (keys: string, mail = MAIL) => told(`${PRINTERS}${QUEUES}${mail}alerts: {${keys}}`);
const hook = (url: string) => alerts(`recipients: {it: {webhook: {url: "${url}"}}}`);

test('recipients', (t) => {
  t.deepEqual(
    alerts('printer-groups: {f: {printers: [a]}}, recipients: {it: {printers: [f, b], mail: [it@x.org]}}'),
    [],
  );
  t.deepEqual(alerts('recipients: {it: {mail: [it@x.org]}}', ''), [
    'alerts.recipients.it.mail: has no mail server; must be left out, or beside mail',
  ]);
  t.deepEqual(alerts('recipients: {it: {kinds: [printer]}}'), [
    'alerts.recipients.it: tells nobody; must be given mail, or webhook',
  ]);
  t.deepEqual(alerts('printer-groups: {a: {printers: [b, b]}}'), [
    'alerts.printer-groups.a: is the name of a printer, or of all; must be another name',
    'alerts.printer-groups.a.printers[1]: stands in the list already; must be there once',
  ]);
  t.regex(
    alerts('recipients: {it: {kinds: [toner], mail: [it@x.org]}}').join(),
    /kinds\[0\]: "toner" is unknown/,
  );
  t.regex(alerts('supplies-below: 0').join(), /must be a whole number from 1 to 90/);
  t.regex(alerts('interval: 1 s').join(), /"1 s" is too little/);
});

test('printers that were pinned may be named; a name that may be a slip is warned of, once a list', (t) => {
  const named = (keys: string) =>
    warningsOf(`${PRINTERS}${QUEUES}${MAIL}alerts: {${keys}}`)
      .filter((each) => each.includes('alerts.'))
      .map((each) => each.replace(/^\S+ /, ''));
  const it = (printers: string) => `recipients: {it: {printers: ${printers}, mail: [it@x.org]}}`;
  t.deepEqual(named(`printer-groups: {hall: {printers: [a]}}, ${it('[hall, b]')}`), []);
  t.deepEqual(named(it('all')), []);
  const rest = 'unless it was pinned by that name, nobody is told of it here';
  t.deepEqual(named(`printer-groups: {hall: {printers: [a, ward-1]}}, ${it('[hal, ward-2]')}`), [
    `alerts.printer-groups.hall.printers: no printer of this file has the name "ward-1": ${rest}`,
    `alerts.recipients.it.printers: no printer of this file has the name "hal" (did you mean hall?), nor 1 more of these: ${rest}`,
  ]);
});

test('webhooks go over TLS, and no secret stands in the file or in an error', (t) => {
  t.deepEqual(hook('https://x.org/hook?for=printers'), []);
  for (const url of [
    'http://x.org/s3same',
    'https://u:s3same@x.org/',
    'https://x.org/#s3same',
    's3same',
    'https://',
  ]) {
    const errors = hook(url);
    t.is(errors.length, 1, url);
    t.notRegex(errors.join(), /s3same/);
  }
});

test('templates', (t) => {
  t.deepEqual(alerts('templates: {de: {subject: "%summary%", text: "%notices% 100 %%"}}'), []);
  t.regex(alerts('templates: {xx: {subject: s, text: "%notices%"}}').join(), /is no language of Holdfast/);
  t.regex(
    alerts('templates: {en: {subject: "%code%", text: "%notices%"}}').join(),
    /has "%code%", and the fields are/,
  );
  t.regex(alerts('templates: {en: {subject: s, text: t}}').join(), /does not tell what happened/);
});

test('SNMP: each version has what it needs, and nothing of the other', (t) => {
  const snmp = (keys: string, uri = 'ipp://10.1.2.3/ipp/print') =>
    told(`printers: {a: {uri: "${uri}", snmp: {${keys}}}}\n${QUEUES}`);
  t.deepEqual(snmp(''), []);
  t.deepEqual(snmp('host: "fd00::1", community-file: /etc/community'), []);
  t.deepEqual(
    snmp('version: v3, user: gw, authentication-password-file: /a, privacy-password-file: /b, privacy: des'),
    [],
  );
  t.deepEqual(snmp('version: v3, community-file: /c, user: gw'), [
    'printers.a.snmp.authentication-password-file: is missing; must be given for v3',
    'printers.a.snmp.privacy-password-file: is missing; must be given for v3',
    'printers.a.snmp.community-file: is for v2c; must be left out',
  ]);
  t.deepEqual(snmp('user: gw'), ['printers.a.snmp.user: is for v3; must be left out']);
  t.deepEqual(snmp('port: 1', 'file:///x'), [
    'printers.a.snmp.host: is missing, and the uri has none; must be the address of the printer',
  ]);
  t.regex(snmp('community: public').join(), /community/);
});

// Card readers in a configuration: a place to serve, a place to be plugged in, and what each kind needs.
import test from 'ava';
import { parseConfig } from '../../config/load.ts';
import { errorsOf, PRINTERS, QUEUES, warningsOf } from './told.ts';

const PANELS = 'panels: {wall: {printer: a, sign-in: [badge]}, desk: {printer: b, sign-in: [code]}}\n';
const BASE = `${PRINTERS}${QUEUES}${PANELS}`;
const at = (reader: string) => `${BASE}readers:\n  r: {${reader}}\n`;

/** Readers, and what each error begins with behind its line and column. */
const TABLE: readonly (readonly [reader: string, ...errors: string[]])[] = [
  ['panel: wall, kind: lines, device: /dev/ttyS0'],
  ['printer: a, kind: twn4, device: "usb:1-1.4", baud: 115200'],
  ['panel: wall, kind: keyboard, device: "usb-serial:E1", layout: de'],
  ['panel: wall, kind: pcsc, device: "pcsc:OMNIKEY 5022"'],
  ['panel: wall, kind: http, addresses: [10.1.2.9]'],
  ['kind: at-terminal'],
  ['panel: wall, printer: a, kind: lines, device: /dev/ttyS0', 'readers.r.printer: stands beside panel'],
  ['kind: lines, device: /dev/ttyS0', 'readers.r.panel: is missing'],
  ['printer: c, kind: lines, device: /dev/ttyS0', 'readers.r.printer: no printer has the name "c"'],
  ['panel: wall, kind: wiegand', 'readers.r.device: is missing'],
  ['panel: wall, kind: usb, device: /dev/ttyS0', 'readers.r.kind: "usb" is unknown'],
  ['panel: wall, kind: lines, device: ttyS0', 'readers.r.device: "ttyS0" is no place of a device'],
  ['panel: wall, kind: lines, device: /dev/../etc/passwd', 'readers.r.device: "/dev/../etc/passwd" is no'],
  ['panel: wall, kind: lines, device: /dev/ttyS0, baud: 50', 'readers.r.baud: '],
  ['panel: wall, kind: lines, device: /dev/ttyS0, layout: de', 'readers.r.layout: is not for lines'],
  ['panel: wall, kind: pcprox, device: /dev/ttyS0', 'readers.r.device: is a path, which pcprox has not'],
  ['panel: wall, kind: pcsc, device: "usb:1-1"', 'readers.r.device: is no PC/SC reader'],
  ['panel: wall, kind: twn4, device: "pcsc:ACR"', 'readers.r.device: is a PC/SC reader, which twn4 is not'],
  ['panel: wall, kind: pcsc, device: "pcsc:"', 'readers.r.device: "pcsc:" is no place of a device'],
  ['panel: wall, kind: http', 'readers.r.key-file: is missing'],
  ['printer: a, kind: http, addresses: [10.1.2.9]', 'readers.r.printer: has no screen to type a PIN at'],
  ['panel: wall, kind: network-lines, key-file: /k, plain-http: allow', 'readers.r.plain-http: is not for'],
  ['panel: wall, kind: at-terminal', 'readers.r.panel: is not for at-terminal'],
  ['panel: wall, kind: lines, device: /dev/ttyS0, conversion: [shout]', 'readers.r.conversion[0]: '],
];

for (const [reader, ...errors] of TABLE) {
  test(`a reader: ${reader}`, (t) => {
    const told = errorsOf(at(reader)).map((each) => each.replace(/^f:\d+:\d+ /, ''));
    t.is(told.length, errors.length, told.join('\n'));
    for (const [index, error] of errors.entries()) t.true(told[index]?.startsWith(error), told[index]);
  });
}

test('two readers cannot have one device', (t) => {
  const two = `${at('panel: wall, kind: lines, device: "usb:1-2"')}  s: {panel: desk, kind: twn4, device: "usb:1-2"}\n`;
  t.regex(errorsOf(two).join('\n'), /^f:6:\d+ readers\.s\.device: is that of "r"; must be another place$/);
});

test('a panel that is not there, or that takes no badges, is warned of: it may have been enrolled', (t) => {
  const warned = (panel: string) =>
    warningsOf(at(`panel: ${panel}, kind: lines, device: /dev/ttyS0`)).filter((each) => /readers/.test(each));
  t.deepEqual(warned('wall'), []);
  t.regex(
    warned('walls').join(),
    /readers\.r\.panel: no panel of this file has the name "walls" \(did you mean wall\?\)/,
  );
  t.regex(warned('desk').join(), /readers\.r\.panel: no badge is a way to sign in there/);
});

test('jobs that a reader at a printer gives out can be taken somewhere', (t) => {
  const text = (reader: string) => `printers: {a: {uri: "ipp://10.1.2.3/ipp/print"}}\n${QUEUES}${reader}`;
  const nowhere = (reader: string) => warningsOf(text(reader)).some((each) => /taken nowhere/.test(each));
  t.true(nowhere(''));
  t.false(nowhere('readers: {r: {printer: a, kind: lines, device: /dev/ttyS0}}\n'));
});

test('what is not written has its default', (t) => {
  const [reader] = parseConfig(at('panel: wall, kind: lines, device: /dev/ttyS0'), 'f').config.readers;
  t.like(reader, { name: 'r', baud: 9600, layout: 'us', plainHttp: 'refuse', addresses: [], conversion: [] });
});

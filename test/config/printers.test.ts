// Printers' URIs: what is read, what is refused, and that no error repeats one.
import test from 'ava';
import { parseConfig } from '../../config/load.ts';
import type { PrinterUri } from '../../config/printer-uri.ts';
import { errorsOf, QUEUES } from './told.ts';

const fileWith = (uri: string, more = ''): string =>
  `${QUEUES}printers: {a: {uri: ${JSON.stringify(uri)}${more}}}\n`;

const READ: Readonly<Record<string, PrinterUri>> = {
  'ipp://10.1.2.3/ipp/print': { scheme: 'ipp', host: '10.1.2.3', port: 631, path: '/ipp/print' },
  'IPPS://MFP-1.Example.org:443/ipp/print': {
    scheme: 'ipps',
    host: 'mfp-1.example.org',
    port: 443,
    path: '/ipp/print',
  },
  'ipp://[2001:DB8::1]:8631/a%20b/': { scheme: 'ipp', host: '2001:db8::1', port: 8631, path: '/a%20b/' },
  'ipp://mfp_1.local/x': { scheme: 'ipp', host: 'mfp_1.local', port: 631, path: '/x' },
};

for (const [text, uri] of Object.entries(READ)) {
  test(`${text} is read`, (t) => {
    const [printer] = parseConfig(fileWith(text), 'f').config.printers;
    t.deepEqual(printer?.uri, uri);
    t.deepEqual(printer?.formats, []);
  });
}

test('a socket is read with its formats', (t) => {
  const { config } = parseConfig(fileWith('socket://10.1.2.3', ', formats: [application/pdf]'), 'f');
  t.deepEqual(config.printers, [
    {
      name: 'a',
      uri: { scheme: 'socket', host: '10.1.2.3', port: 9100 },
      info: 'a',
      location: '',
      near: [],
      formats: ['application/pdf'],
    },
  ]);
});

test('a login is a user and the file of a password, where there is something to log in to', (t) => {
  const both = ', user: print, password-file: /etc/holdfast/mfp.password';
  t.like(parseConfig(fileWith('ipps://10.1.2.3/x', both), 'f').config.printers[0], {
    user: 'print',
    passwordFile: '/etc/holdfast/mfp.password',
  });
  t.regex(
    errorsOf(fileWith('ipps://10.1.2.3/x', ', user: print')).join(),
    /printers\.a\.password-file: is missing/,
  );
  const raw = errorsOf(fileWith('socket://x', `, formats: [application/pdf]${both}`));
  t.is(raw.length, 2);
  t.regex(raw.join(), /printers\.a\.user: is not for socket: printers/);
});

test('a USB printer is named by make and model, and by serial number or port', (t) => {
  const uri = (text: string) => parseConfig(fileWith(text), 'f').config.printers[0]?.uri;
  const printer = { scheme: 'usb', make: 'HP', model: 'LaserJet 400' } as const;
  t.deepEqual(uri('usb://HP/LaserJet%20400'), printer);
  t.deepEqual(uri('usb://HP/LaserJet%20400?serial=VNB3X'), { ...printer, serialNumber: 'VNB3X' });
  t.deepEqual(uri('usb://HP/LaserJet%20400?port=1-1.4'), { ...printer, port: '1-1.4' });
  for (const wrong of [
    'usb://HP',
    'usb:///x',
    'usb://HP/x?serial=',
    'usb://HP/x?port=../x',
    'usb://HP/x?a=b',
    'usb://HP/%00',
  ]) {
    t.is(errorsOf(fileWith(wrong)).length, 1, wrong);
  }
});

test('PJL is for sockets', (t) => {
  const [spoken] = parseConfig(fileWith('socket://x', ', formats: [application/pdf], pjl: on'), 'f').config
    .printers;
  t.is(spoken?.pjl, 'on');
  t.deepEqual(errorsOf(fileWith('ipp://10.1.2.3/x', ', pjl: on')), [
    'f:2:41 printers.a.pjl: is not for ipp: printers; must be left out, or beside a socket: or usb: address',
  ]);
});

test('a folder is read with formats of its own, or with those of driverless clients', (t) => {
  const [plain] = parseConfig(fileWith('file:///var/spool/out%20put/'), 'f').config.printers;
  t.deepEqual(plain?.uri, { scheme: 'file', path: '/var/spool/out put' });
  t.deepEqual(plain?.formats, ['application/pdf', 'image/jpeg', 'image/pwg-raster', 'image/urf']);
  const [own] = parseConfig(fileWith('file:///x', ', formats: [text/plain]'), 'f').config.printers;
  t.deepEqual(own?.formats, ['text/plain']);
});

const REFUSED: Readonly<Record<string, string>> = {
  '10.1.2.3': 'is no URI',
  'ipp:/10.1.2.3/x': 'is no URI',
  'http://10.1.2.3/x': 'begins with "http"; IPP over it is written ipp: or ipps:',
  'ippp://10.1.2.3/x': 'has the unknown scheme "ippp" (did you mean ipp?)',
  'lpd://10.1.2.3/x': 'has the unknown scheme "lpd"',
  'ipp://admin:hunter2@10.1.2.3/x': 'holds a user name or password, and no secret may stand in this file',
  'ipp://admin@10.1.2.3/x': 'holds a user name or password, and no secret may stand in this file',
  'ipp://10.1.2.3': 'lacks its path, often /ipp/print',
  'ipp://10.1.2.3/': 'lacks its path, often /ipp/print',
  'ipp://10.1.2.3/x?waitjob=false': 'has a part after "?" or "#"',
  'ipp://10.1.2.3/a b': 'has characters in its path that must be percent-encoded',
  'ipp://10.1.2.3/%zz': 'has characters in its path that must be percent-encoded',
  'ipp:///x': 'has no valid host',
  'ipp://10.1.2/x': 'has no valid host',
  'ipp://10.1.2.256/x': 'has no valid host',
  'ipp://2001:db8::1/x': 'has no valid host',
  'ipp://[::g]/x': 'has no valid host',
  'ipp://a..b/x': 'has no valid host',
  'ipp://mfp 1/x': 'has no valid host',
  'ipp://10.1.2.3:0/x': 'has a port outside 1 to 65535',
  'ipp://10.1.2.3:65536/x': 'has a port outside 1 to 65535',
  'socket://10.1.2.3/x': 'has a path, which a socket has not',
  'file://server/share': 'names a host; a folder of this machine has three slashes',
  'file:///': 'lacks its folder',
  'file:///%ff': 'has percent-encoded octets that are no UTF-8',
  'file:///a%0ab': 'has control characters in its path',
};

const ALLOWED =
  'must be ipp://HOST/PATH, ipps://HOST/PATH (port 631 unless :PORT follows the host), socket://HOST (port 9100), usb://MAKE/MODEL?serial=NUMBER or file:///FOLDER';

for (const [text, wrong] of Object.entries(REFUSED)) {
  test(`${text} is refused`, (t) => {
    t.deepEqual(errorsOf(fileWith(text)), [`f:2:21 printers.a.uri: ${wrong}; ${ALLOWED}`]);
  });
}

test('a URI of any length is refused without being repeated', (t) => {
  t.deepEqual(errorsOf(fileWith(`ipp://hunter2.${'x'.repeat(1100)}/x`)), [
    `f:2:21 printers.a.uri: is longer than 1023 characters; ${ALLOWED}`,
  ]);
});

const FORMATS: readonly (readonly [uri: string, more: string, error: string])[] = [
  [
    'socket://10.1.2.3',
    '',
    'f:2:12 printers.a.formats: is missing, and a socket cannot be asked; must be a list of media types, such as [application/pdf]',
  ],
  [
    'ipp://10.1.2.3/x',
    ', formats: [application/pdf]',
    'f:2:41 printers.a.formats: is not for ipp: printers, which tell it themselves; must be left out',
  ],
  [
    'socket://10.1.2.3',
    ', formats: [PDF]',
    'f:2:52 printers.a.formats[0]: "PDF" is no media type; must be one such as application/pdf, in small letters',
  ],
  [
    'socket://10.1.2.3',
    ', formats: [application/octet-stream]',
    'f:2:52 printers.a.formats[0]: "application/octet-stream" says nothing of the format; must be one such as application/pdf, in small letters',
  ],
];

for (const [uri, more, error] of FORMATS) {
  test(`formats of ${uri}${more}`, (t) => {
    t.deepEqual(errorsOf(fileWith(uri, more)), [error]);
  });
}

test('a printer cannot be named as all of them are', (t) => {
  t.deepEqual(errorsOf(`${QUEUES}printers: {all: {uri: "ipp://10.1.2.3/x"}}`), [
    'f:2:12 printers.all: stands for every printer; must be another name',
  ]);
});

test('the printers near one are others, that are there, once each', (t) => {
  const near = (names: string) =>
    `${QUEUES}printers: {a: {uri: "ipp://10.1.2.3/x", near: ${names}}, b: {uri: "ipp://10.1.2.4/x"}}`;
  t.deepEqual(parseConfig(near('[b]'), 'f').config.printers[0]?.near, ['b']);
  t.deepEqual(errorsOf(near('[b, a]')), ['f:2:51 printers.a.near[1]: is this printer; must be another']);
  t.deepEqual(errorsOf(near('[b, b]')), [
    'f:2:51 printers.a.near[1]: stands in the list already; must be there once',
  ]);
  t.deepEqual(errorsOf(near('[c]')), [
    'f:2:48 printers.a.near[0]: no printer has the name "c" (did you mean a?); must be a or b',
  ]);
});

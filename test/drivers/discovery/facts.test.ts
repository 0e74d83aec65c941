// What is told: names that fit, TXT records within their bounds, the interfaces that it is told on.
import type { NetworkInterfaceInfo } from 'node:os';
import test from 'ava';
import { cut, instanceName, nextName } from '../../../drivers/discovery/instance-name.ts';
import { chooseInterfaces } from '../../../drivers/discovery/interfaces.ts';
import { txtStrings } from '../../../drivers/discovery/txt.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';

test('a name is cut at a character, never within one', (t) => {
  t.is(instanceName('Print anywhere'), 'Print anywhere');
  t.is(instanceName('ü'.repeat(40)), 'ü'.repeat(31));
  t.is(cut('ab👩‍🔬', 12), 'ab');
  t.is(cut('ab👩‍🔬', 13), 'ab👩‍🔬');
});

test('the next name counts on and still fits', (t) => {
  t.is(nextName('Print'), 'Print (2)');
  t.is(nextName('Print (9)'), 'Print (10)');
  const long = nextName('ü'.repeat(31));
  t.is(Buffer.byteLength(long), 62);
  t.regex(long, /^ü+ \(2\)$/);
});

const BASE: AttributesInput = {
  'printer-make-and-model': 'Holdfast (1)',
  'printer-location': 'Ground floor',
  'printer-uuid': 'urn:uuid:11111111-2222-8333-8444-555555555555',
  'document-format-supported': ['application/pdf', 'image/urf', 'application/octet-stream'],
  'urf-supported': ['V1.4', 'W8'],
  'printer-more-info': 'https://host.local:631/about',
  'color-supported': true,
  'sides-supported': ['one-sided', 'two-sided-long-edge'],
  'copies-supported': { lower: 1, upper: 1 },
  'media-size-supported': [{ 'x-dimension': 21_000, 'y-dimension': 29_700 }],
  'printer-kind': ['document', 'photo'],
};

function txt(more: AttributesInput = {}, facts: { tls?: string; air?: string } = {}): Map<string, string> {
  const strings = txtStrings({
    attributes: attributes({ ...BASE, ...more }),
    resourcePath: 'ipp/print',
    tls: facts.tls,
    air: facts.air ?? 'none',
  });
  return new Map(strings.map((each) => each.split(/=(.*)/s, 2) as [string, string]));
}

test('the TXT record says what the attributes say', (t) => {
  t.deepEqual(Object.fromEntries(txt({}, { tls: '1.3' })), {
    txtvers: '1',
    qtotal: '1',
    rp: 'ipp/print',
    ty: 'Holdfast (1)',
    note: 'Ground floor',
    product: '(Holdfast 1)',
    pdl: 'application/pdf,image/urf',
    URF: 'V1.4,W8',
    UUID: '11111111-2222-8333-8444-555555555555',
    TLS: '1.3',
    air: 'none',
    adminurl: 'https://host.local:631/about',
    priority: '50',
    Color: 'T',
    Duplex: 'T',
    Copies: 'F',
    PaperMax: 'legal-A4',
    kind: 'document,photo',
    Scan: 'F',
    Fax: 'F',
  });
});

test('what is not there is left out, and nothing hides us from Android', (t) => {
  const bare = txt({ 'printer-location': '', 'urf-supported': undefined, 'printer-more-info': undefined });
  for (const key of ['note', 'URF', 'adminurl', 'TLS', 'print_wfds']) t.false(bare.has(key), key);
});

test('the largest paper is one of four words', (t) => {
  const size = (x: number, y: number) => ({
    'media-size-supported': [{ 'x-dimension': x, 'y-dimension': y }],
  });
  t.is(txt(size(29_700, 42_000)).get('PaperMax'), 'tabloid-A3');
  t.is(txt(size(59_400, 42_000)).get('PaperMax'), 'isoC-A2');
  t.is(txt(size(84_100, 118_900)).get('PaperMax'), '>isoC-A2');
});

test('each string and the record keep their bounds; lists are cut at an item, addresses left out', (t) => {
  const many = Array.from({ length: 100 }, (_, index) => `application/vnd.test-${index}`);
  const strings = txtStrings({
    attributes: attributes({
      ...BASE,
      'document-format-supported': many,
      'urf-supported': Array.from({ length: 200 }, (_, index) => `RS${index}`),
      'printer-location': 'é'.repeat(63),
      'printer-kind': Array.from({ length: 60 }, (_, index) => `kind-${index}`),
      'printer-more-info': `https://host.local/${'a'.repeat(300)}`,
    }),
    resourcePath: 'ipp/print',
    tls: '1.3',
    air: 'none',
  });
  t.true(strings.every((each) => Buffer.byteLength(each) <= 255));
  t.true(strings.reduce((sum, each) => sum + Buffer.byteLength(each) + 1, 0) <= 1300);
  t.regex(strings.find((each) => each.startsWith('pdl=')) ?? '', /test-\d+$/);
  t.false(strings.some((each) => each.startsWith('adminurl=')));
});

const info = (address: string, cidr: string, internal = false): NetworkInterfaceInfo =>
  address.includes(':')
    ? { address, cidr, internal, family: 'IPv6', netmask: '', mac: '', scopeid: 0 }
    : { address, cidr, internal, family: 'IPv4', netmask: '', mac: '' };

const ALL = {
  lo: [info('127.0.0.1', '127.0.0.1/8', true), info('::1', '::1/128', true)],
  eth0: [
    info('10.1.2.3', '10.1.2.3/24'),
    info('fe80::1', 'fe80::1/64'),
    info('2001:db8::1', '2001:db8::1/64'),
  ],
  eth1: [info('192.168.0.1', '192.168.0.1/16')],
  v6: [info('fe80::2', 'fe80::2/64')],
};

test('all interfaces are those that reach others; loopback only when it is named', (t) => {
  const names = (wanted: 'all' | string[], listening: 'all' | string[] = 'all') =>
    chooseInterfaces(ALL, wanted, listening).map(({ name }) => name);
  t.deepEqual(names('all'), ['eth0', 'eth1', 'v6']);
  t.deepEqual(names(['lo', 'gone']), ['lo']);
  t.deepEqual(names('all', ['10.1.2.3']), ['eth0']);
  t.deepEqual(names('all', ['0.0.0.0']), ['eth0', 'eth1']);
  t.deepEqual(names('all', ['127.0.0.1']), []);
});

test('link-local addresses are told only where there is no other', (t) => {
  const [eth0, , v6] = chooseInterfaces(ALL, 'all', 'all');
  t.deepEqual(eth0?.addresses, ['10.1.2.3', '2001:db8::1']);
  t.deepEqual(v6?.addresses, ['fe80::2']);
});

test('packets of other links are not for an interface', (t) => {
  const [eth0] = chooseInterfaces(ALL, ['eth0'], 'all');
  t.true(eth0?.isOnLink('10.1.2.99'));
  t.true(eth0?.isOnLink('fe80::99%eth0'));
  t.true(eth0?.isOnLink('2001:db8::99'));
  for (const address of ['10.1.3.1', '192.168.0.1', 'fe80::99%eth1', '2001:db9::1', 'x']) {
    t.false(eth0?.isOnLink(address), address);
  }
});

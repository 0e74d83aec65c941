// Looking for printers: who is found, what of their words is believed, and that a flood or a forger gets nowhere.
import test from 'ava';
import { displayable } from '../../../base/text.ts';
import { Browser } from '../../../drivers/discovery/browser.ts';
import { decodeMessage } from '../../../drivers/discovery/dns/decode.ts';
import { encodeMessage } from '../../../drivers/discovery/dns/encode.ts';
import type { DnsMessage, ResourceRecord } from '../../../drivers/discovery/dns/model.ts';
import { devicesOf, type FoundService } from '../../../drivers/discovery/found.ts';
import { readTxt } from '../../../drivers/discovery/txt-facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { random } from '../../random.ts';
import { NOTHING, UUID } from './network.ts';

function setUp() {
  const clock = new ManualClock();
  const sent: DnsMessage[] = [];
  let found: readonly FoundService[] = [];
  const browser = new Browser({
    clock,
    host: ['holdfast-1', 'local'],
    send: (message) => sent.push(decodeMessage(encodeMessage(message)) as DnsMessage),
    isOnLink: (address) => address.startsWith('10.0.0.'),
    report: (services) => {
      found = services;
    },
  });
  return {
    clock,
    sent,
    browser,
    found: () => found,
    hear(answers: readonly ResourceRecord[], address = '10.0.0.7', port = 5353) {
      const packet = encodeMessage({ ...NOTHING, response: true, answers });
      browser.receive(packet, { interface: 'eth0', address, port });
      clock.advance(300);
    },
  };
}

interface Told {
  readonly name?: string;
  readonly type?: string;
  readonly host?: string;
  readonly address?: string;
  readonly port?: number;
  readonly txt?: readonly string[];
  readonly ttl?: number;
}

function announcement({
  name = 'Office',
  type = '_ipps',
  host = 'eve',
  address = '10.0.0.7',
  port = 631,
  txt = [`UUID=${UUID}`, 'rp=ipp/print'],
  ttl = 4500,
}: Told = {}): ResourceRecord[] {
  const service = [name, type, '_tcp', 'local'];
  const record = (of: readonly string[], data: ResourceRecord['data'], flush = true) => ({
    name: of,
    ttl,
    flush,
    data,
  });
  return [
    record([type, '_tcp', 'local'], { type: 'ptr', target: service }, false),
    record(service, { type: 'srv', port, target: [host, 'local'] }),
    record(service, { type: 'txt', strings: txt }),
    record([host, 'local'], { type: 'a', address }),
  ];
}

test('a printer is found with all its services as one, TLS first', (t) => {
  const { browser, hear, found, sent } = setUp();
  browser.browse();
  t.deepEqual(
    sent[0]?.questions.map(({ name }) => name[0]),
    ['_ipps', '_ipp', '_pdl-datastream', '_printer'],
  );
  hear([...announcement({ type: '_printer', port: 515 }), ...announcement({ type: '_ipp' })]);
  hear([...announcement({ type: '_pdl-datastream', port: 9100, txt: [] }), ...announcement()]);
  const [device, ...others] = devicesOf(found());
  t.is(others.length, 0);
  t.like(device, { name: 'Office', uuid: UUID, onLink: true, uri: 'ipps://10.0.0.7:631/ipp/print' });
  t.deepEqual(
    device?.services.map(({ type, port }) => `${type}:${port}`),
    ['_ipps:631', '_ipp:631', '_pdl-datastream:9100', '_printer:515'],
  );
});

test('nothing is heard that was not asked for: before, after, from another port, as a question', (t) => {
  const { browser, hear, found, clock } = setUp();
  hear(announcement());
  browser.browse();
  hear(announcement(), '10.0.0.7', 40_000);
  const query = encodeMessage({ ...NOTHING, answers: announcement() });
  browser.receive(query, { interface: 'eth0', address: '10.0.0.7', port: 5353 });
  clock.advance(9000);
  hear(announcement());
  t.deepEqual(found(), []);
  browser.browse();
  hear(announcement());
  t.is(found().length, 1);
});

test('what is missing is asked for once a round; who goes, or was silent for long, is gone', (t) => {
  const { browser, hear, found, sent, clock } = setUp();
  browser.browse();
  const [list, service, txt, host] = announcement() as [
    ResourceRecord,
    ResourceRecord,
    ResourceRecord,
    ResourceRecord,
  ];
  hear([list]);
  hear([list]);
  const asked = () => sent.flatMap(({ questions }) => questions).filter(({ name }) => name[0] === 'Office');
  t.is(asked().length, 2, 'SRV and TXT');
  hear([service, txt]);
  t.like(found()[0], { address: undefined }, 'nobody knows where it is yet');
  t.is(sent.flatMap(({ questions }) => questions).filter(({ name }) => name[0] === 'eve').length, 2);
  hear([host]);
  t.like(found()[0], { address: '10.0.0.7' });
  hear([{ ...list, ttl: 0 }]);
  t.deepEqual(found(), []);
  hear(announcement());
  t.is(found().length, 1);
  clock.advance(3 * 3_600_000);
  t.deepEqual(found(), []);
});

test('one host cannot speak for another, nor take its services back', (t) => {
  const { browser, hear, found } = setUp();
  browser.browse();
  hear(announcement());
  hear(announcement({ address: '10.0.0.66', port: 6666, host: 'evil' }), '10.0.0.66');
  hear(announcement({ ttl: 0 }), '10.0.0.66');
  hear(
    [{ name: ['eve', 'local'], ttl: 120, flush: true, data: { type: 'a', address: '10.0.0.66' } }],
    '10.0.0.66',
  );
  t.deepEqual(
    devicesOf(found()).map(({ uri }) => uri),
    ['ipps://10.0.0.7:631/ipp/print'],
  );
  hear(announcement({ address: '10.0.0.66', port: 6666, host: 'evil' }), '10.0.0.66');
  t.is(devicesOf(found()).length, 2, 'the same UUID at two hosts is two devices');
});

test('an address of elsewhere is told as such; our own queues are no printers; port 0 is none', (t) => {
  const { browser, hear, found } = setUp();
  browser.browse();
  hear(announcement({ address: '192.0.2.1' }));
  t.like(found()[0], { address: '192.0.2.1', onLink: false });
  hear(announcement({ name: 'Ours', host: 'holdfast-1' }));
  hear(announcement({ name: 'Reserved', type: '_printer', port: 0 }));
  t.is(found().length, 1);
});

test('a flood fills neither the memory nor the network, and one sender has a share', (t) => {
  const { browser, hear, found, sent } = setUp();
  browser.browse();
  const some = (count: number, name: string) =>
    Array.from({ length: count }, (_, each) => announcement({ name: `${name}${each}`, txt: [] })).flat();
  for (let turn = 0; turn < 20; turn++) hear(some(20, `P${turn}-`));
  t.is(found().length, 100);
  hear(some(70, 'S'), '10.0.0.9');
  hear(some(75, 'S'), '10.0.0.9');
  t.is(found().length, 175, 'what is told again takes nothing of the share');
  for (let host = 10; host < 60; host++) {
    browser.browse();
    hear(some(30, `Q${host}-`), `10.0.0.${host}`);
  }
  t.is(found().length, 1000);
  const before = sent.length;
  for (let each = 0; each < 800; each++)
    hear(announcement({ name: `R${each}` }).slice(0, 1), `10.0.1.${each % 250}`);
  t.true(sent.length - before < 10, `${sent.length - before} packets`);
});

const HOSTILE: readonly (readonly [what: string, strings: readonly string[], expected: object])[] = [
  ['a UUID that is none', ['UUID=../../etc/passwd'], { formats: [] }],
  ['paths upwards', ['rp=ipp/../../admin'], { formats: [] }],
  ['a path with a line end', ['rp=ipp/print\r\nX: y'], { formats: [] }],
  ['a path with a query', ['rp=ipp?x=1'], { formats: [] }],
  ['a path too long', [`rp=${'a'.repeat(201)}`], { formats: [] }],
  [
    'controls in a name',
    ['ty=Evil\u001b[2J\u202eretnirP'],
    { formats: [], makeAndModel: 'Evil [2J retnirP' },
  ],
  [
    'formats that are none',
    ['pdl=application/pdf,; rm -rf /,text/<script>,IMAGE/URF,image/urf'],
    { formats: ['application/pdf', 'image/urf'] },
  ],
  [
    'too many formats',
    [`pdl=${Array.from({ length: 90 }, (_, each) => `a/b${each}`).join()}`],
    { formats: Array.from({ length: 50 }, (_, each) => `a/b${each}`) },
  ],
  ['the first of a key counts', ['Color=T', 'color=F', 'Duplex=maybe'], { formats: [], color: true }],
  [
    'a device id that breaks out',
    ['usb_MFG=HP;MDL:Other', 'usb_MDL=Laser:Jet,X'],
    { formats: [], deviceId: 'MFG:HP MDL Other;MDL:Laser Jet X;' },
  ],
  ['paper that nobody knows', ['PaperMax=A0;rm'], { formats: [] }],
  ['no key', ['=x', 'novalue', ''], { formats: [] }],
];

for (const [what, strings, expected] of HOSTILE) {
  test(`TXT: ${what}`, (t) => t.deepEqual<unknown, unknown>(readTxt(strings), expected));
}

test('10000 damaged answers: nothing but sound facts comes of them', (t) => {
  const { browser, found, clock } = setUp();
  const next = random(6);
  const below = (limit: number) => Math.floor(next() * limit);
  const samples = [
    announcement({
      txt: [`UUID=${UUID}`, 'rp=ipp/print', 'pdl=application/pdf,image/urf', 'ty=Eve', 'Color=T'],
    }),
    announcement({ name: 'Zwölf\u001b', type: '_ipp', host: 'e\u0007ve' }),
    announcement({ type: '_pdl-datastream', port: 9100, txt: ['usb_MFG=HP', 'usb_MDL=LaserJet'] }),
  ].map((answers) => encodeMessage({ ...NOTHING, response: true, answers }));
  let seen = 0;
  for (let turn = 0; turn < 10_000; turn++) {
    if (turn % 50 === 0) browser.browse();
    const packet = Buffer.from(samples[turn % samples.length] as Buffer);
    for (let flips = below(6); flips > 0; flips--) packet[below(packet.length)] = below(256);
    const cut = below(4) === 0 ? packet.subarray(0, below(packet.length)) : packet;
    browser.receive(cut, { interface: 'eth0', address: `10.0.0.${below(250)}`, port: 5353 });
    clock.advance(below(20));
    if (turn % 500 !== 0) continue;
    for (const { name, host, txt, port, address } of found()) {
      seen++;
      for (const text of [name, host, txt.makeAndModel ?? '', txt.note ?? '', txt.deviceId ?? '']) {
        if (text !== displayable(text)) t.fail(`not showable: ${JSON.stringify(text)}`);
      }
      if (!(port > 0 && port <= 65_535)) t.fail(`port ${port}`);
      if (txt.resourcePath !== undefined && !/^[!-~]{1,200}$/.test(txt.resourcePath))
        t.fail(txt.resourcePath);
      if (address !== undefined && !/^[0-9a-f.:]+$/.test(address)) t.fail(address);
    }
    for (const { id, uri } of devicesOf(found())) {
      if (!/^[0-9a-f]{8}$/.test(id)) t.fail(id);
      if (uri !== undefined && !/^(ipps?|socket):\/\/[!-~]+$/.test(uri)) t.fail(uri);
    }
  }
  t.true(found().length <= 1000);
  t.true(seen > 500, `${seen} were looked at`);
});

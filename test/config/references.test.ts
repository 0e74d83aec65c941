// What one key says of another: printers that must exist, ports that clash, loops.
import test from 'ava';
import { errorsOf, PRINTERS, QUEUES, warningsOf } from './told.ts';

test('a queue names printers that exist, each once', (t) => {
  t.deepEqual(errorsOf(`${PRINTERS}queues: {print: {printers: [a, c, a, ~]}}`), [
    'f:2:32 queues.print.printers[1]: no printer has the name "c" (did you mean a?); must be a or b',
    'f:2:35 queues.print.printers[2]: stands in the list already; must be there once',
    'f:2:38 queues.print.printers[3]: has no value; must be the name of a printer',
  ]);
});

test('printers of a queue are all, or a list that is not empty', (t) => {
  const allowed = 'must be `all`, or a list of names of printers, such as [mfp-1, mfp-2]';
  t.deepEqual(errorsOf(`${PRINTERS}queues: {print: {printers: a}}`), [
    `f:2:28 queues.print.printers: is a single value; ${allowed}`,
  ]);
  t.deepEqual(errorsOf(`${PRINTERS}queues: {print: {printers: }}`), [
    `f:2:18 queues.print.printers: has no value; ${allowed}`,
  ]);
  t.deepEqual(errorsOf(`${PRINTERS}queues: {print: {printers: []}}`), [
    `f:2:28 queues.print.printers: is empty; ${allowed}`,
  ]);
});

test('many printers are not told one by one', (t) => {
  const many = Array.from(
    { length: 9 },
    (_, index) => `  m${index}: {uri: "ipp://10.1.2.${index}/x"}\n`,
  ).join('');
  t.deepEqual(errorsOf(`queues: {q: {printers: [floor-2]}}\nprinters:\n${many}`), [
    'f:1:25 queues.q.printers[0]: no printer has the name "floor-2"; must be a name under printers',
  ]);
});

test('a queue that prints immediately has exactly one printer', (t) => {
  const allowed = 'must be at-panel, or the printers of the queue a list of one';
  const queue = (keys: string) =>
    `${PRINTERS}queues: {q: {release: immediately, claimed-names: trust${keys}}}`;
  t.deepEqual(errorsOf(queue('')), [
    `f:2:23 queues.q.release: needs one printer, and the queue has 2; ${allowed}`,
  ]);
  t.deepEqual(errorsOf(queue(', printers: [a, b]')), [
    `f:2:23 queues.q.release: needs one printer, and the queue has 2; ${allowed}`,
  ]);
  t.deepEqual(errorsOf(queue(', printers: [b]')), []);
  t.deepEqual(errorsOf('queues: {q: {release: immediately, claimed-names: trust}}'), [
    `f:1:23 queues.q.release: needs one printer, and the queue has 0; ${allowed}`,
  ]);
  t.deepEqual(errorsOf('queues: {q: {claimed-names: trust}}'), [], 'printers may all be pinned');
});

const TAKEN = 'must be another port or address';
const LISTENING: readonly (readonly [gateway: string, ...errors: string[]])[] = [
  [
    'ipp: {listen: ["[::]:631", "[::0]:631"]}',
    `f:3:38 gateway.ipp.listen[1]: the port is taken by gateway.ipp.listen[0]; ${TAKEN}`,
  ],
  [
    'ipp: {listen: ["0.0.0.0:80", "10.1.2.3:80"]}',
    `f:3:40 gateway.ipp.listen[1]: the port is taken by gateway.ipp.listen[0]; ${TAKEN}`,
  ],
  [
    'ipp: {listen: ["10.1.2.3:80"]}, web: {listen: ["10.1.2.3:80"]}',
    `f:3:58 gateway.web.listen[0]: the port is taken by gateway.ipp.listen[0]; ${TAKEN}`,
  ],
  [
    'web: {listen: ["10.1.2.3:631"]}',
    `f:3:26 gateway.web.listen[0]: the port is taken by gateway.ipp.listen[0] (by default); ${TAKEN}`,
  ],
  [
    'ipp: {listen: ["10.1.2.3:8632"]}',
    `f:3:26 gateway.ipp.listen[0]: the port is taken by gateway.web.listen[0] (by default); ${TAKEN}`,
  ],
  ['ipp: {listen: ["10.1.2.3:80", "10.1.2.4:80", "[::]:80", "10.1.2.3:81", "10.1.2.3:0", "10.1.2.3:0"]}'],
];

for (const [gateway, ...errors] of LISTENING) {
  test(`listening: ${gateway}`, (t) => {
    t.deepEqual(errorsOf(`${PRINTERS}${QUEUES}gateway: {${gateway}}\n`), errors);
  });
}

const ADDRESS = 'must be an address and a port, such as 0.0.0.0:631, "[::]:631" or 10.1.2.3:631';
const NETWORK = 'must be an address or a network, such as 10.1.2.4, 10.1.2.0/24 or "fd00::/8"';
const ADDRESSES: readonly (readonly [listen: string, wrong: string])[] = [
  ['631', '"631" is no address with a port'],
  ['localhost:631', '"localhost:631" is no address with a port'],
  ['*:631', '"*:631" is no address with a port'],
  ['10.1.2.3', '"10.1.2.3" is no address with a port'],
  ['10.1.2.256:1', '"10.1.2.256:1" is no address with a port'],
  ['::1:631', '"::1:631" is no address with a port'],
  ['[::1]:65536', '"[::1]:65536" has a port above 65535'],
];

for (const [listen, wrong] of ADDRESSES) {
  test(`nobody can listen on ${listen}`, (t) => {
    t.deepEqual(errorsOf(`${PRINTERS}${QUEUES}gateway: {ipp: {listen: ["${listen}"]}}`), [
      `f:3:26 gateway.ipp.listen[0]: ${wrong}; ${ADDRESS}`,
    ]);
  });
}

const NETWORKS: readonly (readonly [address: string, wrong: string])[] = [
  ['panel-1', '"panel-1" is no address'],
  ['10.1.2', '"10.1.2" is no address'],
  ['10.1.2.0/33', '"10.1.2.0/33" has a prefix above 32'],
  ['fd00::/129', '"fd00::/129" has a prefix above 128'],
  ['10.1.2.0/', '"10.1.2.0/" is no address'],
  ['fe80::1%eth0', '"fe80::1%eth0" is no address'],
  ['::ffff:10.1.2.3', '"::ffff:10.1.2.3" is an IPv4 address in the form of IPv6'],
];

for (const [address, wrong] of NETWORKS) {
  test(`no panel is at ${address}`, (t) => {
    t.deepEqual(errorsOf(`${PRINTERS}${QUEUES}panels: {p: {printer: a, addresses: ["${address}"]}}`), [
      `f:3:38 panels.p.addresses[0]: ${wrong}; ${NETWORK}`,
    ]);
  });
}

for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'print.example.org', '10.1.2.9']) {
  test(`jobs do not come back by way of ${host}`, (t) => {
    const gateway = 'gateway: {host-names: [Print.Example.org], ipp: {listen: ["10.1.2.9:6310"]}}';
    const file = (port: number) =>
      `${QUEUES}${gateway}\nprinters: {a: {uri: "ipp://${host}:${port}/ipp/print"}}`;
    t.deepEqual(errorsOf(file(6310)), [
      'f:3:21 printers.a.uri: leads back to this gateway; must be the address of a printer',
    ]);
    t.deepEqual(errorsOf(file(631)), []);
  });
}

test('a queue that wants proof needs no other way to know an owner, and believes no claim', (t) => {
  const text = (queue: string) =>
    `queues:\n  print: {authentication: required${queue}}\nprinters: {a: {uri: "ipp://10.1.2.3/x"}}\npanels: {p: {printer: a, addresses: [10.1.2.3]}}`;
  t.deepEqual(warningsOf(text('')), []);
  t.deepEqual(warningsOf(text(', claimed-names: trust')), [
    'f:2:52 queues.print.claimed-names: has no effect: this queue takes no claims, see authentication',
  ]);
});

test('what is allowed and yet hardly meant is told as a warning', (t) => {
  const text = [
    'queues:',
    '  print: {}',
    '  erp: {printers: [c], release: immediately, unowned-jobs: claimable}',
    '  old: {printers: [c], claimed-names: trust}',
    'printers:',
    '  a: {uri: "ipp://10.1.2.3/x"}',
    '  b: {uri: "ipp://10.1.2.3:631/x"}',
    '  c: {uri: "ipp://10.1.2.4/x"}',
    'panels:',
    '  p: {printer: a, addresses: [10.1.2.3]}',
  ];
  t.deepEqual(warningsOf(text.join('\n')), [
    'f:2:3 queues.print: takes only jobs that come with a password or a token; if that is meant, set authentication: required',
    'f:4:3 queues.old: its jobs are held and can be taken nowhere, unless a panel was enrolled: none of this file stands at any of its printers',
    'f:7:12 printers.b.uri: is the uri of a too',
  ]);
  t.deepEqual(
    warningsOf(text.join('\n').replace('print: {}', 'print: {printers: [a], claimed-names: trust}')),
    [
      'f:4:3 queues.old: its jobs are held and can be taken nowhere, unless a panel was enrolled: none of this file stands at any of its printers',
      'f:7:3 printers.b: no queue prints here',
      'f:7:12 printers.b.uri: is the uri of a too',
    ],
  );
});

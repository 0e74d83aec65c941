// Damaged requests against the running gateway: an error or a closed connection, never a crash, a hang or growing memory.
import { Agent, request as httpRequest } from 'node:http';
import test from 'ava';
import { encodeMessage } from '../../ipp/codec/encode.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { request } from '../../ipp/vocabulary/messages.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { random } from '../random.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const MUTATIONS = 100_000;
const SEED = 631;
const PARALLEL = 8;
/** MiB. V8 lets garbage lie while there is room; with this little, memory that is not let go of ends the process. */
const HEAP = '--max-old-space-size=64';

/** One request of each kind that a client sends, those with a document with one. */
function corpus(): Buffer[] {
  const target = { 'printer-uri': 'ipp://localhost/ipp/print', 'requesting-user-name': 'ada' } as const;
  const pdf = Buffer.from('%PDF-1.7\n%%EOF\n');
  const ticket = attributes({
    copies: 2,
    sides: 'two-sided-long-edge',
    'media-col': {
      'media-size': { 'x-dimension': 21_000, 'y-dimension': 29_700 },
      'media-type': 'stationery',
    },
    'page-ranges': [{ lower: 1, upper: 5 }],
    'printer-resolution': { cross: 600, feed: 600, units: 'dpi' },
  });
  const messages = [
    { operation: Operation.getPrinterAttributes, attributes: { ...target, 'requested-attributes': ['all'] } },
    {
      operation: Operation.validateJob,
      attributes: { ...target, 'job-name': 'Grüße' },
      groups: [{ kind: 'job', attributes: ticket }],
    },
    { operation: Operation.getJobs, attributes: { ...target, 'my-jobs': true, limit: 5 } },
    { operation: Operation.getJobAttributes, attributes: { ...target, 'job-id': 1 } },
    {
      operation: Operation.setJobAttributes,
      attributes: { ...target, 'job-id': 1 },
      groups: [{ kind: 'job', attributes: attributes({ 'job-hold-until': 'indefinite' }) }],
    },
    { operation: Operation.cancelMyJobs, attributes: { ...target, 'job-ids': [7, 8] } },
  ] as const;
  const documents = [
    { operation: Operation.printJob, attributes: { ...target, 'document-format': 'application/pdf' } },
    { operation: Operation.sendDocument, attributes: { ...target, 'job-id': 1, 'last-document': true } },
  ] as const;
  return [
    ...messages.map((message) => encodeMessage(request({ ...message, requestId: 1 }))),
    ...documents.map((message) => Buffer.concat([encodeMessage(request({ ...message, requestId: 1 })), pdf])),
  ];
}

/** Changes, inserts or removes some octets, or cuts the end off. */
function damaged(original: Buffer, next: () => number): Buffer {
  let octets = Buffer.from(original);
  for (let changes = 1 + Math.floor(next() * 4); changes > 0; changes--) {
    const at = Math.floor(next() * octets.length);
    const kind = next();
    if (kind < 0.6) octets.writeUInt8(Math.floor(next() * 256), at);
    else if (kind < 0.75) octets = octets.subarray(0, at + 1);
    else if (kind < 0.9)
      octets = Buffer.concat([octets.subarray(0, at), octets.subarray(at + 1 + Math.floor(next() * 8))]);
    else
      octets = Buffer.concat([
        octets.subarray(0, at),
        Buffer.alloc(1 + Math.floor(next() * 8), 255),
        octets.subarray(at),
      ]);
    if (octets.length === 0) octets = Buffer.from([1]);
  }
  return octets;
}

function post(agent: Agent, authority: string, octets: Buffer): Promise<string> {
  const [host, port] = authority.split(':');
  return new Promise((resolve) => {
    const headers = { 'Content-Type': 'application/ipp', 'Content-Length': octets.length };
    const sent = httpRequest(
      { host, port, path: '/ipp/print', method: 'POST', agent, headers },
      (response) => {
        response.resume();
        response.on('end', () => resolve(`${response.statusCode}`));
        response.on('error', () => resolve('cut'));
      },
    );
    sent.on('error', () => resolve('cut'));
    sent.end(octets);
  });
}

test(`${MUTATIONS} damaged requests are answered, and the next good one works`, async (t) => {
  t.timeout(15 * 60_000);
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file://${folder}/output" }
limits: { free-disk-floor: 1 MiB, jobs: 500 }
`,
    [HEAP],
  );
  const originals = corpus();
  const next = random(SEED);
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  t.teardown(() => agent.destroy());
  const answers = new Map<string, number>();
  let sent = 0;
  const send = async () => {
    while (sent++ < MUTATIONS) {
      const original = originals[Math.floor(next() * originals.length)] ?? Buffer.alloc(1);
      const answer = await post(agent, gateway.ipp, damaged(original, next));
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, send));
  t.log(Object.fromEntries(answers));
  t.deepEqual(
    [...answers.keys()].filter((answer) => !['200', '400', '408', 'cut'].includes(answer)),
    [],
  );
  t.true((answers.get('200') ?? 0) > MUTATIONS / 10, 'many reach the operations');
  t.deepEqual(
    gateway.log.filter((line) => line.level === 'error'),
    [],
  );
  using client = new PrintClient(gateway.ipp);
  const answer = await client.ask(Operation.getPrinterAttributes, {});
  t.is(answer.code, 0);
  t.is(await gateway.kill('SIGTERM'), 0);
});

// The parts of PJL that are pure: messages in pieces, names, codes, documents over the borders of chunks.
import test from 'ava';
import { BackChannel } from '../../../drivers/printers/pjl/back-channel.ts';
import { reasonOfCode } from '../../../drivers/printers/pjl/device-codes.ts';
import { unwrapped, withoutExit } from '../../../drivers/printers/pjl/document.ts';
import { EXIT, jobFrame } from '../../../drivers/printers/pjl/frame.ts';
import { hear, NO_NEWS } from '../../../drivers/printers/pjl/job-news.ts';

/** Repeatable. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function cut(octets: Buffer, below: (limit: number) => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = 1 + below(20);
    pieces.push(octets.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

async function* from(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const each of pieces) {
    const piece = Buffer.from(each);
    yield piece;
    // It was the reader's until it asked for the next one.
    piece.fill(0);
  }
}

async function whole(document: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const each of document) pieces.push(Buffer.from(each));
  return Buffer.concat(pieces).toString('latin1');
}

test('messages are the same however they are cut', (t) => {
  const said = Buffer.from(
    '@PJL ECHO HFx\r\n\f@PJL USTATUS JOB\r\nEND\r\nNAME="HFx a"\r\nPAGES=7\r\n\f@pjl  ustatus   page\n2\n\f',
  );
  const expected = new BackChannel().read(said);
  t.deepEqual(
    expected.map(({ head }) => head),
    ['ECHO HFx', 'USTATUS JOB', 'USTATUS PAGE'],
  );
  for (let seed = 0; seed < 50; seed++) {
    const channel = new BackChannel();
    t.deepEqual(
      cut(said, randomNumbers(seed)).flatMap((piece) => channel.read(piece)),
      expected,
    );
  }
});

test('no octets make it fail, grow, or count what is no number', (t) => {
  const below = randomNumbers(7);
  const words = [
    '@PJL ',
    'USTATUS PAGE',
    'USTATUS JOB',
    'END',
    '\r\n',
    '\f',
    'PAGES=',
    '99999999',
    '-1',
    'CODE=',
    '\0',
    '\xff',
  ];
  let news = { ...NO_NEWS, inStep: true };
  const channel = new BackChannel();
  for (let round = 0; round < 20_000; round++) {
    const said = Buffer.from(words[below(words.length)] ?? '', 'latin1');
    for (const message of channel.read(said)) {
      t.true(message.lines.length <= 64);
      news = hear(news, message, { token: 'HFx', whole: false });
    }
  }
  t.true(Number.isInteger(news.impressions) && news.impressions >= 0 && news.impressions <= 1_000_000);
  t.is(news.end, undefined);
});

test('a name holds nothing that PJL would read', (t) => {
  const { name, head } = jobFrame(
    'HFx',
    `Ünïted"\r\n@PJL SET\x1b%-12345X ${'ß€'.repeat(90)}`,
    'application/pdf',
    [],
  );
  t.regex(name, /^HFx United @PJL SET %-12345X[ -~]*$/);
  t.true(name.length <= 80);
  t.is(
    head
      .toString('latin1')
      .split('\n')
      .filter((line) => line.includes('SET')).length,
    1,
  );
  t.false(head.includes(EXIT, EXIT.length));
});

for (const [code, reason] of [
  [10_001, undefined],
  [10_023, undefined],
  [11_304, 'media-low-warning'],
  [40_021, 'cover-open'],
  [41_213, 'media-empty'],
  [42_202, 'media-jam'],
  [49_999, undefined],
  [50_001, 'other-error'],
] as const) {
  test(`status ${code} is ${reason}`, (t) => t.is(reasonOfCode(code), reason));
}

test('an exit is found over every border, and what only looks like one is let through', async (t) => {
  for (let seed = 0; seed < 100; seed++) {
    const below = randomNumbers(seed);
    const harmless = Array.from({ length: 60 }, () => EXIT.slice(0, 1 + below(EXIT.length - 1))).join('');
    const octets = Buffer.from(harmless, 'latin1');
    t.is(await whole(withoutExit(from(cut(octets, below)))), harmless);
    const bad = Buffer.from(`${harmless}${EXIT}@PJL`, 'latin1');
    await t.throwsAsync(whole(withoutExit(from(cut(bad, below)))), { code: 'refused' });
  }
});

test('a wrapper comes off however it is cut', async (t) => {
  const document = Buffer.from(
    `${EXIT}@PJL SET DUPLEX=ON\r\n@PJL ENTER LANGUAGE=PCL\r\nbody\x1b%-1 body${EXIT}@PJL EOJ\r\n${EXIT}`,
    'latin1',
  );
  for (let seed = 0; seed < 50; seed++) {
    const { settings, body } = await unwrapped(from(cut(document, randomNumbers(seed))));
    t.deepEqual(settings, ['@PJL SET DUPLEX=ON']);
    t.is(await whole(body), 'body\x1b%-1 body');
  }
});

test('a wrapper without an end is refused, and so is one that comes twice', async (t) => {
  const endless = Buffer.from(`${EXIT}@PJL COMMENT ${'x'.repeat(40_000)}`);
  await t.throwsAsync(unwrapped(from([endless])), { code: 'refused' });
  const long = Buffer.from(`body${EXIT}${'@PJL COMMENT x\n'.repeat(3000)}`);
  const { body } = await unwrapped(from([long]));
  await t.throwsAsync(whole(body), { code: 'refused' });
});

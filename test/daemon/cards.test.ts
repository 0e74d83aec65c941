// `holdfast cards solve`, with and without a gateway that runs.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess, holdfast } from './gateway-process.ts';

const CONFIG = `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
`;
const BADGES = 'READ,WRITTEN\n66CF4DC2,1724861890\nF4A1B2C3,4104237763\nF00DBEEF\n';

test('without a gateway the conversion is told all the same', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'badges.csv');
  await writeFile(file, BADGES);
  const solved = await holdfast(['cards', 'solve', file, '--socket', join(folder, 'none.sock')]);
  t.is(solved.code, 0, solved.stderr);
  t.deepEqual(parse(solved.stdout), { conversion: ['hex-to-decimal'] });
  t.regex(solved.stdout, /^# certain/m);
  t.regex(solved.stdout, /^# no gateway runs here/m);
  t.regex(solved.stdout, /^# leaves nothing out: no two cards of one length become one/m);
  t.notRegex(solved.stdout, /4027432687|1724861890/);
  await writeFile(file, 'READ,WRITTEN\n66CF4DC2,98765432109\n04A1B2C3,12345678901\n');
  const none = await holdfast(['cards', 'solve', file, '--socket', join(folder, 'none.sock')]);
  t.is(none.code, 1);
  t.regex(none.stderr, /no conversion of the usual shapes fits/);
  await writeFile(file, 'READ,WRITTEN\n66CF4DC2,1\n04A1B2C3,2\n');
  const unsure = await holdfast(['cards', 'solve', file, '--socket', join(folder, 'none.sock')]);
  t.is(unsure.code, 1);
  t.regex(unsure.stdout, /^# not certain: \d+ conversions fit/m);
  await writeFile(file, 'READ,WRITTEN\n66CF4DC2,1724861890\n');
  const one = await holdfast(['cards', 'solve', file, '--socket', join(folder, 'none.sock')]);
  t.regex(one.stderr, /1 rows have READ and WRITTEN; 2 to 50 are needed/);
});

/** Wiegand 26: a facility code and a number of 16 bits. */
const WIEGAND =
  'READ,WRITTEN\nbits:01010110111010100001100011,17354321\nbits:01100100110011100010000011,20140001\n';

test("how often a made-up card is somebody's: for the people whom a running gateway knows", async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'badges.csv');
  await writeFile(file, WIEGAND);
  const alone = await holdfast(['cards', 'solve', file, '--socket', join(folder, 'none.sock')]);
  t.regex(
    alone.stdout,
    /^# keeps 24 bits of the card, 16 of them beside the facility code: one made-up card in 65536 is a certain person's$/m,
  );
  t.regex(alone.stdout, /^# may leave something out: .* among the 2 of this file$/m);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  const nobody = JSON.parse((await gateway.holdfast('cards', 'solve', file, '--json')).stdout);
  t.is(nobody.exposure, null, 'nobody is known yet');
  for (const name of ['ann', 'bob', 'carl']) await gateway.holdfast('people', 'add', name);
  const text = (await gateway.holdfast('cards', 'solve', file)).stdout;
  t.regex(
    text,
    /facility code: with the 3 people here one made-up card in 16384 is somebody's, 0\.093 hits a week with somebody/,
  );
  const { exposure } = JSON.parse((await gateway.holdfast('cards', 'solve', file, '--json')).stdout);
  t.deepEqual(exposure, { people: 3, 'expected-guesses': 16384, 'hits-per-week': 0.093 });
});

test('a facility code that is left out or in is reckoned with, whatever the shape of the conversion', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'badges.csv');
  const solve = async (badges: string) => {
    await writeFile(file, `READ,WRITTEN\n${badges}`);
    return holdfast(['cards', 'solve', file, '--socket', join(folder, 'none.sock')]);
  };
  const leftOut = await solve(
    '007B03FD,1021\n007B9C40,40000\n007BFDE9,65001\n007B56CE,22222\n007B791F,31007\n',
  );
  t.regex(leftOut.stdout, /^# one made-up card in 65536 is a certain person's$/m);
  t.is(leftOut.code, 0);
  const leftIn = await solve(
    // One of an odd, one of an even number of ones in the first half, or parity might be a bit of the number.
    'bits:00111101100000011111111010,8061949\nbits:00111101110011100010000000,8100928\nbits:10111101101111001000111110,8091935\n',
  );
  t.regex(leftIn.stdout, /^# keeps 24 bits of the card: one made-up card in 65536 is a certain person's$/m);
  t.regex(
    leftIn.stdout,
    /^# not certain: 2 conversions fit, and differ only where .* \(place 1 of what is read, from 0\): right if every/m,
  );
  t.is(leftIn.code, 1);
});

test('a running gateway says whose cards they are', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  await gateway.holdfast('people', 'add', 'ann');
  const added = await holdfast(
    ['people', 'add-card', 'ann', '--socket', join(folder, 'control.sock')],
    {},
    '1724861890\n',
  );
  t.is(added.code, 0, added.stderr);
  const file = join(folder, 'badges.csv');
  await writeFile(file, BADGES);
  const solved = JSON.parse((await gateway.holdfast('cards', 'solve', file, '--json')).stdout);
  t.deepEqual(solved, {
    conversion: ['hex-to-decimal'],
    certain: true,
    fits: solved.fits,
    undecided: [],
    'kept-bits': null,
    'guessable-cards': 2 ** 32,
    exposure: {
      people: 1,
      'expected-guesses': 2 ** 31 + 1,
      'hits-per-week': 0.00000047,
    },
    lossless: true,
    unfit: [],
    collisions: [],
    holders: [
      { line: 2, user: 'ann' },
      { line: 3, user: null },
      { line: 4, user: null },
    ],
  });
  const text = (await gateway.holdfast('cards', 'solve', file)).stdout;
  t.regex(text, /^# line 2: ann$/m);
  t.regex(text, /^# line 4: nobody has this card$/m);
});

// People take turns in front of a printer, and what is one person's comes out together.
import test from 'ava';
import { JOBS_IN_A_TURN } from '../../../spool/release/fair-order.ts';
import { PrinterLine, type Waiting } from '../../../spool/release/printer-line.ts';

/** A line whose first job goes on until it is told to end; tells the order in which the others begin. */
function setUp() {
  const line = new PrinterLine();
  const begun: string[] = [];
  const first = Promise.withResolvers<void>();
  const entries = new Map<string, Waiting>();
  let isFirst = true;
  const join = (...jobs: string[]) => {
    for (const job of jobs) {
      const until = isFirst ? first.promise : Promise.resolve();
      isFirst = false;
      const run = () => {
        begun.push(job);
        return until;
      };
      const entry = { who: job[0] ?? '', run, giveUp: () => begun.push(`-${job}`) };
      entries.set(job, entry);
      line.join(entry);
    }
  };
  const move = (job: string, behind?: string) => {
    const entry = entries.get(job);
    return entry !== undefined && line.move(entry, behind === undefined ? undefined : entries.get(behind));
  };
  /** Lets all of them run. */
  const order = async () => {
    first.resolve();
    while (line.waiting.length > 0) await Promise.resolve();
    return begun.join(' ');
  };
  return { line, join, move, order };
}

const jobs = (who: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${who}${from + index}`);

test('several jobs of one person are kept together; the next person comes behind them', async (t) => {
  const { join, order } = setUp();
  join('a1', 'b1', 'c1', 'b2', 'c2', 'b3');
  t.is(await order(), 'a1 b1 b2 b3 c1 c2');
});

test('somebody who prints already and releases more comes behind who waits', async (t) => {
  const { join, order } = setUp();
  join('a1', 'b1', 'a2', 'a3');
  t.is(await order(), 'a1 b1 a2 a3');
});

test('somebody with 200 jobs holds up one with a single job for one turn, whenever that one comes', async (t) => {
  const { join, order } = setUp();
  join(...jobs('a', 1, 200), 'b1', 'c1', 'c2');
  const all = (await order()).split(' ');
  t.is(all.length, 203);
  t.deepEqual(all.slice(JOBS_IN_A_TURN, JOBS_IN_A_TURN + 4), ['b1', 'c1', 'c2', `a${JOBS_IN_A_TURN + 1}`]);
  // Each person's own come in their order.
  t.deepEqual(
    all.filter((each) => each.startsWith('a')),
    jobs('a', 1, 200),
  );
});

test('two with many jobs take turns', async (t) => {
  const { join, order } = setUp();
  join(...jobs('a', 1, 25), ...jobs('b', 1, 15));
  const expected = [
    ...jobs('a', 1, 10),
    ...jobs('b', 1, 10),
    ...jobs('a', 11, 20),
    ...jobs('b', 11, 15),
    ...jobs('a', 21, 25),
  ];
  t.is(await order(), expected.join(' '));
});

test('an operator’s word goes before the turns, and the turns go on around it', async (t) => {
  const { join, move, order } = setUp();
  join(...jobs('a', 1, 12), 'b1', 'c1');
  t.true(move('a12'));
  t.true(move('c1', 'a3'));
  t.false(move('c1', 'c1'));
  join('d1');
  t.is(await order(), 'a1 a12 a2 a3 c1 a4 a5 a6 a7 a8 a9 a10 b1 d1 a11');
});

test('a line that is empty begins anew: nobody pays for what they printed before', async (t) => {
  const { join, order, line } = setUp();
  join(...jobs('a', 1, 12));
  await order();
  await new Promise((resolve) => setImmediate(resolve));
  join('a13', 'b1', 'a14');
  line.giveUpAll();
  t.regex(await order(), /a12 a13 -b1 -a14$/);
});

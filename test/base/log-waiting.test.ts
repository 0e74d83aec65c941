/** A line is formatted when nobody waits for it; nothing of it, of its time or of its order is lost by that. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type LogOutput, openLog } from '../../base/log.ts';
import { temporaryFolder } from '../temporary-folder.ts';

interface Opened {
  readonly log: LogOutput;
  /** What is in the file now. */
  lines(): Record<string, unknown>[];
}

async function opened(t: ExecutionContext): Promise<Opened> {
  const path = join(await temporaryFolder(t), 'log');
  const log = openLog({ level: 'info', format: 'json', descriptor: openSync(path, 'w') });
  return { log, lines: () => linesOf(readFileSync(path, 'utf8')) };
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line): Record<string, unknown> => JSON.parse(line));

const eventsOf = (lines: readonly Record<string, unknown>[]) => lines.map(({ event }) => event);

/** What is formatted, whether the file has it yet or not. */
function formatted(what: () => void): number {
  let count = 0;
  const { toISOString } = Date.prototype;
  Date.prototype.toISOString = function () {
    count++;
    return toISOString.call(this);
  };
  try {
    what();
  } finally {
    Date.prototype.toISOString = toISOString;
  }
  return count;
}

test('lines come in their order, parents and children mixed, and by themselves', async (t) => {
  const { log, lines } = await opened(t);
  const child = log.child({ panel: 'p' });
  t.is(
    formatted(() => {
      log.info('one');
      child.warn('two');
      log.error('three');
    }),
    0,
  );
  while (lines().length < 3) await new Promise(setImmediate);
  t.deepEqual(eventsOf(lines()), ['one', 'two', 'three']);
  log.info('four');
  while (lines().length < 4) await new Promise(setImmediate);
  await log.close();
  t.is(lines().length, 4);
});

test('a line tells the time of the event, not of its writing', async (t) => {
  const { log, lines } = await opened(t);
  log.info('early');
  const after = Date.now();
  while (Date.now() <= after + 1);
  log.info('late');
  await log.close();
  const [early = 0, late = 0] = lines().map(({ time }) => Date.parse(String(time)));
  t.true(early <= after && late > after);
});

test('flushNow leaves nothing behind', async (t) => {
  const { log, lines } = await opened(t);
  await new Promise(setImmediate);
  log.info('one');
  log.info('two');
  t.is(
    formatted(() => log.flushNow()),
    2,
  );
  // One of them is with the system, which may take its time; what is written meanwhile can overtake it.
  while (lines().length < 2) await new Promise(setImmediate);
  t.deepEqual(eventsOf(lines()).toSorted(), ['one', 'two']);
  await log.close();
});

test('close writes what waits, and what comes after it is dropped', async (t) => {
  const { log, lines } = await opened(t);
  log.info('before');
  const closed = log.close();
  t.notThrows(() => log.info('after'));
  await closed;
  log.info('long after');
  log.flushNow();
  t.deepEqual(eventsOf(lines()), ['before']);
});

test('the level counts when the line is logged', async (t) => {
  const { log, lines } = await opened(t);
  log.info('told');
  log.debug('not told');
  log.setLevel('error');
  log.info('not told either');
  log.setLevel('debug');
  await log.close();
  t.deepEqual(eventsOf(lines()), ['told']);
});

test('a flood is formatted at once, and stays in order', async (t) => {
  const { log, lines } = await opened(t);
  const count = formatted(() => {
    for (let number = 0; number < 1050; number++) log.info('flood', { number });
  });
  t.is(count, 1000);
  await log.close();
  t.deepEqual(
    lines().map(({ number }) => number),
    Array.from({ length: 1050 }, (_, number) => number),
  );
});

for (const [how, end] of [
  ['process.exit', 'process.exit(3)'],
  ['an error that nobody caught', 'throw new Error("on purpose")'],
]) {
  test(`the last line before ${how} is written`, async (t) => {
    const code = `const { openLog } = await import(${JSON.stringify(new URL('../../base/log.ts', import.meta.url))});
      openLog({ level: 'info', format: 'json', descriptor: 1 }).info('the last');
      setImmediate(() => { ${end}; });`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(child, 'close');
    t.deepEqual(eventsOf(linesOf(text)), ['the last']);
  });
}

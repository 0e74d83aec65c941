// What every card reader keeps to, whatever it is connected by. Each driver's tests call this with a rig of their own.
import type { ExecutionContext, TestFn } from 'ava';
import type { Reader } from '../../drivers/readers/port.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';

export interface ReaderRig {
  readonly reader: Reader;
  /** A card is shown. @param card hexadecimal digits, 8 of them */
  swipe(card: string): Promise<void> | void;
  /** The reader is gone, and the driver may know it. */
  unplug(): Promise<void> | void;
  replug(): Promise<void> | void;
  /** Lets as much time go by as it takes for a swipe not to be the same as the one before. */
  pause(): Promise<void> | void;
  /** What a swipe of this card is read as. */
  reading(card: string): RawSwipe;
}

export type MakeRig = (t: ExecutionContext) => Promise<ReaderRig>;

/** Resolves when the condition holds; the test's own time-out is the bound. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const ready = ({ reader }: ReaderRig) => until(() => reader.status.state === 'ready');

export function readerContract(test: TestFn, name: string, make: MakeRig): void {
  test(`${name}: swipes come in order, each once`, async (t) => {
    const rig = await make(t);
    await ready(rig);
    const swipes = rig.reader.swipes();
    for (const card of ['04A1B2C3', '04A1B2C4', '04A1B2C3']) {
      await rig.swipe(card);
      const next = await swipes.next();
      t.deepEqual(plain(next.value), plain(rig.reading(card)));
      rig.reader.feedback('accepted');
      await rig.pause();
    }
    t.is(rig.reader.counts.swipes, 3);
    await rig.reader.close();
    t.deepEqual(await swipes.next(), { done: true, value: undefined });
    t.is(rig.reader.status.state, 'closed');
  });

  test(`${name}: it is told when it goes, and comes back by itself`, async (t) => {
    const rig = await make(t);
    await ready(rig);
    await rig.unplug();
    await until(() => rig.reader.status.state === 'away');
    t.notThrows(() => rig.reader.feedback('refused'));
    await rig.replug();
    await ready(rig);
    const swipes = rig.reader.swipes();
    await rig.swipe('0badcafe');
    const next = await swipes.next();
    t.deepEqual(plain(next.value), plain(rig.reading('0badcafe')));
    await rig.reader.close();
  });

  test(`${name}: closing while it is away, and closing twice`, async (t) => {
    const rig = await make(t);
    await ready(rig);
    await rig.unplug();
    await until(() => rig.reader.status.state === 'away');
    await rig.reader.close();
    await rig.reader.close();
    t.is(rig.reader.status.state, 'closed');
    t.notThrows(() => rig.reader.feedback('wait'));
  });
}

/** Octets as hexadecimal digits, whatever holds them. */
export function plain(swipe: RawSwipe | undefined): unknown {
  return swipe?.kind === 'bits'
    ? { kind: 'bits', bits: swipe.bits, octets: Buffer.from(swipe.octets).toString('hex') }
    : swipe;
}

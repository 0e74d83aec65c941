/** Changes that a person at a panel waits for, while another change of people is being made. */
import { type Clock, sleep } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import { Milliseconds } from '../../base/units.ts';

/** Ten seconds in all: longer than a change holds up others, and as long as somebody waits at a panel. */
const TRIES = 50;
const BETWEEN = Milliseconds(200);

/** Does it again while it fails by `people-busy` or `plan-outdated`. @throws whatever else it throws, and those in the end */
export async function patiently<Result>(clock: Clock, work: () => Promise<Result>): Promise<Result> {
  for (let turn = 1; ; turn++) {
    try {
      return await work();
    } catch (error) {
      const isBusy =
        error instanceof Failure && (error.code === 'people-busy' || error.code === 'plan-outdated');
      if (!isBusy || turn === TRIES) throw error;
      await sleep(clock, BETWEEN);
    }
  }
}

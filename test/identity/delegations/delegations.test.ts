// Delegations: who may print whose jobs, by the clock, until somebody leaves, and what stays over a restart.
import test from 'ava';
import { Metrics } from '../../../base/metrics.ts';
import { Days, Hours } from '../../../base/units.ts';
import { Delegations } from '../../../identity/delegations/delegations.ts';
import type { Delegation, DelegationStore } from '../../../identity/delegations/tables.ts';
import type { PeopleChanged } from '../../../identity/people/changed.ts';
import { PersonId } from '../../../identity/person.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';

const person = (number: number) => PersonId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);
const [ADA, BOB, CYD] = [person(1), person(2), person(3)];

function memoryStore(): DelegationStore {
  const rows = new Map<string, Delegation>();
  return {
    all: async () => [...rows.values()],
    async put(row) {
      rows.set(`${row.from} ${row.to}`, row);
    },
    async remove(pairs) {
      for (const { from, to } of pairs) rows.delete(`${from} ${to}`);
    },
  };
}

class People {
  readonly gone = new Set<PersonId>();
  #listener: (change: PeopleChanged) => void = () => {};

  isActive(id: PersonId): boolean {
    return !this.gone.has(id);
  }

  onChange(listener: (change: PeopleChanged) => void): () => void {
    this.#listener = listener;
    return () => {};
  }

  disable(id: PersonId): void {
    this.gone.add(id);
    this.#listener({ updated: [id], removed: [], disabled: [id] });
  }
}

async function opened(store = memoryStore(), clock = new ManualClock()) {
  const people = new People();
  const log = new RecordingLog();
  const parts = { store, people, clock, log, metrics: new Metrics() };
  return { ...parts, delegations: await Delegations.open(parts) };
}

test('it goes one way, to nobody further, and ends by the clock', async (t) => {
  const { delegations, clock, people } = await opened();
  await delegations.add(ADA, BOB, clock.now() + Hours(8));
  await delegations.add(BOB, CYD, clock.now() + Hours(4));
  t.deepEqual(delegations.delegators(BOB), [ADA]);
  t.deepEqual(delegations.delegators(CYD), [BOB], 'not those who delegate to Bob');
  t.deepEqual(delegations.delegators(ADA), []);
  people.gone.add(BOB);
  t.deepEqual(delegations.delegators(CYD), [], 'his time is over, by the clock: nobody is told of that');
  t.deepEqual(delegations.delegators(BOB), []);
  people.gone.clear();
  clock.advance(Hours(4));
  t.deepEqual(delegations.delegators(CYD), []);
  t.deepEqual(delegations.delegators(BOB), [ADA]);
  clock.advance(Hours(4));
  t.deepEqual(delegations.delegators(BOB), []);
  t.deepEqual(delegations.list(), []);
});

test('what cannot be is refused', async (t) => {
  const { delegations, clock, people } = await opened();
  const soon = clock.now() + Hours(1);
  for (const [from, to, until] of [
    [ADA, ADA, soon],
    [ADA, BOB, clock.now()],
    [ADA, BOB, clock.now() + Days(367)],
  ] as const)
    await t.throwsAsync(delegations.add(from, to, until), { code: 'bad-delegation' });
  people.disable(CYD);
  await t.throwsAsync(delegations.add(ADA, CYD, soon), { code: 'bad-delegation' });
  for (let each = 0; each < 50; each++) await delegations.add(person(100 + each), BOB, soon);
  await t.throwsAsync(delegations.add(ADA, BOB, soon), { code: 'too-many-delegations' });
  await delegations.add(person(100), BOB, soon + Hours(1));
  t.is(delegations.delegators(BOB).length, 50, 'in place of the one before');
  clock.advance(Hours(1));
  await delegations.add(ADA, BOB, clock.now() + Hours(1));
  t.deepEqual(delegations.delegators(BOB), [person(100), ADA], 'those that are over leave their place');
});

test('it is over at once when it is taken away or one of the two leaves, and nobody gets it back with them', async (t) => {
  const { delegations, clock, people, store, log } = await opened();
  const until = clock.now() + Days(30);
  await delegations.add(ADA, BOB, until);
  await delegations.add(CYD, BOB, until);
  await delegations.add(ADA, CYD, until);
  t.true(await delegations.remove(ADA, CYD));
  t.false(await delegations.remove(ADA, CYD));
  t.deepEqual(delegations.delegators(CYD), []);
  people.disable(CYD);
  t.deepEqual(delegations.delegators(BOB), [ADA]);
  people.gone.clear();
  t.deepEqual(delegations.delegators(BOB), [ADA]);
  t.deepEqual((await opened(store, clock)).delegations.delegators(BOB), [ADA], 'kept over a restart');
  t.deepEqual([...new Set(log.events('info'))], ['delegation made', 'delegation ended']);
  people.disable(BOB);
  t.deepEqual(await store.all(undefined), []);
});

test('what is over is erased at the start', async (t) => {
  const { delegations, clock, store } = await opened();
  await delegations.add(ADA, BOB, clock.now() + Hours(1));
  await delegations.add(ADA, CYD, clock.now() + Hours(3));
  clock.advance(Hours(2));
  const again = await opened(store, clock);
  t.deepEqual(again.delegations.delegators(CYD), [ADA]);
  t.is((await store.all(undefined)).length, 1);
});

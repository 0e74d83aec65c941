/** Builds the index from the store at start. */
import { keyAt } from '../credential.ts';
import type { IdentityStore } from '../store.ts';
import { PeopleIndex } from './people-index.ts';

/** People or credentials at once: some 3 ms of the event loop. */
const PAGE = 1000;

export async function loadIndex(store: IdentityStore): Promise<PeopleIndex> {
  const index = new PeopleIndex();
  await loadPeople(store, index);
  await loadCredentials(store, index);
  for (const { key, owner } of await store.barred()) index.bar(key, owner);
  return index;
}

async function loadPeople(store: IdentityStore, index: PeopleIndex): Promise<void> {
  let { numbers, records } = await store.peoplePage(0, PAGE);
  for (let last = numbers.at(-1); last !== undefined; last = numbers.at(-1)) {
    // The store reads on while this thread works.
    const next = store.peoplePage(last, PAGE);
    for (const [at, record] of records.entries()) index.putRecord(numbers[at] as number, record);
    ({ numbers, records } = await next);
  }
}

async function loadCredentials(store: IdentityStore, index: PeopleIndex): Promise<void> {
  let { keys, owners, expiries } = await store.credentialPage(undefined, PAGE);
  while (owners.length > 0) {
    const next = store.credentialPage(keyAt(keys, owners.length - 1), PAGE);
    for (const [at, owner] of owners.entries()) index.addCredential(keyAt(keys, at), owner, expiries[at]);
    ({ keys, owners, expiries } = await next);
  }
}

/** A full sync of 20,000 people from OpenLDAP beside bare ldapts over the same; and polls that find nothing new. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ldapts';
import type { DirectoryOptions } from '../../identity/directory/options.ts';
import { DirectoryReading } from '../../identity/directory/reader.ts';
import { SyncWorkers } from '../../identity/directory/workers.ts';
import { ldif, optionsOf } from '../identity/directory/numbered-people.ts';
import { SUFFIX, startSlapd } from '../peers/slapd.ts';
import type { Bench, Figures } from './bench.ts';
import { openGateway } from './lookup/during-sync.ts';

const PEOPLE = 20_000;
const TURNS = 5;

export const bench: Bench = {
  summary: `Reads ${PEOPLE} people: with ldapts alone, in the sync worker, and as a whole sync into the database`,
  // 0.8 × the speed of bare ldapts; 0.1 s for 2,000 people.
  atMost: { times_bare: 1.25, poll_s: (0.1 * PEOPLE) / 2000 },
  async run(say) {
    await using slapd = await startSlapd(ldif(PEOPLE));
    const options = optionsOf(slapd);
    await using workers = new SyncWorkers();
    const cold = await timed(() => read(workers, options));
    const bares: number[] = [];
    const reads: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      bares.push(await timed(() => bare(options)));
      reads.push(await timed(() => read(workers, options)));
      say(`bare ${bares.at(-1)?.toFixed(2)} s, sync ${reads.at(-1)?.toFixed(2)} s`);
    }
    const best = (all: readonly number[]) => Math.min(...all);
    const figures: Figures = {
      people: PEOPLE,
      bare_s: best(bares),
      sync_s: best(reads),
      times_bare: best(reads) / best(bares),
      cold_s: cold,
      ...(await whole(workers, options)),
    };
    return figures;
  },
};

/** Planned, compared, and kept in the database, as the gateway does it. */
async function whole(workers: SyncWorkers, options: DirectoryOptions): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    await using gateway = await openGateway(folder, options, workers);
    const { identity, sync } = gateway;
    const first = await timed(() => sync.run());
    if (identity.size !== PEOPLE) throw new Error(`${identity.size} people`);
    const again = await timed(() => sync.run({ full: true }));
    const polls: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) polls.push(await timed(() => sync.run()));
    await workers[Symbol.asyncDispose]();
    return {
      first_into_database_s: first,
      full_again_s: again,
      poll_s: Math.max(...polls),
      poll_cold_s: await timed(() => sync.run()),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The same question, with what ldapts itself offers for it. */
async function bare({ servers: [server], ca, bindName, password, timeout, attributes }: DirectoryOptions) {
  await using client = new Client({ url: `ldaps://localhost:${server?.port}`, timeout, tlsOptions: { ca } });
  await client.bind(bindName, password);
  const names = Object.values(attributes)
    .flat()
    .filter((each) => each !== '');
  const { searchEntries } = await client.search(SUFFIX, {
    filter: '(&(uid=*)(|(objectClass=person)(objectClass=posixAccount)))',
    attributes: ['entryUUID', 'shadowExpire', 'pwdAccountLockedTime', 'userAccountControl', ...names],
    paged: { pageSize: 1000 },
  });
  if (searchEntries.length !== PEOPLE) throw new Error(`${searchEntries.length} people`);
}

async function read(workers: SyncWorkers, options: DirectoryOptions): Promise<void> {
  await using reading = new DirectoryReading(workers, { options, picture: undefined, now: 0 }, () => {});
  let people = 0;
  for await (const _ of reading.delta.upserts) people++;
  if (people !== PEOPLE) throw new Error(`${people} people`);
}

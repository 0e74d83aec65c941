/**
 * Polls of Active Directory (Samba) as an ordinary account: when nothing was written, after one change, and when it has to look
 * who is still there; beside each bare ldapts asking the same.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ldapts';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { DirectoryOptions } from '../../identity/directory/options.ts';
import { SyncWorkers } from '../../identity/directory/workers.ts';
import { optionsFor, TestDomain } from '../identity/directory/domain.ts';
import { ownAddress, provision } from '../peers/samba.ts';
import { type Bench, percentile } from './bench.ts';
import { openGateway, type SyncedGateway } from './lookup/during-sync.ts';

const PEOPLE = 2000;
const TURNS = 21;
/** After it a look at who is still there is due. */
const SWEEP_AGAIN = 10 * 60_000;

export const bench: Bench = {
  summary: `Polls ${PEOPLE} people of a Samba domain controller, ${TURNS} times each; medians`,
  // 0.1 s for 2,000 people.
  atMost: { unchanged_ms: (100 * PEOPLE) / 2000 },
  async run(say) {
    const address = ownAddress(114);
    await using forest = await provision('print.test', [address]);
    await using controller = await forest.start(address);
    const domain = await TestDomain.prepare(controller);
    for (let at = 0; at < PEOPLE; at++) await domain.person(`p${at}`, { displayName: `Given Family ${at}` });
    const options = await optionsFor(forest, controller);
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
    await using workers = new SyncWorkers();
    try {
      let ahead = 0;
      const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
      await using gateway = await openGateway(folder, options, workers, clock);
      await gateway.sync.run();
      if (gateway.identity.size !== PEOPLE) throw new Error(`${gateway.identity.size} people`);
      const change = async (turn: number) =>
        domain.set(`CN=p${turn},${domain.people}`, 'displayName', `Given Family ${systemClock.now()}`);
      const unchanged = await median(async () => poll(gateway, 0));
      say(`nothing written: ${unchanged} ms`);
      const changed = await median(async () => poll(gateway, 1), change);
      say(`one change: ${changed} ms`);
      const swept = await median(
        async () => poll(gateway, 1),
        async (turn) => {
          ahead += SWEEP_AGAIN;
          await change(turn);
        },
      );
      return {
        people: PEOPLE,
        unchanged_ms: unchanged,
        unchanged_bare_ms: await median(() => bare(options, async (client) => void (await look(client)))),
        changed_ms: changed,
        changed_bare_ms: await median(() =>
          bare(options, async (client) => {
            const usn = await look(client);
            await askPaged(client, `(&(objectCategory=person)(objectClass=user)(uSNChanged>=${usn}))`);
          }),
        ),
        swept_ms: swept,
        swept_bare_ms: await median(() =>
          bare(options, (client) => askPaged(client, '(&(objectCategory=person)(objectClass=user))')),
        ),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Milliseconds. @param before is done before each, and not timed */
async function median(work: () => Promise<void>, before = async (_turn: number) => {}): Promise<number> {
  const times = new Float64Array(TURNS);
  for (let turn = 0; turn < TURNS; turn++) {
    await before(turn);
    const start = performance.now();
    await work();
    times[turn] = performance.now() - start;
  }
  return percentile(times.sort(), 0.5);
}

async function poll({ sync }: SyncedGateway, changed: number): Promise<void> {
  const { counts, full } = await sync.run();
  if (full || counts.changed !== changed) throw new Error(`full: ${full}, ${counts.changed} changed`);
}

/** Connects, signs in, asks and leaves, as each poll does. */
async function bare(options: DirectoryOptions, ask: (client: Client) => Promise<void>): Promise<void> {
  const {
    servers: [server],
    ca,
    bindName,
    password,
    timeout,
  } = options;
  await using client = new Client({ url: `ldaps://${server?.host}`, timeout, tlsOptions: { ca } });
  await client.bind(bindName, password);
  await ask(client);
}

/** @returns the highest USN */
async function look(client: Client): Promise<string> {
  const { searchEntries } = await client.search('', { scope: 'base', attributes: ['highestCommittedUSN'] });
  return String(searchEntries[0]?.['highestCommittedUSN']);
}

async function askPaged(client: Client, filter: string): Promise<void> {
  const question = { filter, attributes: ['objectGUID'], paged: { pageSize: 1000 } };
  await client.search('OU=People,DC=print,DC=test', question);
}

/** A CSV file of people thought through: one change, or what is wrong with the file. */
import type { Clock } from '../../base/clock.ts';
import type { KeyedHash } from '../../base/secrets/keyed-hash.ts';
import { type CodePolicy, NewCodes, wordsOf } from '../codes/policy.ts';
import { CredentialKey } from '../credential.ts';
import type { PeopleIndex } from '../index/people-index.ts';
import { readCsv } from './csv.ts';
import { type ImportReport, type People, type PlannedImport, planImport } from './plan.ts';
import { type ImportProblem, Problems } from './problems.ts';
import { RowReader } from './rows.ts';
import { Turns } from './turns.ts';

export type ImportOutcome =
  | { readonly applied: true; readonly report: ImportReport }
  /** Nothing was changed. `count` may be more than are told. */
  | { readonly applied: false; readonly problems: readonly ImportProblem[]; readonly count: number };

export interface FilePeople extends People {
  readonly hash: KeyedHash;
  readonly clock: Clock;
  readonly codePolicy?: () => CodePolicy;
}

/** The change that the file asks for, or the outcome when it is refused. In slices. */
export async function planFile(
  content: Uint8Array,
  people: FilePeople,
): Promise<PlannedImport | (ImportOutcome & { readonly applied: false; readonly rows: number })> {
  const { hash, clock, index } = people;
  const problems = new Problems();
  const fresh = new NewCodes();
  const reader = new RowReader(problems, (code) => {
    const key = CredentialKey(hash, 'code', code);
    if (!index.isTaken(key)) fresh.note(code.length, key);
    return key;
  });
  const turns = new Turns(clock);
  await readCsv(content, problems, (record) => reader.take(record), turns);
  reader.finish();
  const planned = await planImport(reader.rows, people, clock.now(), problems, turns);
  await judgeLengths(fresh, planned.index, people, problems, turns);
  if (problems.count === 0) return planned;
  return { applied: false, problems: problems.list(), count: problems.count, rows: reader.rows.length };
}

async function judgeLengths(
  fresh: NewCodes,
  after: PeopleIndex,
  { hash, clock, codePolicy }: FilePeople,
  problems: Problems,
  turns: Turns,
): Promise<void> {
  const policy = codePolicy?.();
  if (policy === undefined) return;
  const activeKey = (code: string) => {
    const key = CredentialKey(hash, 'code', code);
    return after.holderOf(key, clock.now())?.active === true ? key : undefined;
  };
  const advice = 'see holdfast codes lengths; codes.accept-risk takes them all the same';
  for (const refused of await fresh.refused(activeKey, policy, turns)) {
    problems.add(1, 'CODE', `${wordsOf(refused, policy)}; ${advice}`);
  }
}

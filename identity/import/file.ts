/** An import from the octets of a file to people changed, all of the file or nothing, or row by row by choice. */
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { KeyedHash } from '../../base/secrets/keyed-hash.ts';
import type { Secret } from '../../base/secrets/secret.ts';
import { type CodePolicy, NewCodes, wordsOf } from '../codes/policy.ts';
import { CredentialKey, canonicalCode } from '../credential.ts';
import type { PeopleIndex } from '../index/people-index.ts';
import { LOCAL, type PeopleDelta, type PeoplePlan, type PeopleReport } from '../people/draft.ts';
import { type PersonId, userNameKey } from '../person.ts';
import type { IdentityStore } from '../store.ts';
import { type CsvRecord, readCsv } from './csv.ts';
import { type Numbers, PaperCutRows } from './papercut.ts';
import { delimiterOf } from './papercut-columns.ts';
import { type ImportProblem, Problems } from './problems.ts';
import { draftsOf, editsOf, type Meant, whoIsMeant } from './resolve.ts';
import type { ImportRow, RowReader } from './row.ts';
import { LexmarkRows } from './rows.ts';
import type { Encoding } from './text.ts';
import { Turns } from './turns.ts';

export interface ImportOptions {
  /** Lexmark's format unless told. */
  readonly format?: 'lexmark' | { readonly papercut: Numbers };
  /** Rows that are wrong are left out and the others carried out; else one of them stops the whole file. */
  readonly perRow?: boolean;
  /** Only tells what would happen. */
  readonly dryRun?: boolean;
  /** Where passwords go; they are passed over when there is nowhere. */
  readonly passwords?: ImportPasswords;
  /** Rows done, of all. Two times: read, and passwords hashed. */
  onProgress?(progress: { readonly done: number; readonly of: number }): void;
}

/** What an import needs of local passwords. */
export interface ImportPasswords {
  /** Slow on purpose (argon2id); one at a time, beside the event loop. */
  hash(password: Secret<string>): Promise<string>;
  /** In place of those before. Whoever is not there is passed over. */
  setHashed(hashes: readonly { readonly person: PersonId; readonly hash: string }[]): Promise<void>;
}

export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Rows that say what is known already. */
  readonly unchanged: number;
}

export interface ImportOutcome {
  /** False: nothing was changed. */
  readonly applied: boolean;
  /** Nothing was changed, as asked; the file, or the rows of it that are not left out, would be taken. */
  readonly previewed: boolean;
  /** Of what was done, or with `dryRun` would be. Empty of what was refused. */
  readonly report: ImportReport;
  /** Passwords that were set, or would be. */
  readonly passwords: number;
  /** Undefined: the file was not read. */
  readonly encoding: Encoding | undefined;
  /** Rows left out. */
  readonly refused: number;
  readonly problems: readonly ImportProblem[];
  /** May be more than are told. */
  readonly count: number;
  /** What is done all the same: codes that are easily guessed. */
  readonly remarks: readonly ImportProblem[];
}

/** What an import needs of the people there are. */
export interface ImportPeople {
  readonly store: IdentityStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly codePolicy: (() => CodePolicy) | undefined;
  index(): PeopleIndex;
  readonly hash: KeyedHash;
  /** One change at a time. @throws Failure `people-busy` */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Within `alone`. */
  plan(delta: PeopleDelta): Promise<{ readonly plan: PeoplePlan; readonly index: PeopleIndex }>;
  /** Within `alone`. */
  carryOut(plan: PeoplePlan): Promise<PeopleReport>;
}

/** As often as rows may collide anew when others were left out. */
const MOST_ROUNDS = 20;
const NOTHING: ImportReport = { created: 0, updated: 0, deleted: 0, unchanged: 0 };

/** @throws Failure `people-busy`, `too-many-collisions` */
export async function importFile(
  content: Uint8Array,
  people: ImportPeople,
  options: ImportOptions,
): Promise<ImportOutcome> {
  return new Import(people, options).run(content);
}

interface Ready {
  readonly plan: PeoplePlan;
  readonly found: readonly Meant[];
  readonly edited: ReadonlySet<PersonId>;
}

class Import {
  readonly #people: ImportPeople;
  readonly #options: ImportOptions;
  readonly #problems = new Problems();
  #remarks = new Problems();
  readonly #turns: Turns;
  readonly #reader: RowReader;
  #encoding: Encoding | undefined;

  constructor(people: ImportPeople, options: ImportOptions) {
    this.#people = people;
    this.#options = options;
    this.#turns = new Turns(people.clock);
    const { format = 'lexmark' } = options;
    this.#reader =
      format === 'lexmark'
        ? new LexmarkRows(this.#problems)
        : new PaperCutRows(this.#problems, format.papercut);
  }

  async run(content: Uint8Array): Promise<ImportOutcome> {
    const options = this.#reader instanceof PaperCutRows ? { delimiterOf } : {};
    const take = (record: CsvRecord) => this.#reader.take(record);
    this.#encoding = await readCsv(content, this.#problems, take, this.#turns, options);
    this.#reader.finish();
    const { alone } = this.#people;
    const stops = this.#problems.refused || (this.#options.perRow !== true && this.#problems.count > 0);
    if (stops) return alone(() => this.#refuse());
    const outcome = await alone(() => this.#attempt(undefined));
    if (outcome !== undefined) return outcome;
    // Minutes for many: others may change people meanwhile, so it is planned anew behind it.
    const hashes = await this.#hashed();
    return (await alone(() => this.#attempt(hashes))) as ImportOutcome;
  }

  /** Undefined: passwords are to be hashed first. @param hashes by line */
  async #attempt(hashes: ReadonlyMap<number, string> | undefined): Promise<ImportOutcome | undefined> {
    const ready = await this.#ready();
    if (ready === undefined) return this.#refusal();
    const { dryRun = false, passwords } = this.#options;
    const withPassword = ready.found.filter(({ row }) => row.password !== undefined);
    const told = { ...this.#told(), passwords: withPassword.length };
    if (dryRun) {
      return { ...told, applied: false, previewed: true, report: reportOf(ready.plan.counts, ready) };
    }
    if (withPassword.length > 0 && passwords !== undefined && hashes === undefined) return undefined;
    const report = reportOf(await this.#people.carryOut(ready.plan), ready);
    const set = withPassword.flatMap(({ id, row }) => {
      const hash = hashes?.get(row.line);
      return hash === undefined ? [] : [{ person: id, hash }];
    });
    if (set.length > 0) await passwords?.setHashed(set);
    const { refused } = told;
    this.#people.log.info('people imported', { ...report, passwords: set.length, refused });
    return { ...told, passwords: set.length, applied: true, report };
  }

  /** All that is wrong is told at once: what the rows that could be read would run into too. */
  async #refuse(): Promise<ImportOutcome> {
    await this.#plan(this.#reader.rows);
    return this.#refusal();
  }

  /** Plans until no row collides with another; undefined when the file is refused. */
  async #ready(): Promise<Ready | undefined> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.#problems.count;
      const left = this.#reader.rows.filter(({ line }) => !this.#problems.has(line));
      const ready = await this.#plan(left);
      if (this.#problems.count === before) return ready;
      if (this.#options.perRow !== true || this.#problems.refused) return undefined;
    }
    throw new Failure('too-many-collisions', 'the rows collide with each other in too many ways', {
      advice: 'Import the file without --per-row, which tells the collisions, and mend them',
    });
  }

  async #plan(rows: readonly ImportRow[]): Promise<Ready> {
    this.#remarks = new Problems();
    const { store } = this.#people;
    const index = this.#people.index();
    const { columns } = this.#reader;
    const people = { index, store };
    const found = await whoIsMeant(rows, index, columns, this.#problems, this.#turns);
    const edits = await editsOf(found, people, this.#reader, this.#problems);
    const goes = found.filter(({ row, source }) => row.operation === 'DELETE' && source === LOCAL);
    const right = found.filter(({ row }) => !this.#problems.has(row.line));
    const { plan, index: after } = await this.#people.plan({
      source: LOCAL,
      upserts: this.#counted(draftsOf(right, people), right.length),
      removed: goes.map(({ id }) => index.entry(index.numberOf(id) ?? 0)?.sourceId ?? id),
      complete: false,
      edits,
    });
    this.#complain(plan, right);
    await this.#judgeLengths(right, index, after);
    return { plan, found: right, edited: new Set(edits.map(({ person }) => person)) };
  }

  async *#counted<Item>(items: AsyncIterable<Item>, of: number): AsyncGenerator<Item> {
    let done = 0;
    for await (const item of items) {
      done += 1;
      if (done % 500 === 0) this.#options.onProgress?.({ done, of });
      yield item;
    }
  }

  /** What the engine found to be wrong, at the lines that it comes from. */
  #complain({ issues }: PeoplePlan, found: readonly Meant[]): void {
    if (issues.length === 0) return;
    const byName = new Map(found.map((each) => [keyOf(each.userName), each]));
    const { columns } = this.#reader;
    for (const { issue, what, userName, holder = '' } of issues) {
      const row = byName.get(keyOf(userName))?.row;
      const line = row?.line ?? 1;
      const column = what === 'card' ? columns.cards : what === 'code' ? columns.codes : columns.pin;
      if (issue === 'trivial') {
        this.#remarks.add(line, column, 'is one that a thief tries first; it is taken all the same');
      } else if (issue === 'conflict') {
        const theirs = byName.get(keyOf(holder))?.row;
        const gives = (what === 'card' ? theirs?.cards : theirs?.codes) !== undefined;
        const where = theirs !== undefined && gives ? ` (line ${theirs.line})` : '';
        this.#problems.add(line, column, `is also the ${what} of ${holder}${where}; ${what}s must differ`);
      } else this.#problems.add(line, undefined, `the ${what} cannot be taken (${issue})`);
    }
  }

  async #judgeLengths(found: readonly Meant[], before: PeopleIndex, after: PeopleIndex): Promise<void> {
    const { hash, clock, codePolicy } = this.#people;
    const policy = codePolicy?.();
    if (policy === undefined) return;
    const fresh = new NewCodes();
    await this.#turns.forEach(found, ({ row }) => {
      for (const text of row.codes ?? []) {
        const code = canonicalCode(text) ?? '';
        const key = CredentialKey(hash, 'code', code);
        if (!before.isTaken(key)) fresh.note(code.length, key);
      }
    });
    const advice = 'see holdfast codes lengths; codes.accept-risk takes them all the same';
    const active = (code: string) => {
      const key = CredentialKey(hash, 'code', code);
      return after.holderOf(key, clock.now())?.active === true ? key : undefined;
    };
    for (const refused of await fresh.refused(active, policy, this.#turns)) {
      this.#problems.refuse(1, this.#reader.columns.codes, `${wordsOf(refused, policy)}; ${advice}`);
    }
  }

  async #hashed(): Promise<Map<number, string>> {
    const { passwords, onProgress } = this.#options;
    const hashes = new Map<number, string>();
    const rows = this.#reader.rows.filter(({ line }) => !this.#problems.has(line));
    const of = rows.filter(({ password }) => password !== undefined).length;
    for (const { line, password } of rows) {
      if (passwords === undefined || password === undefined) continue;
      hashes.set(line, await passwords.hash(password));
      if (hashes.size % 50 === 0) onProgress?.({ done: hashes.size, of });
    }
    return hashes;
  }

  #told() {
    return {
      previewed: false,
      encoding: this.#encoding,
      refused: this.#problems.lines,
      problems: this.#problems.list(),
      count: this.#problems.count,
      remarks: this.#remarks.list(),
    };
  }

  #refusal(): ImportOutcome {
    const { rows } = this.#reader;
    this.#people.log.warn('people import refused', { rows: rows.length, problems: this.#problems.count });
    return { ...this.#told(), applied: false, report: NOTHING, passwords: 0 };
  }
}

function reportOf(counts: PeoplePlan['counts'], { found, edited }: Ready): ImportReport {
  const untouched = found.filter(
    ({ row, source, id }) => source !== LOCAL && row.operation !== 'DELETE' && !edited.has(id),
  ).length;
  return {
    created: counts.created,
    updated: counts.changed + counts.enabled + counts.disabled,
    deleted: counts.removed,
    unchanged: counts.unchanged + untouched,
  };
}

const keyOf = (userName: string): string => userNameKey(userName.normalize('NFC').trim());

/** Reads a directory: all of it, or what has changed since the last picture. Runs in the sync worker. */
import { Failure } from '../../base/errors.ts';
import type { PersonDraft } from '../people/draft.ts';
import { readActiveDirectory } from './active-directory.ts';
import { DirectoryConnection } from './connection.ts';
import { readOpenLdap } from './open-ldap.ts';
import type { DirectoryOptions } from './options.ts';
import { fingerprintOf, type Picture } from './picture.ts';

export interface Reading {
  readonly options: DirectoryOptions;
  /** Of the last sync; undefined before the first. */
  readonly before: Picture | undefined;
  /** Reads everybody, whatever was read before. */
  readonly full?: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Called when a server has let the service account in. */
  signedIn?(): void;
  /** Takes some people; resolves when it is ready for more. Nothing counts until the whole reading has resolved. */
  take(people: readonly PersonDraft[]): Promise<void>;
}

export interface ReadResult {
  /** A full picture: who is not in it is gone. */
  readonly complete: boolean;
  /** Ids of people who are gone, or no longer asked for. */
  readonly removed: readonly string[];
  readonly picture: Picture;
  /** The server that answered, by host name. */
  readonly server: string;
  /** Why DirSync could not be asked for; undefined when it could, or was not tried. */
  readonly dirSyncRefused?: string;
}

/** What a reading of one kind of directory begins with. */
export interface Beginning extends Omit<Reading, 'full'> {
  /** People of the last sync: they stay when they are disabled, also when everybody is read anew. */
  readonly known: ReadonlySet<string>;
}

/** @throws Failure see `directoryFailure`; what was taken until then means nothing */
export async function readDirectory(reading: Reading): Promise<ReadResult> {
  const { options, before, full } = reading;
  const goesOn = full !== true && before?.fingerprint === fingerprintOf(options);
  await using connection = await DirectoryConnection.open(options);
  reading.signedIn?.();
  const read = options.kind === 'active-directory' ? readActiveDirectory : readOpenLdap;
  const known = before?.people ?? new Set();
  return await read(connection, { ...reading, before: goesOn ? before : undefined, known });
}

/** People found so far, handed on in order, each once. */
export class Gathering {
  readonly #reading: Beginning;
  readonly seen = new Set<string>();
  #batch: PersonDraft[] = [];

  constructor(reading: Beginning) {
    this.#reading = reading;
  }

  /** False when the person is not asked for. Handed on with {@link handOver}. */
  add(draft: PersonDraft): boolean {
    const { options, known } = this.#reading;
    const { includeDisabled, people } = options;
    const { id } = draft.key;
    if (people === 'groups' && draft.groups.length === 0) return false;
    if (!draft.enabled && !includeDisabled && !known.has(id)) return false;
    if (this.seen.has(id)) return true;
    this.seen.add(id);
    this.#batch.push(draft);
    return true;
  }

  /** Called after each page. */
  async handOver(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) await this.#reading.take(batch);
  }
}

/** @throws Failure `directory-empty` when nobody was found: rather the question is wrong than everybody gone */
export function mustHavePeople(gathering: Gathering, entries: number): void {
  if (gathering.seen.size > 0) return;
  throw new Failure(
    'directory-empty',
    entries === 0
      ? 'the directory shows nobody to the service account'
      : `of ${entries} people in the directory none is asked for`,
    { advice: 'Look at bases, groups and the rights of the service account; nothing was changed' },
  );
}

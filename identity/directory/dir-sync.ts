/** DirSync: what has changed in a domain since a cookie, which any of its controllers understands (MS-ADTS §3.1.1.3.4.1.3). */
import { type BerReader, BerWriter, Control, EqualityFilter } from 'ldapts';
import { Failure } from '../../base/errors.ts';
import type { DirectoryConnection, Search } from './connection.ts';
import type { DirectoryEntry } from './entry.ts';

/** LDAP_SERVER_DIRSYNC_OID */
const DIRSYNC = '1.2.840.113556.1.4.841';
/**
 * LDAP_DIRSYNC_INCREMENTAL_VALUES: of a group only the members that came or went. Without LDAP_DIRSYNC_OBJECT_SECURITY, so
 * only with the right DS-Replication-Get-Changes; with it nobody would hear of people whom the account may no longer see.
 */
const FLAGS = 0x8000_0000 | 0;
/** Octets of one answer. */
const AT_ONCE = 1024 * 1024;
/** Octets; 32 for each controller that the domain ever had. */
const LONGEST_COOKIE = 256 * 1024;
/** Answers to one question: of a domain with a million objects some thousand. */
const MOST_ANSWERS = 100_000;
const OCTETS = 0x04;

const REFUSALS: ReadonlySet<string> = new Set(['directory-error', 'directory-cut-short']);

const NOBODY = new EqualityFilter({ attribute: 'objectGUID', value: Buffer.alloc(16) });

class DirSyncControl extends Control {
  more = false;
  cookie: Buffer;

  constructor(cookie: Buffer) {
    super(DIRSYNC, { critical: true });
    this.cookie = cookie;
  }

  protected override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(FLAGS);
    value.writeInt(AT_ONCE);
    value.writeBuffer(this.cookie, OCTETS);
    value.endSequence();
    writer.writeBuffer(value.buffer, OCTETS);
  }

  protected override parseControl(reader: BerReader): void {
    reader.readSequence();
    this.more = reader.readInt() !== 0;
    reader.readInt();
    this.cookie = reader.readString(OCTETS, true) ?? Buffer.alloc(0);
  }
}

type Question = Pick<Search, 'filter' | 'attributes'>;

export class DirSync {
  readonly #connection: DirectoryConnection;
  readonly #context: string;
  readonly #before: Buffer;
  /** For the next time, in base64: of before the first question, so that nothing falls between. */
  readonly cookie: string;

  private constructor(connection: DirectoryConnection, context: string, before: Buffer, cookie: string) {
    this.#connection = connection;
    this.#context = context;
    this.#before = before;
    this.cookie = cookie;
  }

  /**
   * @param context the top of the domain: nothing else can be asked
   * @param before of the last time; '' when there is none, and then nothing has changed since
   * @returns why not, where the account or the controller does not allow it
   */
  static async open(
    connection: DirectoryConnection,
    context: string,
    before: string,
  ): Promise<DirSync | { readonly refused: string }> {
    const known = Buffer.from(before, 'base64');
    let cookie: Buffer = known;
    const nobody = { filter: NOBODY, attributes: ['objectGUID'] };
    try {
      for await (const answer of answers(connection, context, known, nobody)) cookie = answer.cookie;
    } catch (error) {
      // The controller refuses it, or comes to no end with it; that it does not answer at all is another thing.
      const isRefused = error instanceof Failure && REFUSALS.has(error.code);
      if (isRefused) return { refused: error.message };
      throw error;
    }
    return new DirSync(connection, context, before === '' ? cookie : known, cookie.toString('base64'));
  }

  /**
   * Entries that match and of which one of the attributes has changed since, deleted ones too. Others of the attributes
   * may be missing from them.
   */
  async *changed(question: Question): AsyncGenerator<readonly DirectoryEntry[]> {
    for await (const { entries } of answers(this.#connection, this.#context, this.#before, question)) {
      yield entries;
    }
  }
}

async function* answers(connection: DirectoryConnection, base: string, from: Buffer, question: Question) {
  let cookie = from;
  for (let asked = 0; asked < MOST_ANSWERS; asked++) {
    const control = new DirSyncControl(cookie);
    const entries = await connection.answer({ ...question, base, scope: 'sub' }, control);
    // The control that was sent takes the answer's value.
    if (control.cookie.length === 0 || control.cookie.length > LONGEST_COOKIE) break;
    cookie = control.cookie;
    yield { entries, cookie };
    if (!control.more) return;
  }
  throw new Failure('directory-cut-short', 'DirSync came to no end');
}

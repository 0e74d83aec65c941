/** The embedded job store: rows and small documents in SQLite, larger documents as files, keys in their slots. */
import { join } from 'node:path';
import type { TableClient } from '../../base/database/tables.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { FilePort } from '../../base/files/port.ts';
import { sharedSync } from '../../base/files/shared-sync.ts';
import type { Log } from '../../base/log.ts';
import { deriveKey, type Key } from '../../base/secrets/sealing.ts';
import { type Job, JobId } from '../job.ts';
import { readFile, readRow } from './document-reader.ts';
import { documentKey, SealedDocumentWriter, storeFailure } from './document-writer.ts';
import { IdBlocks } from './id-blocks.ts';
import { isSealedAlike, jobOf, openRowOf, rowOf } from './job-row.ts';
import { KeySlots, openWithRightKey } from './key-slots.ts';
import type { DocumentWriter, JobStore } from './port.ts';
import type { JobRow, tables } from './tables.ts';

export interface EmbeddedStoreOptions {
  readonly files: FilePort;
  readonly rows: TableClient<(typeof tables)['operations']>;
  /** Holds `documents/` and `job-keys`. Made when missing. */
  readonly folder: string;
  readonly gatewayKey: Key;
  readonly log: Log;
}

const ROWS_AT_A_TIME = 500;

/** What the store knows of a job that lives. */
interface Kept {
  readonly slot: number;
  readonly inFile: boolean;
  readonly documentKey: Key;
  readonly ticketKey: Key;
  /** The job whose sealed part stands in the row; undefined while another one is on its way there. */
  sealed: Job | undefined;
  /** The last one whose sealed part was on its way. */
  sealing: Job;
}

const ticketKey = (jobKey: Key): Key => deriveKey(jobKey, 'ticket');

export class EmbeddedJobStore implements JobStore {
  readonly #options: EmbeddedStoreOptions;
  readonly #documents: string;
  readonly #slots: KeySlots;
  readonly #ids: IdBlocks;
  readonly #syncDocuments: () => Promise<void>;
  readonly #kept = new Map<JobId, Kept>();

  private constructor(options: EmbeddedStoreOptions, documents: string, slots: KeySlots) {
    this.#options = options;
    this.#documents = documents;
    this.#slots = slots;
    this.#ids = new IdBlocks((count) => options.rows.reserveIds({ count }));
    this.#syncDocuments = sharedSync(() => options.files.syncFolder(documents));
  }

  /** @throws Failure `gateway-key-wrong` when what is kept was sealed under another gateway key. */
  static async open(options: EmbeddedStoreOptions): Promise<EmbeddedJobStore> {
    const wrapping = deriveKey(options.gatewayKey, 'job keys');
    await openWithRightKey(wrapping, (sealed) => options.rows.keyCheck({ sealed }));
    const documents = join(options.folder, 'documents');
    await options.files.makeFolder(documents);
    const slots = await KeySlots.open(options.files, join(options.folder, 'job-keys'), wrapping);
    await options.files.syncFolder(options.folder);
    return new EmbeddedJobStore(options, documents, slots);
  }

  async newId(): Promise<JobId> {
    return JobId(await this.#ids.next());
  }

  newDocument(job: JobId): DocumentWriter {
    return new SealedDocumentWriter(this.#options.files, this.#pathOf(job));
  }

  async accept(job: Job, document: DocumentWriter): Promise<void> {
    if (!(document instanceof SealedDocumentWriter)) throw new TypeError('a document of another store');
    if (this.#kept.has(job.id)) {
      await document.discard();
      throw new Failure('job-kept', `job ${job.id} was accepted already`);
    }
    const keeping = this.#slots.keep(job.id, document.jobKey);
    try {
      const place = await document.finish();
      if (place.kind === 'file') await this.#syncDocuments();
      const kept: Kept = {
        slot: await keeping,
        inFile: place.kind === 'file',
        documentKey: documentKey(document.jobKey),
        ticketKey: ticketKey(document.jobKey),
        sealed: job,
        sealing: job,
      };
      const row = rowOf(job, kept, kept.ticketKey);
      await this.#options.rows.insert({ row, content: place.kind === 'row' ? place.sealed : null });
      this.#kept.set(job.id, kept);
    } catch (error) {
      await keeping.then((slot) => this.#slots.destroy(slot)).catch(() => {});
      await document.discard();
      throw storeFailure(error);
    }
  }

  async save(job: Job): Promise<void> {
    const kept = this.#keptOf(job.id);
    const { rows } = this.#options;
    // To encode and seal a ticket takes longer than all else here, and a release waits for it.
    if (kept.sealed !== undefined && isSealedAlike(kept.sealed, job)) {
      // Of two that say the same, the one that is in memory anyway.
      kept.sealed = job;
      kept.sealing = job;
      await rows.updateOpen({ row: openRowOf(job, kept) });
      return;
    }
    kept.sealed = undefined;
    kept.sealing = job;
    await rows.update({ row: rowOf(job, kept, kept.ticketKey) });
    if (kept.sealing === job) kept.sealed = job;
  }

  async end(job: Job): Promise<void> {
    const kept = this.#keptOf(job.id);
    await this.#options.rows.update({ row: rowOf(job, { slot: null, inFile: kept.inFile }, undefined) });
    this.#kept.delete(job.id);
    await this.#slots.destroy(kept.slot);
    if (kept.inFile) await this.#options.files.remove(this.#pathOf(job.id));
  }

  read(job: JobId, from = 0): AsyncIterable<Uint8Array> {
    const kept = this.#keptOf(job);
    if (kept.inFile) return readFile(this.#options.files, this.#pathOf(job), kept.documentKey, from);
    return readRow(kept.documentKey, this.#contentOf(job), from);
  }

  async forget(jobs: readonly JobId[]): Promise<void> {
    await this.#options.rows.forget({ ids: jobs });
  }

  async recover(): Promise<Job[]> {
    const jobs: Job[] = [];
    for (let after = 0; ; ) {
      const rows = await this.#options.rows.list({ after, limit: ROWS_AT_A_TIME });
      for (const row of rows) jobs.push(await this.#recoverRow(row));
      after = rows.at(-1)?.id ?? 0;
      if (rows.length < ROWS_AT_A_TIME) break;
    }
    const keys = await this.#slots.sweep(new Set([...this.#kept.values()].map((kept) => kept.slot)));
    const files = await this.#sweepFiles();
    if (keys + files > 0) this.#options.log.info('swept what belongs to no job', { keys, files });
    return jobs;
  }

  async close(): Promise<void> {
    await this.#slots.close();
  }

  async #recoverRow(row: JobRow): Promise<Job> {
    const id = JobId(row.id);
    if (row.slot === null) return jobOf(row, undefined);
    try {
      const jobKey = await this.#slots.read(row.slot, id);
      const sealing = ticketKey(jobKey);
      const job = jobOf(row, sealing);
      this.#kept.set(id, {
        slot: row.slot,
        inFile: row.in_file === 1,
        documentKey: documentKey(jobKey),
        ticketKey: sealing,
        sealed: job,
        sealing: job,
      });
      return job;
    } catch (error) {
      // One damaged slot must not keep the gateway from starting; the job's content is beyond reach for anybody.
      this.#options.log.error('a job is lost: its key cannot be read', {
        'job-id': id,
        error: messageOf(error),
      });
      const lost: Job = { ...jobOf({ ...row, sealed: null }, undefined), state: 'aborted' };
      await this.#options.rows.update({ row: rowOf(lost, { slot: null, inFile: false }, undefined) });
      return lost;
    }
  }

  async #sweepFiles(): Promise<number> {
    const wanted = new Set([...this.#kept].filter(([, kept]) => kept.inFile).map(([id]) => `${id}`));
    const orphans = (await this.#options.files.list(this.#documents)).filter((name) => !wanted.has(name));
    for (const name of orphans) await this.#options.files.remove(join(this.#documents, name));
    return orphans.length;
  }

  async #contentOf(job: JobId): Promise<Uint8Array> {
    const content = await this.#options.rows.content({ id: job });
    if (content === null) throw new Failure('document-unreadable', `job ${job} has no stored content`);
    return content;
  }

  #keptOf(job: JobId): Kept {
    const kept = this.#kept.get(job);
    if (kept === undefined) throw new Failure('document-unreadable', `job ${job} is not kept any more`);
    return kept;
  }

  #pathOf(job: JobId): string {
    return join(this.#documents, `${job}`);
  }
}

/** Ties what panels need of jobs to the spool. */
import { Milliseconds } from '../base/units.ts';
import type { Identity } from '../identity/identity.ts';
import type { PersonId } from '../identity/person.ts';
import type { JobConflict, JobNews, JobsPlace, PanelJobs, SeenJob } from '../panel-protocol/ports.ts';
import { isKnownRelease, isOwnedBy, type Job } from '../spool/job.ts';
import type { Jobs } from '../spool/jobs.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import { optionsFor } from '../spool/release/choices/options.ts';
import { insteadOf, preflight } from '../spool/release/choices/preflight.ts';
import { resumePageOf } from '../spool/release/choices/resume-page.ts';
import { sendsOn } from '../spool/release/out-of-order.ts';
import { isClaimable } from '../spool/release/permission.ts';
import type { Releaser } from '../spool/release/releaser.ts';
import type { LiveConfig } from './live-config.ts';

export interface PanelJobRooms {
  readonly live: Pick<LiveConfig, 'queues' | 'printers'>;
  readonly identity: Pick<Identity, 'person'>;
  readonly jobs: Jobs;
  readonly board: PrinterBoard;
  readonly releaser: Releaser;
  /** People who have delegated the printing of their jobs to this person for now. */
  delegators(person: PersonId): readonly PersonId[];
}

/**
 * Screens hear of a change so much later: what it has set going comes first, the connection to a printer above all, and what
 * changes in one go is told in one go.
 */
const TOLD_AFTER = Milliseconds(5);

export function panelJobs(rooms: PanelJobRooms): PanelJobs {
  const { jobs, board, releaser, delegators } = rooms;
  const look = (job: Job, person: PersonId, { printer }: JobsPlace) =>
    seen(rooms, job, person, printer, delegators(person));
  return {
    list(person, { printer }) {
      const others = delegators(person);
      const owned = [person, ...others].flatMap((each) => jobs.ownedBy(each));
      return [...new Set([...owned, ...jobs.forAnybody()])].flatMap(
        (job) => seen(rooms, job, person, printer, others) ?? [],
      );
    },
    expect: (person) => releaser.expect(person),
    look,
    options(id, printer) {
      const job = jobs.get(id);
      return job === undefined ? undefined : optionsFor(job, board.get(printer)?.description);
    },
    releasedBefore: (ids, key, by) =>
      ids.flatMap((id) => jobs.get(id) ?? []).filter((job) => isKnownRelease(job, { key, by })),
    release: async (order) => releaser.release(order),
    async cancel(id, by) {
      const job = jobs.get(id);
      if (job === undefined || !isOwnedBy(job, by)) return 'job-not-found';
      const after = await releaser.cancel(id);
      return after?.state === 'canceled' ? 'canceled' : 'job-not-found';
    },
    watch(listener) {
      let waiting: JobNews[] = [];
      let timer: NodeJS.Timeout | undefined;
      const tellAll = () => {
        const news = waiting;
        waiting = [];
        // Of a job that changed twice the older state is no news any more.
        const newest = new Map(
          news.flatMap((each) => (each.kind === 'changed' ? [[each.job.id, each]] : [])),
        );
        for (const each of news)
          if (each.kind !== 'changed' || newest.get(each.job.id) === each) listener(each);
      };
      const tell = (news: JobNews) => {
        if (waiting.push(news) === 1) timer = setTimeout(tellAll, TOLD_AFTER);
      };
      const changed = (job: Job) => tell({ kind: 'changed', job });
      const forgotten = (job: Job) => tell({ kind: 'forgotten', job: job.id });
      const progressed: Parameters<typeof jobs.on<'progress'>>[1] = (job, progress) => {
        tell({ kind: 'progress', job: job.id, progress });
      };
      jobs.on('changed', changed);
      jobs.on('forgotten', forgotten);
      jobs.on('progress', progressed);
      return () => {
        clearTimeout(timer);
        jobs.off('changed', changed);
        jobs.off('forgotten', forgotten);
        jobs.off('progress', progressed);
      };
    },
  };
}

/** The job as the person sees it at the printer; undefined when it is not for them. */
function seen(
  rooms: PanelJobRooms,
  job: Job,
  person: PersonId,
  printer: string,
  delegators: readonly PersonId[],
): SeenJob | undefined {
  const { live, identity, board } = rooms;
  const queue = live.queues.get(job.queue);
  const owner = job.owner.kind === 'person' ? job.owner.person : undefined;
  const forOther = owner !== undefined && owner !== person && delegators.includes(owner);
  if (owner !== person && !forOther) {
    const claimable =
      isClaimable(job, queue) && job.document !== undefined && queue?.printers.includes(printer) === true;
    return claimable ? { job, claimable } : undefined;
  }
  const other = forOther ? identity.person(owner) : undefined;
  const nearest = nearestTo(rooms, job);
  const resumePage = resumePageOf(job, board.get(printer)?.description);
  return {
    job,
    claimable: false,
    mayKeep: job.document !== undefined,
    conflicts: preflight(job, printer, configured(live, board), queue).map(
      ({ attribute, value, nearest }): JobConflict => ({
        attribute,
        value: String(value),
        ...(nearest === undefined ? {} : { nearest }),
      }),
    ),
    ...(other === undefined ? {} : { owner: other }),
    ...(resumePage === undefined ? {} : { resumePage }),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

/** Where its owner goes with a job whose printer is out of order. */
function nearestTo({ live, board, releaser }: PanelJobRooms, job: Job): string | undefined {
  const { trouble } = job;
  if (job.state !== 'pending-held' || trouble?.outcome !== 'not-printed' || !sendsOn(trouble.reason))
    return undefined;
  const inOrder = configured(live, board).filter(
    ({ name }) => name === trouble.printer || !releaser.isOutOfOrder(name),
  );
  return insteadOf(job, trouble.printer, inOrder, live.queues.get(job.queue));
}

/** What is known of the printers, in the order of the configuration. */
const configured = ({ printers }: PanelJobRooms['live'], board: PrinterBoard) =>
  printers.flatMap(({ name }) => board.get(name) ?? []);

/** Ties what panels need to the rooms that have it. */
import type { Identity } from '../identity/identity.ts';
import type { PanelIdentity, PanelJobs, PanelPrinters, Panels } from '../panel-protocol/ports.ts';
import type { Job } from '../spool/job.ts';
import { isOwnedBy } from '../spool/job.ts';
import type { Jobs } from '../spool/jobs.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import { isClaimable } from '../spool/release/permission.ts';
import type { Releaser } from '../spool/release/releaser.ts';
import type { LiveConfig } from './live-config.ts';

export interface PanelRooms {
  readonly live: LiveConfig;
  readonly identity: Identity;
  readonly jobs: Jobs;
  readonly board: PrinterBoard;
  readonly releaser: Releaser;
}

export interface PanelPorts {
  readonly panels: Panels;
  readonly printers: PanelPrinters;
  readonly identity: PanelIdentity;
  readonly jobs: PanelJobs;
}

export function panelPorts({ live, identity, jobs, board, releaser }: PanelRooms): PanelPorts {
  const mayClaim = (job: Job, printer: string) => {
    const queue = live.queues.get(job.queue);
    return (
      isClaimable(job, queue) && job.document !== undefined && queue?.printers.includes(printer) === true
    );
  };
  return {
    panels: { find: (name) => live.panels.get(name) },
    printers: {
      find: (name) => board.get(name),
      warm: (name) => releaser.warm(name),
      watch(listener) {
        board.on('changed', listener);
        return () => board.off('changed', listener);
      },
    },
    identity: {
      signInWithCode: (code, at) => identity.signInWithCode(code.reveal(), at),
      watchRemovals: (listener) =>
        identity.onChange(({ removed, disabled }) => [...removed, ...disabled].forEach(listener)),
    },
    jobs: {
      ownedBy: (person) => jobs.ownedBy(person),
      claimableAt: (panel) => jobs.forAnybody().filter((job) => mayClaim(job, panel.printer)),
      mayClaim: (job, panel) => mayClaim(job, panel.printer),
      release: async (order) => releaser.release(order),
      async cancel(id, by) {
        const job = jobs.get(id);
        if (job === undefined || !isOwnedBy(job, by)) return 'job-not-found';
        const after = await releaser.cancel(id);
        return after?.state === 'canceled' ? 'canceled' : 'job-not-found';
      },
      watch(listener) {
        const changed = (job: Job) => listener({ kind: 'changed', job });
        const forgotten = (job: Job) => listener({ kind: 'forgotten', job: job.id });
        jobs.on('changed', changed);
        jobs.on('forgotten', forgotten);
        const progressed: Parameters<typeof jobs.on<'progress'>>[1] = (job, progress) => {
          listener({ kind: 'progress', job: job.id, progress });
        };
        jobs.on('progress', progressed);
        return () => {
          jobs.off('changed', changed);
          jobs.off('forgotten', forgotten);
          jobs.off('progress', progressed);
        };
      },
    },
  };
}

/** Ties what panels need to the rooms that have it. */
import type { Identity } from '../identity/identity.ts';
import type { PersonId } from '../identity/person.ts';
import type { PanelRegistry } from '../panel-protocol/access/registry.ts';
import type {
  JobsPlace,
  PanelIdentity,
  PanelJobs,
  PanelPrinters,
  Panels,
  SeenJob,
} from '../panel-protocol/ports.ts';
import type { Job } from '../spool/job.ts';
import { isOwnedBy } from '../spool/job.ts';
import type { Jobs } from '../spool/jobs.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import { isClaimable } from '../spool/release/permission.ts';
import type { Releaser } from '../spool/release/releaser.ts';
import { panelNamed } from './enrolled-panels.ts';
import type { LiveConfig } from './live-config.ts';

export interface PanelRooms {
  readonly live: LiveConfig;
  readonly identity: Identity;
  readonly jobs: Jobs;
  readonly board: PrinterBoard;
  readonly releaser: Releaser;
  readonly registry: PanelRegistry;
}

export interface PanelPorts {
  readonly panels: Panels;
  readonly registry: PanelRegistry;
  readonly printers: PanelPrinters;
  readonly identity: PanelIdentity;
  readonly jobs: PanelJobs;
  gatewayName(): string;
}

export function panelPorts({ live, identity, jobs, board, releaser, registry }: PanelRooms): PanelPorts {
  const isClaimableAt = (job: Job, printer: string) => {
    const queue = live.queues.get(job.queue);
    return (
      isClaimable(job, queue) && job.document !== undefined && queue?.printers.includes(printer) === true
    );
  };
  const look = (job: Job, person: PersonId, { printer }: JobsPlace): SeenJob | undefined => {
    if (isOwnedBy(job, person)) return { job, claimable: false };
    return isClaimableAt(job, printer) ? { job, claimable: true } : undefined;
  };
  return {
    gatewayName: () => live.current.gateway.name,
    panels: { find: (name) => panelNamed(name, live, registry) },
    registry,
    printers: {
      find: (name) => board.get(name),
      warm: (name) => releaser.warm(name),
      watch(listener) {
        board.on('changed', listener);
        return () => board.off('changed', listener);
      },
    },
    identity: {
      signIn: (credential, { panel }) =>
        credential.kind === 'code'
          ? identity.signInWithCode(credential.value.reveal(), { panel: panel.name })
          : { ok: false, reason: 'unknown' },
      checkPin: () => ({ ok: false, reason: 'unknown' }),
      bindCard: async () => 'not-bound',
      setPin: async () => ({ ok: false, reason: 'pin-refused' }),
      requestActivation: async () => {},
      watchRemovals: (listener) =>
        identity.onChange(({ removed, disabled }) => [...removed, ...disabled].forEach(listener)),
    },
    jobs: {
      list: (person, at) =>
        [...new Set([...jobs.ownedBy(person), ...jobs.forAnybody()])].flatMap(
          (job) => look(job, person, at) ?? [],
        ),
      look,
      options: (id) => (jobs.get(id) === undefined ? undefined : { supported: {}, current: {} }),
      releasedBefore: (ids, key, by) =>
        ids
          .flatMap((id) => jobs.get(id) ?? [])
          .filter(({ release }) => release?.key === key && release.by === by),
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

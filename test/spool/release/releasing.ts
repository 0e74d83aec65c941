/** A releaser before a scripted printer, with jobs of Ada. */
import type { ExecutionContext } from 'ava';
import { silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { Secret } from '../../../base/secrets/secret.ts';
import { Seconds } from '../../../base/units.ts';
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import type { PrinterDriver } from '../../../drivers/printers/port.ts';
import type { PersonId } from '../../../identity/person.ts';
import type { Programs } from '../../../spool/formats/conversion/commands.ts';
import type { Job, JobId } from '../../../spool/job.ts';
import { Jobs } from '../../../spool/jobs.ts';
import type { Queue } from '../../../spool/queue.ts';
import { JobPasswords } from '../../../spool/release/job-passwords.ts';
import { Releaser } from '../../../spool/release/releaser.ts';
import type { JobStore } from '../../../spool/store/port.ts';
import { ManualClock } from '../../manual-clock.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { type Script, ScriptedPrinter } from '../../simulators/scripted-printer.ts';
import { acceptSample } from '../accept-job.ts';
import { converterWith } from '../formats/conversion/converting.ts';
import { ADA } from '../sample-job.ts';

export const QUEUE: Queue = {
  name: 'print',
  info: '',
  location: '',
  printers: ['mfp-1', 'mfp-2'],
  release: 'at-panel',
  authentication: 'optional',
  tokensWithoutTls: 'refuse',
  claimedNames: 'trust',
  unownedJobs: 'claimable',
};

export function setUp(_t: ExecutionContext, ...script: Script[]) {
  return releasingFrom(new MemoryJobStore(), new ScriptedPrinter(...script));
}

export function releasingFrom<Store extends JobStore, Printer extends PrinterDriver>(
  store: Store,
  printer: Printer,
  clock = new ManualClock(),
  programs: Programs = { ghostscript: undefined },
) {
  const jobs = new Jobs(store);
  const queues = new Map([['print', QUEUE]]);
  const metrics = new Metrics();
  /** Queues that are paused. */
  const stopped = new Set<string>();
  /** Who has delegated to whom: the key may print their jobs. */
  const delegations = new Map<PersonId, PersonId[]>();
  const description: { value: PrinterDescription | undefined } = { value: undefined };
  /** Printers of which the watcher has been told that they failed, and why. */
  const failed = new Map<string, string>();
  const passwords = new JobPasswords({ gatewayKey: newKey(), clock, log: silentLog, metrics });
  const releaser = new Releaser({
    jobs,
    store,
    queues: () => queues,
    isStopped: (job) => stopped.has(job.queue),
    passwords,
    converter: converterWith(programs, clock, metrics),
    userNameOf: (person) => (person === ADA ? 'ada' : undefined),
    delegators: (person) => delegations.get(person) ?? [],
    describe: () => description.value,
    busyTime: () => Seconds(30),
    watcher: {
      failed: (name, { reason }) => failed.set(name, reason),
      worked: (name) => failed.delete(name),
    },
    clock,
    log: silentLog,
    metrics,
  });
  releaser.addPrinter('mfp-1', printer);
  const accept = (changes: Partial<Job> = {}, content?: Buffer) =>
    acceptSample(jobs, store, changes, content);
  const release = (ids: JobId[], key = 'k1', by = ADA, pin?: string) => {
    const password = pin === undefined ? {} : { password: new Secret(pin) };
    return releaser.release({ jobs: ids, printer: 'mfp-1', by, key, ...password });
  };
  return {
    store,
    jobs,
    clock,
    printer,
    queues,
    releaser,
    passwords,
    accept,
    release,
    metrics,
    stopped,
    delegations,
    description,
    failed,
  };
}

/** Resolves when the job is in that state. */
export async function reaches(jobs: Jobs, id: JobId, state: Job['state']): Promise<Job> {
  for (;;) {
    const job = jobs.get(id);
    if (job?.state === state) return job;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A file of 20,000 people imported, exported and imported again, and how long the event loop waited meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../base/clock.ts';
import { Database } from '../../base/database/database.ts';
import { silentLog } from '../../base/log.ts';
import { Metrics } from '../../base/metrics.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import { Guessing } from '../../identity/guessing/guessing.ts';
import { GUESSING_DEFAULTS } from '../../identity/guessing/limits.ts';
import { Identity } from '../../identity/identity.ts';
import { exportPeople } from '../../identity/import/export.ts';
import { Turns } from '../../identity/import/turns.ts';
import { tables } from '../../identity/tables.ts';
import { RecordingAlerts } from '../recording-alerts.ts';
import { type Bench, percentile } from './bench.ts';

const PEOPLE = 20_000;
/** Milliseconds between the timer's beats, which its delays are counted from. */
const BEAT = 1;

export const bench: Bench = {
  summary: `Imports ${PEOPLE} people from CSV, exports them, imports them again: seconds, and delays of the event loop`,
  atMost: { import_slice_p99_ms: 10, again_slice_p99_ms: 10, export_slice_p99_ms: 10 },
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
    const database = await Database.open({ folder, tables: [tables] });
    try {
      const clock = systemClock;
      const identity = await Identity.open({
        store: new DatabaseIdentityStore(database),
        gatewayKey: newKey(),
        clock,
        log: silentLog,
        metrics: new Metrics(),
        guessing: new Guessing({ clock, alerts: new RecordingAlerts(), limits: GUESSING_DEFAULTS }),
      });
      const file = fileOf();
      const importing = async (content: Buffer) => {
        const { applied, problems } = await identity.importPeople(content);
        if (!applied) throw new Error(JSON.stringify(problems[0]));
      };
      const parts: string[] = [];
      const write = async (part: string) => void parts.push(part);
      const figures: Record<string, number> = { people: PEOPLE, octets: file.length };
      await timed('import', figures, () => importing(file));
      await timed('export', figures, () => exportPeople(identity, write, new Turns(systemClock), () => {}));
      const again = Buffer.from(parts.join(''));
      await timed('again', figures, () => importing(again));
      say(
        Object.entries(figures)
          .map(([name, figure]) => `${name} ${figure}`)
          .join(', '),
      );
      return figures;
    } finally {
      await database.close();
      rmSync(folder, { recursive: true });
    }
  },
};

/**
 * Delays as whoever waits sees them (other programs are in them), and the thread's own time between two turns of the event
 * loop (without other programs; collecting garbage is in it).
 */
async function timed(
  name: string,
  figures: Record<string, number>,
  work: () => Promise<unknown>,
): Promise<void> {
  const delays = monitorEventLoopDelay({ resolution: BEAT });
  const slices: number[] = [];
  const cpu = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  delays.enable();
  let last = cpu();
  const beat = setInterval(() => {
    const now = cpu();
    slices.push(now - last);
    last = now;
  }, BEAT);
  const began = performance.now();
  await work();
  figures[`${name}_s`] = (performance.now() - began) / 1000;
  clearInterval(beat);
  delays.disable();
  const sorted = Float64Array.from(slices).sort();
  figures[`${name}_slice_p99_ms`] = percentile(sorted, 0.99);
  figures[`${name}_slice_max_ms`] = percentile(sorted, 1);
  figures[`${name}_delay_p99_ms`] = Math.max(0, delays.percentile(99) / 1e6 - BEAT);
  figures[`${name}_delay_max_ms`] = Math.max(0, delays.max / 1e6 - BEAT);
}

function fileOf(): Buffer {
  const rows = Array.from({ length: PEOPLE }, (_, at) => {
    const attributes = `"{'floor':'${at % 9}','locker':'${at}'}"`;
    return `p${at}@example.org,CREATE,,Given${at},Family${at},,p${at},"Staff,Team ${at % 200}",${attributes},CC${at % 50},D${at % 40},${0x75c0ffee0000 + at},${10_000_000 + at * 37},`;
  });
  const header =
    'EMAIL,OPERATION,PASSWORD,FIRST_NAME,LAST_NAME,DISPLAY_NAME,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,COST_CENTER,DEPARTMENT,CARD,CODE,PIN';
  return Buffer.from([header, ...rows, ''].join('\n'));
}

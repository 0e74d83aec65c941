/** `holdfast health show`: how the gateway, its printers and its directories are. */
import { z } from 'zod';
import { formatDuration, Seconds } from '../../base/units.ts';
import type { HealthReport } from '../health.ts';
import { defineCommand } from './command.ts';
import { localTime, table } from './table.ts';

export const healthShow = defineCommand<Record<string, never>, HealthReport>({
  name: 'health show',
  summary: 'Show how the gateway, its printers and its directories are',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: ({ gateway }) => gateway.health.report(),
  show(report) {
    const rows = report.printers.map((printer) => [
      printer.name,
      printer.state,
      printer.trouble ?? printer.reasons.filter((reason) => reason !== 'none').join(', '),
    ]);
    const directories = report.directories.map(
      ({ name, people, lastContact, lastFull, heldPlan, trouble }) => [
        name,
        String(people),
        timeOf(lastContact),
        timeOf(lastFull),
        heldPlan === null ? '' : String(heldPlan),
        trouble ?? '',
      ],
    );
    return [
      `${report.status}, version ${report.version}, up for ${formatDuration(Seconds(report.uptime))}`,
      `${report.jobs} jobs, ${report.people} people, ${Math.floor(report.freeDisk / 2 ** 20)} MiB of disk free`,
      ...report.warnings.map((warning) => `warning: ${warning}`),
      '',
      table(['PRINTER', 'STATE', ''], rows),
      ...(directories.length === 0
        ? []
        : ['', table(['DIRECTORY', 'PEOPLE', 'CONTACT', 'FULL SYNC', 'HELD PLAN', ''], directories)]),
    ].join('\n');
  },
  exitCode: (report) => (report.status === 'ok' ? 0 : 1),
});

const timeOf = (at: number): string => (at === 0 ? 'never' : localTime(at));

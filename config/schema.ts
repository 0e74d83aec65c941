/** The configuration's one schema: keys, types, bounds, defaults and meanings. All else is made from it. */
import { join } from 'node:path';
import type { z } from 'zod';
import { Days, Minutes } from '../base/units.ts';
import { alerts } from './alerts.ts';
import { codes } from './codes.ts';
import { directory } from './directories.ts';
import { gateway } from './gateway.ts';
import { group, named } from './groups.ts';
import { limits } from './limits.ts';
import { mail } from './mail.ts';
import { panel, panelDefaults, wholeDefaults, wholePanel } from './panels.ts';
import { printer, wholePrinter } from './printers.ts';
import { queue } from './queues.ts';
import { type ReaderConfig, reader } from './readers.ts';
import { duration } from './values.ts';

/** RFC 6409 §3.1, RFC 8314 §3.3. */
const SUBMISSION_PORT = 587;
const SMTPS_PORT = 465;

const retention = group({
  held: duration(Minutes(1), Days(366))
    .prefault('72 h')
    .describe(
      'A job that nobody took is deleted, beyond recovery, this long after it came, or after the time until which its sender holds it.',
    ),
  history: duration(Minutes(1), Days(366))
    .prefault('24 h')
    .describe('How long a job is still listed after its end. Its document is gone at once.'),
  'printer-history': duration(Days(1), Days(3660))
    .prefault('365 d')
    .describe('How long it is kept what became of printers: their troubles and their levels.'),
});

const sections = group({
  gateway: gateway
    .prefault({})
    .describe('The gateway itself. A change here, other than of `log.level`, takes a restart.'),
  queues: named(queue, 1).describe(
    'What people print to. The name is the last part of the address `/ipp/NAME`.',
  ),
  printers: named(printer, 0)
    .prefault({})
    .describe(
      'Where jobs come out. What stands here is taken at its word. Printers that were found on the network or imported are pinned by command (`holdfast printers`), and stand beside these; a name that both have is the one of this file.',
    ),
  panels: named(panel, 0)
    .prefault({})
    .describe('Where people sign in and take their jobs. The page of a panel is `/panel/NAME`.'),
  'panel-defaults': panelDefaults
    .prefault({})
    .describe(
      'What holds for every panel that does not say otherwise, and for those that are enrolled only.',
    ),
  readers: named(reader, 0)
    .prefault({})
    .describe('Card readers that this machine has, or that reach it over the network.'),
  directories: named(directory, 0)
    .prefault({})
    .describe(
      'Where people come from, beside files and commands. The name is the source of its people: under another name they are other people. A change here takes a restart.',
    ),
  limits: limits
    .prefault({})
    .describe('Every bound. The defaults suit a hospital; a limit that is hit is logged and counted.'),
  retention: retention.prefault({}).describe('How long things are kept.'),
  codes: codes.prefault({}).describe('The codes that people type at panels.'),
  mail: mail.exactOptional().describe('The mail server. Without it no mail is sent.'),
  alerts: alerts
    .prefault({})
    .describe('Who is told of what goes wrong: toner, paper, jams, the gateway itself.'),
});

export const schema = sections.transform(
  ({
    gateway,
    queues,
    printers,
    panels,
    panelDefaults,
    readers,
    directories,
    limits,
    retention,
    codes,
    mail,
    alerts,
  }) => {
    const printerNames = printers.map(({ name }) => name);
    return {
      gateway: { ...gateway, keyFile: gateway.keyFile ?? join(gateway.stateDirectory, 'gateway.key') },
      queues: queues.map((each) => ({
        ...each,
        info: each.info ?? each.name,
        printers: each.printers === 'all' ? printerNames : each.printers,
        /** Printers that are pinned later belong to it too. */
        everyPrinter: each.printers === 'all',
      })),
      printers: printers.map(wholePrinter),
      panels: panels.map((each) => wholePanel(each, panelDefaults)),
      panelDefaults: wholeDefaults(panelDefaults),
      readers: readers as readonly ReaderConfig[],
      directories,
      limits,
      retention,
      codes,
      alerts: {
        ...alerts,
        recipients: alerts.recipients.map((each) => ({
          ...each,
          language: each.language ?? alerts.language,
        })),
      },
      ...(mail === undefined
        ? {}
        : { mail: { ...mail, port: mail.port ?? (mail.tls === 'implicit' ? SMTPS_PORT : SUBMISSION_PORT) } }),
    };
  },
);

/** A whole configuration, every default filled in; durations in milliseconds, sizes in octets. */
export type Config = z.output<typeof schema>;
export type GatewayConfig = Config['gateway'];
export type QueueConfig = Config['queues'][number];
export type PrinterConfig = Config['printers'][number];
export type PanelConfig = Config['panels'][number];
export type LimitsConfig = Config['limits'];
export type AlertsConfig = Config['alerts'];

/** A printer that is not in the file, with the defaults of one that is. @throws ZodError for what no file could say */
export function printerOf(
  name: string,
  keys: {
    readonly uri: string;
    readonly info?: string;
    readonly location?: string;
    readonly formats?: string[];
  },
): PrinterConfig {
  return wholePrinter({ name, ...printer.parse(keys) });
}

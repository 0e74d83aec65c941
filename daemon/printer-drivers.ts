/** The driver that a printer's URI asks for. */
import type { Clock } from '../base/clock.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import type { Log } from '../base/log.ts';
import type { PrinterUri } from '../config/printer-uri.ts';
import type { LimitsConfig, PrinterConfig } from '../config/schema.ts';
import { AppSocketPrinter } from '../drivers/printers/appsocket-printer.ts';
import { FilePrinter } from '../drivers/printers/file-printer.ts';
import { IppPrinter } from '../drivers/printers/ipp-printer.ts';
import type { PrinterDriver } from '../drivers/printers/port.ts';

export function openPrinter(
  printer: PrinterConfig,
  limits: LimitsConfig,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): PrinterDriver {
  const { uri, formats } = printer;
  switch (uri.scheme) {
    case 'file':
      return new FilePrinter({
        folder: uri.path,
        makeAndModel: `${printer.info} (folder)`,
        formats,
        files: nodeFiles,
        clock,
      });
    case 'socket':
      return new AppSocketPrinter({
        host: uri.host,
        port: uri.port,
        formats,
        ...(printer.pjl === undefined ? {} : { pjl: printer.pjl }),
        connectTime: limits.printerTimeout,
        stallTime: limits.printerStallTime,
        closeTime: limits.printerCloseTime,
        clock,
      });
    case 'ipp':
    case 'ipps':
      return new IppPrinter({
        uri: text(uri),
        answerTime: limits.printerTimeout,
        stallTime: limits.printerStallTime,
        clock,
        log: log.child({ printer: printer.name }),
      });
    default:
      return uri satisfies never;
  }
}

function text({
  scheme,
  host,
  port,
  path,
}: Extract<PrinterUri, { readonly scheme: 'ipp' | 'ipps' }>): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

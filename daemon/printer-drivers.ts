/** The driver that a printer's URI asks for. */
import type { Clock } from '../base/clock.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import type { Log } from '../base/log.ts';
import { readSecretLine } from '../base/secrets/secret-file.ts';
import type { LimitsConfig } from '../config/schema.ts';
import { AppSocketPrinter } from '../drivers/printers/appsocket-printer.ts';
import { FilePrinter } from '../drivers/printers/file-printer.ts';
import { IppPrinter } from '../drivers/printers/ipp-printer.ts';
import { PinnedPrinter } from '../drivers/printers/pinned-printer.ts';
import type { PrinterDriver } from '../drivers/printers/port.ts';
import type { RawOptions } from '../drivers/printers/raw/raw-printer.ts';
import { UsbPrinter } from '../drivers/printers/usb-printer.ts';
import type { FleetPrinter } from './pinned-printers.ts';
import { uriText } from './uri-text.ts';

export interface DriverParts {
  readonly clock: Clock;
  readonly log: Log;
}

export function openPrinter(printer: FleetPrinter, limits: LimitsConfig, parts: DriverParts): PrinterDriver {
  const driver = driverFor(printer, limits, parts);
  return printer.expected === undefined ? driver : new PinnedPrinter(driver, printer.expected);
}

function driverFor(printer: FleetPrinter, limits: LimitsConfig, { clock, log }: DriverParts): PrinterDriver {
  const { uri, formats, key } = printer;
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
      return new AppSocketPrinter({ host: uri.host, port: uri.port, ...rawOptions(printer, limits, clock) });
    case 'usb':
      return new UsbPrinter({
        place: uri,
        ...rawOptions(printer, limits, clock),
        log: log.child({ printer: printer.name }),
      });
    case 'ipp':
    case 'ipps':
      return new IppPrinter({
        uri: uriText(uri),
        ...(key === undefined ? {} : { key }),
        answerTime: limits.printerTimeout,
        stallTime: limits.printerStallTime,
        clock,
        log: log.child({ printer: printer.name }),
        ...loginOf(printer),
      });
    default:
      return uri satisfies never;
  }
}

function rawOptions({ formats, pjl }: FleetPrinter, limits: LimitsConfig, clock: Clock): RawOptions {
  return {
    formats,
    ...(pjl === undefined ? {} : { pjl }),
    connectTime: limits.printerTimeout,
    stallTime: limits.printerStallTime,
    closeTime: limits.printerCloseTime,
    clock,
  };
}

/** The password is read anew whenever the printer asks for it. */
function loginOf({ user, passwordFile }: FleetPrinter) {
  if (user === undefined || passwordFile === undefined) return {};
  return { login: { user, password: () => readSecretLine(nodeFiles, passwordFile) } };
}

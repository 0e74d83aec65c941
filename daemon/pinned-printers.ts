/** Printers as the configuration and the pins together say; where both know a name, the configuration holds. */
import { ZodError } from 'zod';
import { type PrinterConfig, printerOf, type QueueConfig } from '../config/schema.ts';
import type { Pin } from '../drivers/discovery/pins.ts';
import type { Expected } from '../drivers/printers/pinned-printer.ts';
import type { Queue } from '../spool/queue.ts';

export interface FleetPrinter extends PrinterConfig {
  /** The TLS key that it must show. */
  readonly key?: string;
  /** What it must say of itself, where it has no key. */
  readonly expected?: Expected;
  /** Known by its pin alone: what proves who it is. */
  readonly pinned?: 'by-key' | 'not-verifiable';
}

/** Those of the configuration in its order, then the pinned ones in the order of their names. */
export function fleetOf(configured: readonly PrinterConfig[], pins: readonly Pin[]): FleetPrinter[] {
  const byName = new Map(pins.map((pin) => [pin.name, pin]));
  const names = new Set(configured.map(({ name }) => name.toLowerCase()));
  return [
    ...configured.map((printer) => {
      const key = printer.uri.scheme === 'ipps' ? byName.get(printer.name)?.key : undefined;
      return key === undefined ? printer : { ...printer, key };
    }),
    ...pins.filter(({ name }) => !names.has(name.toLowerCase())).flatMap(pinnedPrinter),
  ];
}

/** None for a pin that a later version has no use for; {@link toPrinter} says why. */
function pinnedPrinter(pin: Pin): FleetPrinter[] {
  // Only a key was pinned, of a printer that the configuration does not have any more.
  if (pin.uri === undefined) return [];
  try {
    return [toPrinter({ ...pin, uri: pin.uri })];
  } catch (error) {
    if (error instanceof ZodError) return [];
    throw error;
  }
}

/** @throws ZodError for what no printer of the configuration could have */
export function toPrinter(pin: Pin & { readonly uri: string }): FleetPrinter {
  const { name, uri, key, uuid, deviceId, info = '', location = '', formats } = pin;
  const printer = printerOf(name, {
    uri,
    ...(info === '' ? {} : { info }),
    ...(location === '' ? {} : { location }),
    ...(formats === undefined ? {} : { formats: [...formats] }),
  });
  if (key !== undefined) return { ...printer, key, pinned: 'by-key' };
  const expected: Expected = uuid !== undefined ? { uuid } : deviceId !== undefined ? { deviceId } : {};
  // A socket says nothing of itself.
  const isAsked = printer.uri.scheme === 'ipp' || printer.uri.scheme === 'ipps';
  return { ...printer, ...(isAsked ? { expected } : {}), pinned: 'not-verifiable' };
}

/** With the pinned printers that its jobs may go to. */
export function queueOf(queue: QueueConfig, printers: readonly FleetPrinter[]): Queue {
  if (!queue.everyPrinter || queue.release === 'immediately') return queue;
  const pinned = printers.filter(
    (printer) =>
      printer.pinned === 'by-key' || (printer.pinned === 'not-verifiable' && queue.plaintext === 'accept'),
  );
  return { ...queue, printers: [...queue.printers, ...pinned.map(({ name }) => name)] };
}

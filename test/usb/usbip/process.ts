/** The USB/IP server in a process of its own: what waits for a device in a case must not be what answers for it. */
import { LineReaderDevice, Twn4Device } from './cdc.ts';
import type { UsbDevice } from './device.ts';
import { PcProx } from './pcprox.ts';
import { PrinterDevice } from './printer.ts';
import { serve } from './server.ts';

/** By bus id. */
const devices = new Map<string, UsbDevice>([
  ['1-1', new PcProx('P1')],
  ['1-2', new Twn4Device()],
  ['1-3', new LineReaderDevice()],
  ['1-4', new PrinterDevice()],
]);
const { drop } = await serve(devices);

export interface DeviceMessage {
  readonly id: string;
  /** `unplug`, or what the device itself knows. */
  readonly message: unknown;
  /** Of a question; the answer has the same. */
  readonly number?: number;
}

process.on('message', ({ id, message, number }: DeviceMessage) => {
  if (message === 'unplug') return drop(id);
  const answer = devices.get(id)?.tell(message);
  if (number !== undefined) process.send?.({ number, answer });
});
process.send?.('up');

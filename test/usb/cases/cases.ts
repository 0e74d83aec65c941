/** All cases of the USB suite, in the order in which they run. */
import type { UsbCase } from '../guest/case.ts';
import { CONTACTLESS_CASES } from './contactless.ts';
import { HID_CASES } from './hid.ts';
import { PRINTER_CASES } from './printers.ts';
import { SERIAL_CASES } from './serial.ts';
import { WHOLE_WAY_CASES } from './whole-way.ts';

export const CASES: readonly UsbCase[] = [
  ...HID_CASES,
  ...SERIAL_CASES,
  ...CONTACTLESS_CASES,
  ...PRINTER_CASES,
  ...WHOLE_WAY_CASES,
];

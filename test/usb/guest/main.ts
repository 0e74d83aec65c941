/** Runs the cases in the virtual machine, one after the other, and tells of each on the console. */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { RecordingLog } from '../../recording-log.ts';
import { CASES } from '../cases/cases.ts';
import type { Bench, UsbCase } from './case.ts';
import { host } from './host.ts';
import { UsbIp } from './usb-ip.ts';

/** Standard output is the way to the host. */
const CONSOLE = 2;
const say = (line: string) => writeSync(CONSOLE, `${line}\r\n`);

process.on('unhandledRejection', (error) => say(`unhandled: ${inspect(error)}`));
const usb = await UsbIp.start();
const [, , only = ''] = process.argv;
for (const each of CASES) if (each.name.includes(only.replaceAll('_', ' '))) await run(each);
usb.close();
say('@@done');
process.exit(0);

async function run({ name, run: body }: UsbCase): Promise<void> {
  const started = performance.now();
  const log = new RecordingLog();
  const undo: (() => unknown)[] = [];
  const bench: Bench = { host, usb, log, after: (each) => void undo.unshift(each) };
  let failure: unknown;
  try {
    await body(bench);
  } catch (error) {
    failure = error;
  }
  for (const each of undo)
    await Promise.resolve(each()).catch((error: unknown) => say(`undone: ${inspect(error)}`));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (failure === undefined) return void say(`@@ok ${name} (${seconds} s)`);
  say(`@@failed ${name} (${seconds} s)`);
  for (const line of `${inspect(failure)}\n${log.text}`.split('\n')) say(line);
}

/**
 * `npm run test:usb`: readers and printers on a real kernel's USB drivers, in one start of a virtual machine. Ends with the line
 * `usb: N passed, N failed`. A word behind `--` runs only the cases that have it in their names. What it wants stands in README.md.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledFor } from './compiled.ts';
import { FarGateway } from './far-gateway.ts';
import { kernel } from './kernel.ts';
import { VirtualMachine } from './virtual-machine.ts';

/** Of the whole run, in milliseconds. */
const PATIENCE = 280_000;
/** Root, and the user whom the gateway runs as (`guest/start.sh`). */
const GUEST_USERS = [0, 970];
/** As the guest tells a case: `@@ok name`, `@@failed name`, and at the end `@@done`. */
const TOLD = /^@@(ok|failed|done) ?(.*)$/;

const say = (line: string) => void process.stdout.write(`${line}\n`);
let passed = 0;
let failed = 0;
let isDone = false;
let far: FarGateway | undefined;
const undo: (() => void)[] = [];

const folder = await mkdtemp(join(tmpdir(), 'holdfast-usb-'));
try {
  const machine: VirtualMachine = await VirtualMachine.start({
    kernel: await kernel(folder),
    folder,
    compiled: await compiledFor(GUEST_USERS, folder),
    only: process.argv[2] ?? '',
    onLine,
    onRequest: (request) => serve(request),
  });
  const timer = setTimeout(() => {
    say(`the machine took longer than ${PATIENCE / 1000} s`);
    machine.kill();
  }, PATIENCE);

  // What the host does for the guest.
  const serve = async (request: Readonly<Record<string, unknown>>): Promise<unknown> => {
    switch (request['do']) {
      case 'type':
        return machine.type(String(request['text']));
      case 'plug':
        return machine.plug(request['device'] as Parameters<VirtualMachine['plug']>[0]);
      case 'unplug':
        return machine.unplug(String(request['device']));
      case 'serial':
        machine.serial.write(String(request['text']));
        return null;
      case 'gateway': {
        const state = join(folder, 'gateway');
        await mkdir(state);
        far = await FarGateway.start(state, String(request['card']), (run) => undo.push(run));
        return far.port;
      }
      case 'approve':
        return far?.approve(String(request['number']));
      case 'hold':
        return far?.hold();
      case 'printed':
        return far?.printed();
      default:
        throw new Error('unknown request');
    }
  };
  await machine.ended;
  clearTimeout(timer);
} catch (error) {
  say(`not started: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  for (const each of undo) each();
  await rm(folder, { recursive: true, force: true });
}
if (!isDone || passed + failed === 0) failed++;
say(`usb: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function onLine(line: string): void {
  const [, told, name = ''] = TOLD.exec(line) ?? [];
  if (told === undefined) return line === '' ? undefined : say(`    ${line}`);
  if (told === 'done') isDone = true;
  else if (told === 'ok') passed++;
  else failed++;
  if (told !== 'done') say(`  ${told === 'ok' ? '✔' : '✘'} ${name}`);
}

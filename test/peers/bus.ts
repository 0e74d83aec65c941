/** A private D-Bus, for peers that want a system bus. */
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

export interface Bus {
  readonly process: PeerProcess;
  /** For DBUS_SYSTEM_BUS_ADDRESS. */
  readonly address: string;
}

/** @param folder where its socket and its configuration are put. */
export async function startBus(folder: string): Promise<Bus> {
  const socket = join(folder, 'bus');
  const configuration = join(folder, 'bus.conf');
  await writeFile(
    configuration,
    `<busconfig><type>system</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
`,
  );
  const bus = PeerProcess.start(programPath('dbus-daemon'), [
    `--config-file=${configuration}`,
    '--nofork',
    '--nopidfile',
  ]);
  await bus.until('socket', () => exists(socket));
  return { process: bus, address: `unix:path=${socket}` };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

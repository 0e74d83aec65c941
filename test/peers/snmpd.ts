/** Debian's snmpd as the SNMP side of a printer: v2c and v3, a Printer MIB that a test edits. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from '../temporary-folder.ts';
import { freePort, PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

export const SNMPD_PROGRAMS = ['snmpd', 'python3'];
const SNMP_COMMUNITY = 'fleet-7';
export const SNMP_USER = 'gw';

export interface Snmpd {
  readonly port: number;
  /** The file of {@link SNMP_COMMUNITY}. */
  readonly communityFile: string;
  /** Of {@link SNMP_USER}: SHA and AES. */
  readonly authenticationPasswordFile: string;
  readonly privacyPasswordFile: string;
  /** Sets variables by their OIDs, `undefined` takes one away; the others stay. */
  edit(changes: Readonly<Record<string, number | string | undefined>>): Promise<void>;
}

const MIB = '1.3.6.1.2.1.43';
/** Columns of what the tests edit. */
export const SUPPLY_LEVEL = `${MIB}.11.1.1.9.1`;
export const ALERT = `${MIB}.18.1.1`;

/** Black 19 %, cyan 88 %, a waste box that says "some" of an unknown capacity. */
const PRINTER: Readonly<Record<string, number | string>> = {
  [`${MIB}.8.2.1.9.1.1`]: 500,
  [`${MIB}.8.2.1.10.1.1`]: 250,
  [`${MIB}.8.2.1.13.1.1`]: 'Tray 1',
  [`${MIB}.10.2.1.4.1.1`]: 123456,
  [`${MIB}.11.1.1.3.1.1`]: 1,
  [`${MIB}.11.1.1.3.1.2`]: 2,
  [`${MIB}.11.1.1.5.1.1`]: 3,
  [`${MIB}.11.1.1.5.1.2`]: 3,
  [`${MIB}.11.1.1.5.1.3`]: 4,
  [`${MIB}.11.1.1.6.1.1`]: 'Black Toner',
  [`${MIB}.11.1.1.6.1.2`]: 'Cyan Toner',
  [`${MIB}.11.1.1.6.1.3`]: 'Waste Box',
  [`${MIB}.11.1.1.7.1.1`]: 19,
  [`${MIB}.11.1.1.8.1.1`]: 100,
  [`${MIB}.11.1.1.8.1.2`]: 12_500,
  [`${MIB}.11.1.1.8.1.3`]: -2,
  [`${SUPPLY_LEVEL}.1`]: 19,
  [`${SUPPLY_LEVEL}.2`]: 11_000,
  [`${SUPPLY_LEVEL}.3`]: -3,
  [`${MIB}.12.1.1.4.1.1`]: 'black',
  [`${MIB}.12.1.1.4.1.2`]: 'cyan',
};

export async function startSnmpd(t: ExecutionContext): Promise<Snmpd> {
  const folder = await temporaryFolder(t);
  const port = await freePort();
  const data = join(folder, 'printer.data');
  const variables = new Map<string, number | string>(Object.entries(PRINTER));
  const write = async () => {
    const lines = Array.from(
      variables,
      ([oid, value]) => `${oid} ${typeof value === 'number' ? 'integer' : 'string'} ${value}`,
    );
    await writeFile(`${data}.new`, `${lines.join('\n')}\n`);
    await rename(`${data}.new`, data);
  };
  await write();
  const secret = async (name: string, value: string) => {
    await writeFile(join(folder, name), `${value}\n`, { mode: 0o600 });
    return join(folder, name);
  };
  const config = join(folder, 'snmpd.conf');
  const script = join(import.meta.dirname, 'printer-mib.py');
  await writeFile(
    config,
    `agentaddress udp:127.0.0.1:${port}
rocommunity ${SNMP_COMMUNITY} 127.0.0.1
createUser ${SNMP_USER} SHA "authpass12" AES "privpass12"
rouser ${SNMP_USER} priv
sysName printer-a
pass_persist .${MIB} ${programPath('python3')} -u ${script} ${data}
override .1.3.6.1.2.1.25.3.2.1.2.1 object_id .1.3.6.1.2.1.25.3.1.5
override .1.3.6.1.2.1.25.3.2.1.5.1 integer 2
override .1.3.6.1.2.1.25.3.5.1.1.1 integer 4
override .1.3.6.1.2.1.25.3.5.1.2.1 octet_str 0x4000
`,
    { mode: 0o600 },
  );
  const state = join(folder, 'state');
  await mkdir(state);
  const without = ['device', 'disk', 'filesys', 'storage', 'print', 'proc', 'swrun', 'swinst'];
  const modules = without.map((name) => `hr_${name}`).join(',');
  const daemon = PeerProcess.start(
    programPath('snmpd'),
    ['-f', '-Lo', '-C', '-c', config, '-I', `-${modules}`],
    { MIBS: '', SNMP_PERSISTENT_DIR: state },
  );
  t.teardown(() => daemon.stop());
  await daemon.until('its version, told once it listens', () => daemon.output.includes('NET-SNMP version'));
  return {
    port,
    communityFile: await secret('community', SNMP_COMMUNITY),
    authenticationPasswordFile: await secret('authentication', 'authpass12'),
    privacyPasswordFile: await secret('privacy', 'privpass12'),
    async edit(changes) {
      for (const [oid, value] of Object.entries(changes)) {
        if (value === undefined) variables.delete(oid);
        else variables.set(oid, value);
      }
      await write();
    },
  };
}

/** How a printer is watched beside its driver, as the configuration says. */
import type { Clock } from '../base/clock.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import { Seconds } from '../base/units.ts';
import type { PrinterConfig } from '../config/schema.ts';
import type { PrinterObserver } from '../drivers/printers/port.ts';
import { type SnmpAccess, SnmpObserver } from '../drivers/printers/snmp/snmp-observer.ts';

/** For each try; real printers take up to a second while they wake. */
const TIMEOUT = Seconds(3);

/** Undefined when only its driver asks it. */
export function openObserver({ uri, snmp }: PrinterConfig, clock: Clock): PrinterObserver | undefined {
  const host = snmp?.host ?? ('host' in uri ? uri.host : undefined);
  if (snmp === undefined || host === undefined) return undefined;
  const target = { host, port: snmp.port, timeout: TIMEOUT };
  return new SnmpObserver({ target, access: accessOf(snmp), files: nodeFiles, clock });
}

function accessOf(snmp: NonNullable<PrinterConfig['snmp']>): SnmpAccess {
  if (snmp.version === 'v2c') {
    const { communityFile } = snmp;
    return { version: 'v2c', ...(communityFile === undefined ? {} : { communityFile }) };
  }
  const { user = '', authentication, privacy } = snmp;
  const { authenticationPasswordFile = '', privacyPasswordFile = '' } = snmp;
  return { version: 'v3', user, authentication, authenticationPasswordFile, privacy, privacyPasswordFile };
}

/** How a printer is watched over SNMP, and what its keys say of each other. Secrets stand in files. */
import { isIP } from 'node:net';
import { AUTHENTICATION_PROTOCOLS, PRIVACY_PROTOCOLS } from '../drivers/printers/snmp/protocols.ts';
import { isHostName } from './addresses.ts';
import { group } from './groups.ts';
import { at } from './plain.ts';
import { absolutePath, choice, count, single, WrongValue } from './values.ts';
import { atKey, atValue, type Finding, mustBe, type Path, quoted } from './wording.ts';
import type { Plain } from './yaml-reader.ts';

const SNMP_PORT = 161;

const host = () =>
  single({
    allowed: 'a host name or an address, such as 10.1.2.3',
    json: { maxLength: 253 },
    read: (text) => {
      if (isIP(text) === 0 && !isHostName(text)) throw new WrongValue(`${quoted(text)} is neither`);
      return text.toLowerCase();
    },
  });

/** RFC 3414 §5: `SnmpAdminString` of 1 to 32 octets. */
const userName = () =>
  single({
    allowed: 'a user name of 1 to 32 letters, digits and signs',
    json: { pattern: '^[!-~]{1,32}$' },
    read: (text) => {
      if (!/^[!-~]{1,32}$/.test(text)) throw new WrongValue('has other characters, or another length');
      return text;
    },
  });

const file = (meaning: string) =>
  absolutePath().exactOptional().meta({ byDefault: 'none' }).describe(meaning);

export const snmp = group({
  version: choice(['v2c', 'v3'])
    .prefault('v2c')
    .describe(
      '`v3`: with a user, authenticated and encrypted. `v2c`: in the clear; whoever is on the way can read and forge what the printer tells.',
    ),
  host: host()
    .exactOptional()
    .meta({ byDefault: 'that of `uri`' })
    .describe('Where it is asked; needed where `uri` has no host.'),
  port: count(1, 65535).prefault(SNMP_PORT).describe('The UDP port where it answers.'),
  'community-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'none: the community `public`' })
    .describe('For `v2c`: the file whose first line is the community. Read anew for each look.'),
  user: userName().exactOptional().meta({ byDefault: 'none' }).describe('For `v3`: the user.'),
  authentication: choice(AUTHENTICATION_PROTOCOLS)
    .prefault('sha256')
    .describe('For `v3`: how answers are proven. `sha` is SHA-1, which many printers have only.'),
  'authentication-password-file': file(
    'For `v3`: the file whose first line is the password for it, of at least 8 characters.',
  ),
  privacy: choice(PRIVACY_PROTOCOLS)
    .prefault('aes')
    .describe('For `v3`: how questions and answers are encrypted. `aes` has 128 bits.'),
  'privacy-password-file': file(
    'For `v3`: the file whose first line is the password for it, of at least 8 characters.',
  ),
});

const OF_V3 = ['user', 'authentication-password-file', 'privacy-password-file'] as const;

/** @param hasHost whether the printer's `uri` has one */
export function checkSnmp(path: Path, snmp: Plain | undefined, hasHost: boolean): Finding[] {
  if (snmp === undefined || snmp === null || typeof snmp !== 'object') return [];
  const version = at(snmp, 'version') ?? 'v2c';
  const findings: Finding[] = [];
  if (!hasHost && at(snmp, 'host') === undefined) {
    const wrong = 'is missing, and the uri has none';
    findings.push(atValue([...path, 'host'], mustBe(wrong, 'the address of the printer')));
  }
  for (const key of OF_V3) {
    const given = at(snmp, key) !== undefined;
    if (version === 'v3' && !given)
      findings.push(atValue([...path, key], mustBe('is missing', 'given for v3')));
    if (version === 'v2c' && given) findings.push(atKey([...path, key], mustBe('is for v3', 'left out')));
  }
  if (version === 'v3' && at(snmp, 'community-file') !== undefined) {
    findings.push(atKey([...path, 'community-file'], mustBe('is for v2c', 'left out')));
  }
  return findings;
}

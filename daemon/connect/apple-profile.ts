/** A configuration profile for iOS, iPadOS and macOS (Apple: Configuration Profile Reference, "AirPrint", "Certificate Root"). */
import { createHash } from 'node:crypto';
import { certificatesIn } from '../../base/http/tls/facts.ts';
import type { Connection } from './connection.ts';
import { forXml } from './quoting.ts';

export interface ProfileOptions {
  readonly connections: readonly Connection[];
  /** What the gateway is called. */
  readonly organization: string;
  /** PEM; its first certificate is to be trusted. Undefined where devices trust it already. */
  readonly certificate: string | undefined;
}

type Plist = string | number | boolean | Buffer | readonly Plist[] | { readonly [key: string]: Plist };

/** The same connections have the same identifiers, so that a newer profile takes the place of the one before. */
export function appleProfile({ connections, organization, certificate }: ProfileOptions): string {
  const seed = connections.map(({ host, port, path }) => `${host}:${port}/${path}`).join(' ');
  const payload = (kind: string, name: string, more: Readonly<Record<string, Plist>>): Plist => ({
    PayloadType: kind,
    PayloadVersion: 1,
    PayloadIdentifier: `holdfast.${uuidOf(seed)}.${kind}`,
    PayloadUUID: uuidOf(`${seed} ${kind}`),
    PayloadDisplayName: name,
    ...more,
  });
  const printers = connections.map(({ host, port, path }) => ({
    IPAddress: host,
    ResourcePath: path,
    Port: port,
    ForceTLS: true,
  }));
  const [first] = certificate === undefined ? [] : certificatesIn(certificate);
  const content: Plist[] = [payload('com.apple.airprint', 'AirPrint', { AirPrint: printers })];
  if (first !== undefined) {
    content.push(
      payload('com.apple.security.root', `Certificate of ${organization}`, {
        PayloadCertificateFileName: 'holdfast.cer',
        PayloadContent: derOf(first),
      }),
    );
  }
  const names = connections.map(({ name }) => name).join(', ');
  return document({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: `holdfast.${uuidOf(seed)}`,
    PayloadUUID: uuidOf(`${seed} profile`),
    PayloadDisplayName: `Printing: ${names}`,
    PayloadOrganization: organization,
    PayloadDescription: `Adds ${names} to the printers of this device.`,
    PayloadContent: content,
  });
}

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');

/** RFC 9562 version 8; tells nothing of a token that is in the seed. */
function uuidOf(seed: string): string {
  const digest = createHash('sha256').update(`holdfast profile ${seed}`).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function document(root: Plist): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${element(root)}
</plist>
`;
}

function element(value: Plist): string {
  if (typeof value === 'string') return `<string>${forXml(value)}</string>`;
  if (typeof value === 'number') return `<integer>${value}</integer>`;
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (Buffer.isBuffer(value)) return `<data>${value.toString('base64')}</data>`;
  if (isList(value)) return `<array>\n${value.map(element).join('\n')}\n</array>`;
  const entries = Object.entries(value).map(([key, each]) => `<key>${forXml(key)}</key>\n${element(each)}`);
  return `<dict>\n${entries.join('\n')}\n</dict>`;
}

const isList = (value: Plist): value is readonly Plist[] => Array.isArray(value);

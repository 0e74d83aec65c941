/** The name under which this gateway is found on its network. */
import { createHash } from 'node:crypto';
import { deriveKey, type Key } from '../base/secrets/sealing.ts';

/**
 * The first label of a name below `.local` that no other machine and no other program of this machine has: the host's own
 * name is announced by avahi or systemd-resolved where those run, with addresses that must then be the very same. It
 * tells nothing of the key.
 */
export function announcedHost(gatewayKey: Key): string {
  const key = deriveKey(gatewayKey, 'announced host');
  return `holdfast-${createHash('sha256').update(key.reveal()).digest('hex').slice(0, 8)}`;
}

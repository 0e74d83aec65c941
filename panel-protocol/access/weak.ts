/** Panels that a device can be without a key of its own. */
import { isLoopback } from '../../base/networks.ts';
import type { Panel } from '../ports.ts';
import type { PanelRegistry } from './registry.ts';

/**
 * Whether whoever has an address, or has seen a secret path, may be taken for this panel. That says so little about who
 * guesses there that codes get half their budget of wrong ones.
 */
export function isWeak({ name, addresses }: Panel, registry: Pick<PanelRegistry, 'hasPath'>): boolean {
  return addresses.some((each) => !isLoopback(each.split('/', 1)[0] ?? '')) || registry.hasPath(name);
}

/** Panels as the configuration and the enrolments together say; where both know one, the configuration holds. */
import type { PanelRegistry } from '../panel-protocol/access/registry.ts';
import type { Panel } from '../panel-protocol/ports.ts';
import type { LiveConfig } from './live-config.ts';

export function panelNamed(name: string, live: LiveConfig, registry: PanelRegistry): Panel | undefined {
  const configured = live.panels.get(name);
  if (configured !== undefined) return configured;
  const enrolled = registry.panel(name);
  if (enrolled === undefined) return undefined;
  const { color: _, ...defaults } = live.current.panelDefaults;
  return { ...defaults, name, printers: enrolled.printers, addresses: [] };
}

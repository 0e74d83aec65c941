/** Ties what panels need to the rooms that have it. */
import type { Identity } from '../identity/identity.ts';
import type { PersonId } from '../identity/person.ts';
import type { PanelRegistry } from '../panel-protocol/access/registry.ts';
import type { PanelIdentity, PanelJobs, PanelPrinters, Panels } from '../panel-protocol/ports.ts';
import type { Jobs } from '../spool/jobs.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import type { Releaser } from '../spool/release/releaser.ts';
import { panelNamed } from './enrolled-panels.ts';
import type { LiveConfig } from './live-config.ts';
import { type PanelIdentityRooms, panelIdentity } from './panel-identity.ts';
import { panelJobs } from './panel-jobs.ts';

export interface PanelRooms extends PanelIdentityRooms {
  readonly live: LiveConfig;
  readonly identity: Identity;
  readonly jobs: Jobs;
  readonly board: PrinterBoard;
  readonly releaser: Releaser;
  readonly registry: PanelRegistry;
  /** People who have delegated the printing of their jobs to this person for now. */
  delegators(person: PersonId): readonly PersonId[];
}

export interface PanelPorts {
  readonly panels: Panels;
  readonly registry: PanelRegistry;
  readonly printers: PanelPrinters;
  readonly identity: PanelIdentity;
  readonly jobs: PanelJobs;
  gatewayName(): string;
  color(): string;
}

export function panelPorts(rooms: PanelRooms): PanelPorts {
  const { live, board, releaser, registry } = rooms;
  return {
    gatewayName: () => live.current.gateway.name,
    color: () => live.current.panelDefaults.color,
    panels: { find: (name) => panelNamed(name, live, registry) },
    registry,
    printers: {
      find: (name) => board.get(name),
      warm: (name) => releaser.warm(name),
      watch(listener) {
        board.on('changed', listener);
        return () => board.off('changed', listener);
      },
    },
    identity: panelIdentity(rooms),
    jobs: panelJobs(rooms),
  };
}

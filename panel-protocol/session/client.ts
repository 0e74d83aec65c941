/** What a session knows of the connections that it talks to. */
import type { Role } from '../client-messages.ts';
import type { ByeReason, ServerMessage } from '../server-messages.ts';

/** The way back to whatever is connected. */
export interface PanelPeer {
  send(message: ServerMessage): void;
  /** Says goodbye and closes. */
  dismiss(reason: ByeReason): void;
}

/** A connection as the session sees it. */
export interface PanelClient extends PanelPeer {
  readonly role: Role;
  /** By TLS, or from this machine: nobody can read on the way. */
  readonly secure: boolean;
  readonly address: string;
  /** A reader that has nothing to show but its address. */
  readonly unproven?: true;
}

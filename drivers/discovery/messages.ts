/** What passes between the gateway and its mDNS worker. */
import type { FoundService } from './found.ts';
import type { AdvertisedQueue } from './services.ts';

/** Another host that says it is ours. */
export interface Impostor {
  /** `name`: a service of our name; `uuid`: a printer with the UUID of our queue; `host`: an address for our host. */
  readonly claims: 'name' | 'uuid' | 'host';
  /** Undefined when it claims the host. */
  readonly queue: string | undefined;
  /** The name of the service or host that it announces. */
  readonly name: string;
  /** Whence it said so. */
  readonly address: string;
  /** The host that it sends clients to, as far as it told. */
  readonly host: string | undefined;
}

export type DiscoveryEvent =
  | { readonly kind: 'named'; readonly queue: string; readonly wanted: string; readonly name: string }
  | { readonly kind: 'impostor'; readonly impostor: Impostor }
  | { readonly kind: 'impostor-gone'; readonly impostor: Impostor };

export type FromWorker =
  | DiscoveryEvent
  /** The interfaces on which it is heard now. */
  | { readonly kind: 'interfaces'; readonly names: readonly string[] }
  /** An interface that cannot be used. */
  | { readonly kind: 'trouble'; readonly interface: string; readonly message: string }
  /** Printers that are announced now. */
  | { readonly kind: 'found'; readonly services: readonly FoundService[] }
  | { readonly kind: 'stopped' };

export interface WorkerStart {
  /** The first label of the host's name. */
  readonly host: string;
  readonly interfaces: 'all' | readonly string[];
  /** Addresses that print clients can connect to; `all` of this machine. */
  readonly addresses: 'all' | readonly string[];
  /** Whether printers of others are looked for. */
  readonly browse: boolean;
}

export type ToWorker =
  | {
      readonly kind: 'queues';
      readonly queues: readonly AdvertisedQueue[];
      readonly lastNames: ReadonlyMap<string, string>;
    }
  /** Look for printers now. */
  | { readonly kind: 'browse' }
  | { readonly kind: 'stop' };

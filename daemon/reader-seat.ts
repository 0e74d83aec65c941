/** A reader's place at its panel: what it reads goes in as a badge of the panel protocol, what comes back is its feedback. */
import type { Log } from '../base/log.ts';
import { Secret } from '../base/secrets/secret.ts';
import { isNetworkKind, type ReaderConfig } from '../config/readers.ts';
import type { Feedback } from '../drivers/readers/port.ts';
import type { RawSwipe } from '../identity/cards/card-number.ts';
import type { Seat } from '../panel-protocol/connection.ts';
import type { ServerMessage } from '../panel-protocol/server-messages.ts';
import type { PanelService } from '../panel-protocol/service.ts';
import { panelOfReader } from './enrolled-panels.ts';
import { feedbackOn } from './reader-feedback.ts';

export interface ReaderSeatOptions {
  readonly config: Pick<ReaderConfig, 'name' | 'panel' | 'kind' | 'keyFile'>;
  readonly panels: Pick<PanelService, 'attachReader'>;
  /** Told once for each swipe. */
  onVerdict(kind: Feedback): void;
  readonly log: Log;
}

/** A network reader that has nothing but its address. */
export const isUnproven = ({ kind, keyFile }: Pick<ReaderConfig, 'kind' | 'keyFile'>): boolean =>
  isNetworkKind(kind) && keyFile === undefined;

export class ReaderSeat {
  readonly #options: ReaderSeatOptions;
  #seat: Seat | undefined;
  #id = 0;
  /** A swipe has been asked about and not been answered. */
  #asking = false;

  constructor(options: ReaderSeatOptions) {
    this.#options = options;
  }

  swiped(swipe: RawSwipe): void {
    const { config, log } = this.#options;
    this.#asking = true;
    this.#seat ??= this.#attach();
    if (this.#seat === undefined) {
      log.warn('swipe at a reader whose panel is not there', { panel: panelOfReader(config) });
      return this.#verdict('refused');
    }
    this.#seat.ask({
      type: 'credential',
      id: ++this.#id,
      kind: 'badge',
      ...badgeOf(swipe),
      reader: config.name,
    });
  }

  leave(): void {
    const seat = this.#seat;
    this.#seat = undefined;
    seat?.leave();
  }

  #attach(): Seat | undefined {
    const { config, panels, log } = this.#options;
    let dismissed = false;
    const seat = panels.attachReader(panelOfReader(config), {
      send: (message) => this.#hear(message),
      dismiss: (reason) => {
        dismissed = true;
        this.#seat = undefined;
        log.debug('card reader lost its place at the panel', { reason });
      },
      ...(isUnproven(config) ? { unproven: true } : {}),
    });
    return dismissed ? undefined : seat;
  }

  #hear(message: ServerMessage): void {
    if (message.type === 'error') this.#options.log.info('swipe refused', { code: message.code });
    const feedback = feedbackOn(message);
    if (feedback !== undefined) this.#verdict(feedback);
  }

  #verdict(kind: Feedback): void {
    if (!this.#asking) return;
    this.#asking = false;
    this.#options.onVerdict(kind);
  }
}

function badgeOf(swipe: RawSwipe): { readonly value: Secret<string>; readonly bits?: number } {
  if (swipe.kind === 'text') return { value: new Secret(swipe.text) };
  return { value: new Secret(Buffer.from(swipe.octets).toString('hex')), bits: swipe.bits };
}

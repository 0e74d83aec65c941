// A card reader's link without a device: the test plugs it in, says what it sends, and sees what was sent to it.
import { away, type Link, type LinkEvents, type Opener } from '../../drivers/readers/link.ts';
import type { AwayReason } from '../../drivers/readers/port.ts';

export class ScriptedLink implements Opener {
  readonly place = 'a scripted reader';
  /** What each opening got, as Latin-1. */
  readonly sent: string[][] = [];
  opened = 0;
  closed = 0;
  #pluggedIn = true;
  #refusal: AwayReason | undefined;
  #events: LinkEvents | undefined;
  /** Called with each piece that was sent; may answer by {@link says}. */
  onSent: (text: string) => void = () => {};

  async open(events: LinkEvents): Promise<Link> {
    if (!this.#pluggedIn) throw away('not-plugged-in', 'there is no such device');
    if (this.#refusal !== undefined) throw away(this.#refusal, 'not now');
    this.#events = events;
    this.opened++;
    const sent: string[] = [];
    this.sent.push(sent);
    return {
      send: (octets) => {
        const text = Buffer.from(octets).toString('latin1');
        sent.push(text);
        queueMicrotask(() => this.onSent(text));
      },
      close: async () => {
        this.closed++;
        if (this.#events === events) this.#events = undefined;
      },
    };
  }

  says(text: string): void {
    this.#events?.octets(Buffer.from(text, 'latin1'));
  }

  unplug(): void {
    this.#pluggedIn = false;
    const events = this.#events;
    this.#events = undefined;
    events?.lost('not-plugged-in', 'unplugged');
  }

  plugIn(): void {
    this.#pluggedIn = true;
  }

  refuse(reason: AwayReason | undefined): void {
    this.#refusal = reason;
  }
}

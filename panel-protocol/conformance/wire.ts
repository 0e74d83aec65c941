/** A panel as the conformance suite plays it: messages out, messages in, whatever carries them. */

export type Message = Readonly<Record<string, unknown>>;

/** What a transport has to do for the suite. */
export interface Carrier {
  send(message: Message): void;
  /** Ends it without a word. */
  cut(): void;
}

export interface CarrierEvents {
  message(message: Message): void;
  closed(): void;
}

/** How to reach the panel under test. */
export interface Target {
  /** `https://host:port/panel/NAME`, or `/p/SECRET`. */
  readonly url: URL;
  /** PEM of the authority that its certificate is checked against; the system's unless given. */
  readonly ca?: string;
  /** An enrolled panel's key. */
  readonly key?: string;
}

export type Connect = (target: Target, events: CarrierEvents) => Promise<Carrier>;

/** Longest wait for a message. */
const PATIENCE = 10_000;

export class Wire {
  readonly #inbox: Message[] = [];
  #carrier: Carrier | undefined;
  #over = false;
  #wake: () => void = () => {};
  #id = 0;

  static async connect(connect: Connect, target: Target): Promise<Wire> {
    const wire = new Wire();
    wire.#carrier = await connect(target, {
      message: (message) => {
        wire.#inbox.push(message);
        wire.#wake();
      },
      closed: () => {
        wire.#over = true;
        wire.#wake();
      },
    });
    return wire;
  }

  /** Gives the message the next id unless it has one. @returns the id */
  send(message: Message): number {
    this.#id = typeof message['id'] === 'number' ? message['id'] : this.#id + 1;
    this.#carrier?.send({ id: this.#id, ...message });
    return this.#id;
  }

  /** Sends, and gives the answer to it. */
  ask(message: Message): Promise<Message> {
    const id = this.send(message);
    return this.take(
      `the answer to ${String(message['type'])}`,
      ({ type, re }) => (type === 'ok' || type === 'error') && re === id,
    );
  }

  /** The oldest message of that type that was not taken. */
  next(type: string): Promise<Message> {
    return this.take(type, (message) => message['type'] === type);
  }

  async take(what: string, wanted: (message: Message) => boolean): Promise<Message> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const at = this.#inbox.findIndex(wanted);
      const [found] = at === -1 ? [] : this.#inbox.splice(at, 1);
      if (found !== undefined) return found;
      const left = until - Date.now();
      if (left <= 0 || this.#over) {
        const types = this.#inbox.map(({ type }) => type).join(', ');
        throw new Error(
          `${this.#over ? 'the connection ended' : 'nothing came'} before ${what}; untaken: ${types || 'nothing'}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Resolves when the gateway has ended the connection. */
  async ended(): Promise<void> {
    const until = Date.now() + PATIENCE;
    while (!this.#over) {
      if (Date.now() > until) throw new Error('the connection was not ended');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Types of what came and was not taken. */
  get untaken(): readonly string[] {
    return this.#inbox.map(({ type }) => String(type));
  }

  cut(): void {
    this.#carrier?.cut();
  }
}

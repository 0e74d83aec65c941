/** A panel's screen, as its page would be, over its WebSocket. */
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

export interface Told {
  readonly type: string;
  readonly re?: number;
  readonly outcome?: string;
  readonly reason?: string;
  readonly nearest?: { readonly 'printer-name': string; readonly 'printer-info': string };
  readonly jobs?: readonly { readonly 'job-id': number; readonly 'job-state': string }[];
  readonly session?: string;
}

export class Panel implements Disposable {
  readonly #socket: WebSocket;
  #id = 0;
  #hear: (message: Told) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    // One listener of its end for each question.
    socket.setMaxListeners(0);
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
  }

  static async open(host: string, name: string): Promise<Panel> {
    const socket = new WebSocket(`ws://${host}/panel/${name}/socket`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const panel = new Panel(socket);
    await panel.#until({ type: 'hello', versions: [1] }, ({ type }) => type === 'session');
    return panel;
  }

  /** @returns the jobs that the person has. */
  async signIn(code: string): Promise<number[]> {
    const { jobs = [] } = await this.#until(
      { type: 'credential', kind: 'code', value: code },
      ({ type }) => type === 'jobs',
    );
    return jobs.map((job) => job['job-id']);
  }

  /** @returns of `performance.now()`: when the touch was sent, and how the job ended. */
  release(job: number): { readonly at: number; readonly over: Promise<Told> } {
    const key = randomBytes(12).toString('hex');
    const over = this.#until({ type: 'release', key, 'job-ids': [job] }, ({ type }) => type === 'outcome');
    return { at: performance.now(), over };
  }

  /** What the screen is told meanwhile is looked at afterwards, so that it takes less of the processor from who is measured. */
  async lookAwayUntil(then: Promise<unknown>): Promise<void> {
    this.#socket.pause();
    await then;
    this.#socket.resume();
  }

  async signOut(): Promise<void> {
    await this.#until({ type: 'logout' }, ({ session }) => session === 'idle');
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #until(message: object, last: (told: Told) => boolean): Promise<Told> {
    return new Promise((resolve, reject) => {
      this.#socket.once('close', () => reject(new Error('the gateway closed the connection')));
      this.#hear = (told) => {
        if (told.type === 'error') reject(new Error(JSON.stringify(told)));
        else if (last(told)) resolve(told);
      };
      this.#socket.send(JSON.stringify({ id: ++this.#id, ...message }));
    });
  }
}

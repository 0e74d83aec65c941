/** Three hundred panels where somebody signs in within one second: from each credential to the whole job list. */
import { WebSocket } from 'ws';
import { type Bench, percentile } from './bench.ts';
import { startLargeGateway } from './gateway/large-gateway.ts';

const SIZE = { people: 100_000, held: 3000, each: 10, panels: 300 };
const ROUNDS = 5;
const SECOND = 1000;
/** A list that has not come by then is an error. */
const PATIENCE = 10_000;

export const bench: Bench = {
  summary: `Signs in at ${SIZE.panels} panels within one second, ${ROUNDS} times`,
  atMost: { errors: 0, p99_ms: 100 },
  async run(say) {
    await using large = await startLargeGateway(SIZE, say);
    const panels = await Promise.all(
      Array.from({ length: SIZE.panels }, (_, number) => Screen.open(large.gateway.web, `panel-${number}`)),
    );
    const times: number[] = [];
    let errors = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const results = await Promise.allSettled(
        panels.map(async (panel, number) => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * SECOND));
          return panel.signIn(large.codeOf(number));
        }),
      );
      const took = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      times.push(...took);
      errors += results.length - took.length;
      await Promise.all(panels.map((panel) => panel.signOut()));
      const sorted = Float64Array.from(took).sort();
      say(
        `round ${round + 1}: p99 ${percentile(sorted, 0.99).toFixed(1)} ms, ${results.length - took.length} errors`,
      );
    }
    for (const panel of panels) panel.close();
    const sorted = Float64Array.from(times).sort();
    return {
      panels: SIZE.panels,
      errors,
      p50_ms: percentile(sorted, 0.5),
      p99_ms: percentile(sorted, 0.99),
    };
  },
};

type Told = {
  readonly type: string;
  readonly re?: number;
  readonly total?: number;
  readonly jobs?: unknown[];
};

class Screen {
  readonly #socket: WebSocket;
  #id = 0;
  #hear: (message: Told) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
  }

  /** Connected and welcomed. */
  static async open(host: string, panel: string): Promise<Screen> {
    const socket = new WebSocket(`ws://${host}/panel/${panel}/socket`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const screen = new Screen(socket);
    await screen.#until({ type: 'hello', versions: [1] }, ({ type }) => type === 'session');
    return screen;
  }

  /** @returns milliseconds until all of the list was here. @throws Error when it was refused or did not come */
  async signIn(code: string): Promise<number> {
    const start = performance.now();
    let listed = 0;
    await this.#until({ type: 'credential', kind: 'code', value: code }, ({ type, total, jobs }) => {
      if (type !== 'jobs') return false;
      listed += jobs?.length ?? 0;
      return listed === total && listed === SIZE.each;
    });
    return performance.now() - start;
  }

  async signOut(): Promise<void> {
    await this.#until({ type: 'logout' }, ({ type }) => type === 'session');
  }

  close(): void {
    this.#socket.close();
  }

  #until(message: object, last: (told: Told) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer')), PATIENCE);
      this.#hear = (told) => {
        if (told.type !== 'error' && !last(told)) return;
        clearTimeout(timer);
        if (told.type === 'error') reject(new Error(JSON.stringify(told)));
        else resolve();
      };
      this.#socket.send(JSON.stringify({ id: ++this.#id, ...message }));
    });
  }
}

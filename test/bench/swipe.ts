/** From a swipe at a terminal to the job list on the panel's screen: 100,000 people, 10,000 held jobs, a real browser. */
import { WebSocket } from 'ws';
import { Chromium } from '../peers/chromium.ts';
import { type Bench, percentile } from './bench.ts';
import { startLargeGateway } from './gateway/large-gateway.ts';

const SIZE = { people: 100_000, held: 10_000, each: 5, panels: 1 };
const SWIPES = 300;
const WARM_UP = 20;
/** Milliseconds between two people: a reader that sends more than 20 messages a second is cut. */
const PAUSE = 150;

export const bench: Bench = {
  summary: `Swipes ${SWIPES} badges at a reader beside a panel's page in Chromium`,
  atMost: { p50_ms: 5 },
  async run(say) {
    await using large = await startLargeGateway(SIZE, say);
    await using chromium = await Chromium.start();
    const page = await chromium.context.newPage();
    await page.goto(`http://${large.gateway.web}/panel/panel-0`);
    await page.waitForSelector('#screen-badge, #screen-code', { state: 'visible' });
    let drew: (at: number) => void = () => {};
    await page.exposeFunction('holdfastDrew', (at: number) => drew(at));
    // Tells when the rows were there, by the wall clock that this process has too: they come in one piece of script.
    await page.evaluate(`(() => {
      var rows = document.getElementById('jobs-rows');
      new MutationObserver(function () {
        var now = performance.timeOrigin + performance.now();
        if (rows.querySelector('.row') !== null) window.holdfastDrew(now);
      }).observe(rows, { childList: true, subtree: true });
    })()`);
    const reader = await Reader.open(large.gateway.web, 'panel-0');
    const screen: number[] = [];
    for (let swipe = 0; swipe < WARM_UP + SWIPES; swipe++) {
      const drawn = new Promise<number>((resolve) => {
        drew = resolve;
      });
      const start = performance.timeOrigin + performance.now();
      await reader.swipe(large.cardOf(swipe));
      const took = (await drawn) - start;
      if (swipe >= WARM_UP) screen.push(took);
      // The same badge once more signs out.
      await reader.swipe(large.cardOf(swipe));
      await page.waitForSelector('#screen-badge, #screen-code', { state: 'visible' });
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    reader.close();
    const sorted = Float64Array.from(screen).sort();
    return {
      people: SIZE.people,
      held: SIZE.held,
      p50_ms: percentile(sorted, 0.5),
      p99_ms: percentile(sorted, 0.99),
    };
  },
};

class Reader {
  readonly #socket: WebSocket;
  #id = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(host: string, panel: string): Promise<Reader> {
    const socket = new WebSocket(`ws://${host}/panel/${panel}/socket`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const welcomed = new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ type: 'hello', id: 1, versions: [1], role: 'reader' }));
    await welcomed;
    return new Reader(socket);
  }

  /** Resolves when the gateway has answered it. @throws Error when it refused the card */
  swipe(card: string): Promise<void> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      const hear = (data: unknown) => {
        const { type, re, code } = JSON.parse(String(data)) as { type: string; re?: number; code?: string };
        if (re !== id) return;
        this.#socket.off('message', hear);
        if (type === 'ok') resolve();
        else reject(new Error(`the swipe was refused: ${code}`));
      };
      this.#socket.on('message', hear);
      this.#socket.send(JSON.stringify({ type: 'credential', id, kind: 'badge', value: card }));
    });
  }

  close(): void {
    this.#socket.close();
  }
}

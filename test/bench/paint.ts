/** How soon the page of a panel is on the screen of a real browser that has nothing of it: on loopback, both kinds. */
import { Chromium } from '../peers/chromium.ts';
import { type Bench, percentile } from './bench.ts';
import { startLargeGateway } from './gateway/large-gateway.ts';

const SIZE = { people: 100, held: 100, each: 5, panels: 1 };
const LOADS = 60;
const WARM_UP = 5;

/** What the browser says itself: milliseconds from the start of the navigation. */
const FIRST_PAINT = `new Promise(function (resolve) {
  new PerformanceObserver(function (list) {
    list.getEntriesByName('first-contentful-paint').forEach(function (entry) { resolve(entry.startTime); });
  }).observe({ type: 'paint', buffered: true });
})`;

export const bench: Bench = {
  summary: `Loads a panel's page ${LOADS} times in Chromium, without what it kept`,
  atMost: { first_paint_ms: 100 },
  async run(say) {
    await using large = await startLargeGateway(SIZE, say);
    await using chromium = await Chromium.start();
    const page = await chromium.context.newPage();
    const devtools = await chromium.context.newCDPSession(page);
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    const paints = async (path: string): Promise<Float64Array> => {
      const all: number[] = [];
      for (let load = 0; load < WARM_UP + LOADS; load++) {
        await page.goto(`http://${large.gateway.web}${path}`);
        const took: number = await page.evaluate(FIRST_PAINT);
        if (load >= WARM_UP) all.push(took);
      }
      return Float64Array.from(all).sort();
    };
    const script = await paints('/panel/panel-0');
    const plain = await paints('/panel/panel-0/plain');
    return {
      first_paint_ms: percentile(script, 0.5),
      first_paint_p99_ms: percentile(script, 0.99),
      plain_first_paint_ms: percentile(plain, 0.5),
    };
  },
};

/** The host as the cases see it: somebody who plugs, unplugs, types and swipes. Lines of JSON on a serial port. */
import { createInterface } from 'node:readline';

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const waiting = new Map<number, (answer: Answer) => void>();
let last = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  if (!line.startsWith('{')) return;
  const answer = JSON.parse(line) as Answer;
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
});

async function ask(request: object): Promise<unknown> {
  const id = ++last;
  const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
  process.stdout.write(`${JSON.stringify({ id, ...request })}\n`);
  const { error, value } = await answered;
  if (error !== undefined) throw new Error(`the host: ${error}`);
  return value;
}

/** QEMU's own devices, by the ids that the cases give them. */
export const host = {
  /** Keys at QEMU's keyboard, one each 20 ms; a line feed is Enter. */
  type: (text: string) => ask({ do: 'type', text }),
  /** @param port of the root hub; a port keeps its name */
  plug: (driver: string, id: string, port: 1 | 2 | 3 | 4, more: object = {}) =>
    ask({ do: 'plug', device: { driver, id, port: String(port), ...more } }),
  unplug: (id: string) => ask({ do: 'unplug', device: id }),
  /** What the device behind the USB serial adapter sends. */
  serial: (text: string) => ask({ do: 'serial', text }),
  /** A gateway with one printer, at `10.0.2.2`; resolves to its web port. @param card of the one person it knows */
  gateway: async (card: string) => Number(await ask({ do: 'gateway', card })),
  /** Makes the terminal that shows this number the panel of that printer. */
  approve: (number: string) => ask({ do: 'approve', number }),
  /** A document that the gateway keeps until the swipe. */
  hold: () => ask({ do: 'hold' }),
  /** Resolves when all of it came out of the printer. */
  printed: () => ask({ do: 'printed' }),
};

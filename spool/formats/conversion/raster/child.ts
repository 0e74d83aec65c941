/**
 * Takes a document by standard input and writes what is made of it to standard output. Runs as a process of its own
 * (../commands.ts), so it imports nothing of the daemon. What it is to do is its first parameter.
 */
import { setPriority } from 'node:os';
import { pipeline } from 'node:stream/promises';
import type { Drawing } from '../plan.ts';

setPriority(5);
const [step = '', plan = '{}'] = process.argv.slice(2);
const drawing: Drawing = JSON.parse(plan);

async function* made(): AsyncIterable<Buffer> {
  switch (step) {
    case 'finish': {
      const { finish } = await import('./finish.ts');
      yield* finish(process.stdin, drawing);
      break;
    }
    case 'wrap-raster': {
      const { wrapRaster } = await import('./wrap.ts');
      yield* wrapRaster(process.stdin);
      break;
    }
    case 'wrap-jpeg': {
      const { wrapJpeg } = await import('./wrap.ts');
      yield* wrapJpeg(process.stdin, drawing);
      break;
    }
    default:
      throw new Error(`no such step: ${step}`);
  }
}

try {
  await pipeline(made(), process.stdout);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}

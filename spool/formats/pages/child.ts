/**
 * Counts the pages of one document that comes by standard input, tells the result as one line of JSON, and ends. Runs as
 * a process of its own (sandbox.ts), so it imports nothing of the daemon.
 */
import { setPriority } from 'node:os';
import type { PageCount } from './page-count.ts';

setPriority(10);
const { MEDIA_TYPE_COUNTERS } = await import('./counters.ts');
const count = MEDIA_TYPE_COUNTERS[process.argv[2] ?? ''];
const result: PageCount = count === undefined ? { kind: 'unknown' } : await count(process.stdin);
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

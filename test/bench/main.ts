// Runs a bench: `npm run bench -- NAME [--json] [--check]`. With --json the last line is the figures; with --check a
// figure past its bound makes the exit status 1.
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Bench, type Figures, lineOf, rounded } from './bench.ts';

/** Of this folder, what is no bench. */
const HELPERS = ['main.ts', 'bench.ts', 'elsewhere.ts'];

const NAMES = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !HELPERS.includes(file))
  .map((file) => file.slice(0, -3));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Figures past their bounds, as lines. */
function breaches(figures: Figures, { atMost }: Bench): string[] {
  return Object.entries(atMost)
    .filter(([name, bound]) => !((figures[name] ?? Number.NaN) <= bound))
    .map(([name, bound]) => `${name} is ${figures[name]}; at most ${bound} is allowed`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
});
const [name, ...rest] = positionals;
if (name === undefined || rest.length > 0 || !NAMES.includes(name)) {
  say(`npm run bench -- NAME [--json] [--check], with one of the names: ${NAMES.join(', ')}`);
  process.exitCode = 2;
} else {
  const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
  say(bench.summary);
  const figures = await bench.run(say);
  for (const [figure, value] of Object.entries(figures)) say(`  ${figure.padEnd(24)} ${rounded(value)}`);
  const past = values.check ? breaches(figures, bench) : [];
  for (const line of past) say(`too much: ${line}`);
  if (past.length > 0) process.exitCode = 1;
  if (values.json) say(lineOf(figures));
}

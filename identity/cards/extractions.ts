/** Where in the text of a swipe the number may stand: around it are prefixes, framing, track separators, checksums. */
import type { Conversion } from './conversion.ts';

/** Characters that may be cut off at either end by count alone: start and end marks, a type octet, a checksum. */
const MOST_CUT = 8;
const MOST_FIELDS = 4;

/** Simplest first. @param reads of the known badges, to leave out what cannot fit them. */
export function* extractions(reads: readonly string[]): Generator<Conversion> {
  yield [];
  const expressions = [
    // What comes before "=", as PaperCut reads a magnetic stripe unless told otherwise.
    '^[^0-9A-Za-z]*([^=]*)=',
    '^[^0-9]*([0-9]+)',
    '([0-9]+)[^0-9]*$',
    '^[^0-9A-Fa-f]*([0-9A-Fa-f]+)',
    '([0-9A-Fa-f]+)[^0-9A-Fa-f]*$',
    ...Array.from(
      { length: MOST_FIELDS },
      (_, before) => `^(?:[^:;,= ]*[:;,= ]+){${before + 1}}([0-9A-Fa-f]+)`,
    ),
    ...cuts(Math.min(...reads.map((read) => read.length))),
  ];
  const seen = new Set<string>();
  for (const expression of expressions) {
    const pattern = new RegExp(expression);
    const found = reads.map((read) => pattern.exec(read)?.[1] ?? '');
    if (found.includes('') || found.every((text, index) => text === reads[index])) continue;
    // Another expression that finds the same in every badge only counts when it would differ for others.
    const key = found.join('\n');
    if (seen.has(key)) continue;
    seen.add(key);
    yield [{ kind: 'match', pattern }];
  }
}

function* cuts(shortest: number): Generator<string> {
  for (let start = 0; start <= MOST_CUT; start++) {
    for (let end = 0; end <= MOST_CUT; end++) {
      if (start + end === 0 || start + end >= shortest) continue;
      yield `^${start === 0 ? '' : `.{${start}}`}(.+)${end === 0 ? '' : `.{${end}}`}$`;
    }
  }
}

/** Text from outside, made safe to show; names that were mistyped. */

/**
 * Controls, formats (zero-width and direction marks among them), line and paragraph separators. What they do to a
 * terminal, a log line or the order of the letters on a screen is never what the reader should see.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The first half of a character that was cut in two. */
const HALF_AT_END = /[\ud800-\udbff]$/;

/** The text with every character of {@link UNPRINTABLE} as its escape (`\u{202e}`), cut at `limit` UTF-16 units. */
export function printable(text: string, limit = 1000): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(UNPRINTABLE, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
}

/** The same text without those characters and half ones, for screens where an escape would only puzzle. */
export function displayable(text: string, limit = 255): string {
  const plain = text.replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim();
  const cut = plain.length > limit ? `${plain.slice(0, limit - 1).replace(HALF_AT_END, '')}…` : plain;
  return cut.toWellFormed();
}

/** The text cut between characters so that it has at most `octets` in UTF-8. */
export function shortenOctets(text: string, octets: number): string {
  if (Buffer.byteLength(text) <= octets) return text;
  let result = '';
  let length = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > octets) break;
    result += character;
  }
  return result;
}

/** The candidate that is the fewest edits away from `word`, when that is few enough to be a slip of the keyboard. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforePrevious, j - 2) + 1);
      }
      current.push(cost);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;

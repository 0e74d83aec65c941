/** Names of services as users see them: at most 63 octets, and another when somebody has it (RFC 6763 §4.1.1). */

const LONGEST = 63;
const NUMBERED = /^(?<text>.*) \((?<number>[0-9]{1,4})\)$/s;
const LAST_NUMBER = 9999;

/** The text as a service name: cut at a character, so that it fits one label of DNS. */
export function instanceName(text: string): string {
  return cut(text, LONGEST);
}

/** `Print` → `Print (2)` → `Print (3)`, always a valid name, and another one. */
export function nextName(name: string): string {
  const { text = name, number = '1' } = NUMBERED.exec(name)?.groups ?? {};
  // Behind the last number a new count begins, as names that stand still would be asked for without end.
  const [base, next] = Number(number) < LAST_NUMBER ? [text, Number(number) + 1] : [name, 2];
  const suffix = ` (${next})`;
  return cut(base, LONGEST - suffix.length) + suffix;
}

/** At most this many octets of UTF-8, and no part of a character as people see it. */
export function cut(text: string, octets: number): string {
  if (Buffer.byteLength(text) <= octets) return text;
  let kept = '';
  let length = 0;
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    length += Buffer.byteLength(segment);
    if (length > octets) break;
    kept += segment;
  }
  return kept.trimEnd();
}

/** Names of services as users see them: at most 63 octets, and another when somebody has it (RFC 6763 §4.1.1). */

const LONGEST = 63;
const NUMBERED = /^(?<text>.*) \((?<number>[0-9]{1,4})\)$/s;
const LAST_NUMBER = 9999;

/** The text as a service name: cut at a character, so that it fits one label of DNS. */
export function instanceName(text: string): string {
  return cut(text, LONGEST);
}

/** `Print` → `Print (2)` → `Print (3)`, always a valid name. */
export function nextName(name: string): string {
  const match = NUMBERED.exec(name)?.groups;
  const number = Math.min(Number(match?.['number'] ?? 1) + 1, LAST_NUMBER);
  const suffix = ` (${number})`;
  return cut(match?.['text'] ?? name, LONGEST - suffix.length) + suffix;
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

/** What zod found, as findings: one for each wrong key or value, with the path it stands at. */
import type { z } from 'zod';
import { nearest } from '../base/text.ts';
import { knownKeys } from './json-schema.ts';
import { atKey, atValue, type Finding, mustBe, oneOf, type Path, quoted } from './wording.ts';

type Issue = z.core.$ZodIssue;

export function findingsOf(issue: Issue, above: Path = []): Finding[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        at: 'key',
        message: () => unknownKey(key, knownKeys(path)),
      }));
    case 'invalid_key':
      return [atKey(path, issue.message)];
    case 'invalid_union': {
      // Of the alternatives, the one that got into the value is the one that was meant.
      const meant = issue.errors.find((issues) => issues.some((each) => each.path.length > 0));
      if (meant !== undefined) return meant.flatMap((each) => findingsOf(each, path));
      return [atValue(path, issue.message)];
    }
    default:
      return [atValue(path, issue.message)];
  }
}

/** Words that only stand in keys for what must not be in this file. */
const SECRET_WORDS = new Set([
  ...['password', 'passwd', 'passphrase', 'pass', 'pwd', 'pin', 'pins', 'code', 'codes', 'secret', 'secrets'],
  ...['token', 'tokens', 'key', 'keys', 'credential', 'credentials', 'badge', 'badges', 'card', 'cards'],
]);

const SECRET_PLACES =
  'no secret stands in this file: codes come with `holdfast people import FILE.csv`, passwords with `holdfast people set-password USER`, tokens with `holdfast tokens create`, the key of the gateway has a file of its own (gateway.key-file)';

/** Longer words are no slips of the keyboard. */
const COMPARED_LENGTH = 60;

function unknownKey(key: string, known: readonly string[]): string {
  const meant = key.length > COMPARED_LENGTH ? undefined : nearest(key, known);
  if (meant !== undefined) return `unknown key; did you mean ${quoted(meant)}?`;
  const words = key.toLowerCase().split(/[^a-z]+/);
  if (words.some((word) => SECRET_WORDS.has(word))) return SECRET_PLACES;
  return mustBe('unknown key', oneOf(known));
}

/** The YAML parser's errors in our words: what is wrong, what to write instead, and nothing of the file's content. */
import type { ErrorCode, YAMLError } from 'yaml';

const SENTENCES = {
  ALIAS_PROPS: 'an alias (*name) stands alone, without a tag or an anchor',
  BAD_ALIAS:
    'an anchor (&name) or alias (*name) without a usable name; a text that begins with & or * stands in quotes',
  BAD_COLLECTION_TYPE: 'a tag that does not fit its value; values are written without tags here',
  BAD_DIRECTIVE: 'a line that begins with % but is no YAML directive',
  BAD_DQ_ESCAPE: 'an unknown escape after a backslash; between double quotes a backslash is written \\\\',
  BAD_INDENT:
    'from here on the indentation fits none of the lines above; keys of one group begin in one column',
  BAD_PROP_ORDER: 'a tag or an anchor before the mark of a list or key; must stand after it',
  BAD_SCALAR_START: 'a value cannot begin with this character; must stand in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a second "key:" or "- " in one line; a text with a colon and a space stands in quotes',
  BLOCK_IN_FLOW: 'a key within [ ] or { } without a comma before it, or an indented group there',
  DUPLICATE_KEY: 'a key that stands twice; must be there once',
  IMPOSSIBLE: 'this cannot be read as YAML',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'a character is missing here: a colon, a comma, a space, a quote or a bracket',
  MULTILINE_IMPLICIT_KEY: 'a key that goes over several lines; is a colon missing?',
  MULTIPLE_ANCHORS: 'a value with several anchors; can have one',
  MULTIPLE_DOCS: 'a second document; a file has one',
  MULTIPLE_TAGS: 'a value with several tags; values are written without tags here',
  NON_STRING_KEY: 'a key must be a plain word',
  RESOURCE_EXHAUSTION: 'too large or nested too deeply',
  TAB_AS_INDENT: 'a tab as indentation; must be spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name); values are written without tags here',
  UNEXPECTED_TOKEN: 'something that cannot stand here; is a quote, a comma or a line end missing before it?',
} as const satisfies Record<ErrorCode, string>;

/** One code means several things; the parser's text tells them apart, where that helps the reader. */
const SPECIAL: readonly (readonly [RegExp, string])[] = [
  [/closing .quote/, 'a quote is opened and never closed'],
  [/end with a [\]}]/, 'a [ or { is opened and never closed'],
  [/need to be followed by map values/, 'a key without its colon; must be "key: value"'],
  [/Missing , /, 'two values without a comma between them'],
  [/without - indicator/, 'an item of a list without its "- "'],
  [/Comments must be separated/, 'a # without a space before it; in a value it stands in quotes'],
];

export function sayYamlError(error: YAMLError): string {
  return SPECIAL.find(([pattern]) => pattern.test(error.message))?.[1] ?? SENTENCES[error.code];
}

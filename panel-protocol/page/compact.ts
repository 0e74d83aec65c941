/** What people need to read the page's sources and browsers do not: comments, indentation, and long names. */

/** For our own style sheets: no string in them holds a comment, a brace or two spaces. */
export function compactCss(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/([a-z]): /g, '$1:')
    .replaceAll(';}', '}')
    .trim();
}

/**
 * For our own scripts, in which a comment has lines of its own, every statement ends with a semicolon, and a regular
 * expression comes after an operator or a bracket.
 */
export function compactScript(script: string): string {
  const code = script
    // A short name for what the parts share.
    .replaceAll('(window.holdfast)', '(H)')
    .replace('(window.holdfast = {})', '(H = {})')
    .replace(/^\s*\/\*\*[\s\S]*?\*\/$/gm, '')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('//'))
    .join('\n');
  let result = '';
  for (const [, literal = '', space, other = ''] of code.matchAll(PART)) {
    if (space !== undefined) result += ' ';
    else {
      const part = literal + other;
      // A space stays only where two words, or two signs of the same kind, would become one.
      if (result.endsWith(' ') && !joins(result.at(-2) ?? '', part[0] ?? '')) result = result.slice(0, -1);
      result += part;
    }
  }
  // No loop of ours has an empty statement for its body.
  return shortNames(result.trim().replaceAll(';}', '}').replaceAll("'use strict';", ''));
}

/**
 * Gives variables, functions and parameters short names, the same one wherever the same name stands, which changes
 * nothing as long as no two become one; and so for what hangs on `h`, the page's own object, and for the functions of its parts. What a browser knows
 * (anything that is declared nowhere here, any other property) keeps its name.
 */
function shortNames(code: string): string {
  const tokens = [...code.matchAll(TOKEN)].map(([token]) => token);
  const locals = counted(
    tokens,
    (at) => declares(tokens, at),
    (at) => isVariable(tokens, at),
  );
  const members = counted(
    tokens,
    (at) => isMember(tokens, at) && tokens[at + 1] === '=',
    (at) => isMember(tokens, at),
  );
  const own = counted(
    tokens,
    (at) =>
      isProperty(tokens, at) && tokens[at + 1] === '=' && tokens[at + 2] === 'function' && isOwn(tokens[at]),
    (at) => isProperty(tokens, at),
  );
  const properties = new Set(tokens.filter((token, at) => isProperty(tokens, at) && !own.has(token)));
  const free = new Set(tokens.filter((token, at) => isVariable(tokens, at) && !locals.has(token)));
  const localNames = named([...locals.keys()], free);
  const memberNames = named([...members.keys()], new Set());
  const ownNames = named([...own.keys()], properties);
  return tokens
    .map((token, at) => {
      if (isMember(tokens, at)) return memberNames.get(token) ?? token;
      if (isProperty(tokens, at)) return ownNames.get(token) ?? token;
      return isVariable(tokens, at) ? (localNames.get(token) ?? token) : token;
    })
    .join('');
}

const TOKEN =
  /'(?:[^'\\\n]|\\.)*'|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|[A-Za-z_$][\w$]*|[0-9][\w.]*|[\s\S]/g;
const WORD = /^[A-Za-z_$]/;

/** Where a name is given: after `var` or `function`, as a parameter, or in a `catch`. */
function declares(tokens: readonly string[], at: number): boolean {
  if (!WORD.test(tokens[at] ?? '') || KEYWORDS.has(tokens[at] ?? '')) return false;
  const before = tokens[at - 1];
  if (before === ' ' && (tokens[at - 2] === 'var' || tokens[at - 2] === 'function')) return true;
  if (before !== '(' && before !== ',') return false;
  let open = at - 1;
  while (/^[\w$,]+$/.test(tokens[open] ?? '')) open--;
  if (tokens[open] !== '(') return false;
  const head = tokens[open - 1];
  return head === 'function' || head === 'catch' || tokens[open - 3] === 'function';
}

/** A name that is neither a property, nor a key, nor a keyword. */
function isVariable(tokens: readonly string[], at: number): boolean {
  const token = tokens[at] ?? '';
  if (!WORD.test(token) || KEYWORDS.has(token) || tokens[at - 1] === '.') return false;
  return tokens[at + 1] !== ':' || !(tokens[at - 1] === '{' || tokens[at - 1] === ',');
}

function isMember(tokens: readonly string[], at: number): boolean {
  return (
    tokens[at - 1] === '.' && tokens[at - 2] === 'h' && tokens[at - 3] !== '.' && WORD.test(tokens[at] ?? '')
  );
}

/** A property or a key that is not of `h`. */
function isProperty(tokens: readonly string[], at: number): boolean {
  if (!WORD.test(tokens[at] ?? '') || isMember(tokens, at)) return false;
  return tokens[at - 1] === '.' || (!KEYWORDS.has(tokens[at] ?? '') && !isVariable(tokens, at));
}

/** A function that the page's parts give each other; what messages and browsers call by the same name is none. */
const isOwn = (name = ''): boolean => !/^on[a-z]+$/.test(name) && !SHARED.has(name);
const SHARED = new Set(
  'ask click close code connection focus jobs open options outcome password person printer progress send value'.split(
    ' ',
  ),
);

/** Names of which one place is `declared`, the most frequent first. */
function counted(
  tokens: readonly string[],
  declared: (at: number) => boolean,
  used: (at: number) => boolean,
): Map<string, number> {
  const all = new Set(tokens.filter((_, at) => declared(at)));
  const counts = new Map<string, number>([...all].map((name) => [name, 0]));
  for (const [at, token] of tokens.entries()) {
    if (all.has(token) && used(at)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** One or two letters for each, none of them taken, none a keyword. */
function named(names: readonly string[], taken: ReadonlySet<string>): Map<string, string> {
  const short = [...LETTERS, ...[...LETTERS].flatMap((one) => [...LETTERS].map((other) => one + other))];
  const free = short.filter((name) => !taken.has(name) && !KEYWORDS.has(name));
  return new Map(names.map((name, index) => [name, free[index] ?? name]));
}

/** Of ES5, and what must never be taken for a name. */
const KEYWORDS = new Set(
  (
    'break case catch continue debugger default delete do else finally for function if in instanceof new return switch ' +
    'this throw try typeof var void while with null true false undefined'
  ).split(' '),
);

/** A string or a regular expression as it is; white space; one character of all else. */
const PART =
  /('(?:[^'\\\n]|\\.)*'|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/)|(\s+)|([\s\S])/g;

function joins(left: string, right: string): boolean {
  if (/[\w$]/.test(left)) return /[\w$]/.test(right);
  return left === right && (left === '+' || left === '-');
}

/**
 * Numbers for those texts that a script asks for by their whole name and in no other way, and the script with these.
 */
export function shortTexts(
  script: string,
  keys: readonly string[],
): { readonly script: string; readonly names: ReadonlyMap<string, string> } {
  const count = (part: string) => script.split(part).length - 1;
  const asked = keys.filter((key) => count(`'${key}'`) > 0 && count(`'${key}'`) === count(`h.say('${key}'`));
  const names = new Map(asked.map((key, index) => [key, String(index)]));
  return {
    script: script.replace(/(h\.say\()'([a-z-]+)'/g, (all, say, key) =>
      names.has(key) ? `${say}${names.get(key)}` : all,
    ),
    names,
  };
}

/** What people need to read the page's sources and browsers do not: comments and indentation. */

/** For our own style sheets: no string in them holds a comment, a brace or two spaces. */
export function compactCss(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/([a-z]): /g, '$1:')
    .trim();
}

/**
 * For our own scripts, in which a comment has lines of its own, every statement ends with a semicolon, and a regular
 * expression comes after an operator or a bracket.
 */
export function compactScript(script: string): string {
  const code = script
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
  return result.trim();
}

/** A string or a regular expression as it is; white space; one character of all else. */
const PART =
  /('(?:[^'\\\n]|\\.)*'|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/)|(\s+)|([\s\S])/g;

function joins(left: string, right: string): boolean {
  if (/[\w$]/.test(left)) return /[\w$]/.test(right);
  return left === right && (left === '+' || left === '-');
}

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

/** For our own scripts, in which a comment has lines of its own and no string or expression goes over lines. */
export function compactScript(script: string): string {
  return script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n')
    .replace(/^\/\*\*[\s\S]*?\*\/\n/gm, '');
}

/** The pages' colour: their style sheets are written in one, and served in that of the configuration. */

/** In which the style sheets are written: of buttons, and the darker one of the bar at the top. */
export const OWN_COLOR = '#00596b';
const OWN_DARK = '#003d4a';
/** How much of a colour the bar keeps. */
const DARKER = 0.69;

/** @param color `#rrggbb`, on which white can be read; so it can on the darker one. */
export function colored(css: string, color = OWN_COLOR): string {
  if (color === OWN_COLOR || !/^#[0-9a-f]{6}$/.test(color)) return css;
  const parts = [1, 3, 5].map((at) => Math.round(Number.parseInt(color.slice(at, at + 2), 16) * DARKER));
  const dark = `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  return css.replaceAll(OWN_COLOR, color).replaceAll(OWN_DARK, dark);
}

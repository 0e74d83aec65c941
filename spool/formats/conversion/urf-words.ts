/** Words of `urf-supported`: `RS300-600`, `DM1` … (Apple Raster is described in CUPS and in printers' answers only.) */

/** Dots per inch; none where it does not tell. */
export function urfResolutions(words: readonly string[]): number[] {
  const list = words.find((word) => /^RS\d/.test(word)) ?? 'RS';
  return list
    .slice(2)
    .split('-')
    .map(Number)
    .filter((density) => Number.isInteger(density) && density >= 72 && density <= 2400);
}

const BACKS = { DM1: 'normal', DM2: 'flipped', DM3: 'rotated', DM4: 'manual-tumble' } as const;

/** How the backs of sheets are drawn for it. */
export function sheetBackOfUrf(words: readonly string[]): (typeof BACKS)[keyof typeof BACKS] {
  const found = Object.entries(BACKS).find(([word]) => words.includes(word));
  return found?.[1] ?? 'normal';
}

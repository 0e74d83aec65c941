/** What keys type under the keyboard layouts that readers are set to; the keys by their HID usage (HUT 1.5, §10). */

export const LAYOUTS = ['us', 'de', 'fr'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Keys in the order of their usages, from that of the first; a space stands for a key that types nothing here. */
interface Row {
  readonly from: number;
  readonly plain: string;
  readonly shifted: string;
}

const LETTERS = 0x04;
const DIGITS = 0x1e;
const SIGNS = 0x2d;
const KEYPAD = 0x54;

const KEYPAD_ROW: Row = { from: KEYPAD, plain: '/*-+ 1234567890.', shifted: '/*-+            ' };

const ROWS: Readonly<Record<Layout, readonly Row[]>> = {
  us: [
    { from: LETTERS, plain: 'abcdefghijklmnopqrstuvwxyz', shifted: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
    { from: DIGITS, plain: '1234567890', shifted: '!@#$%^&*()' },
    { from: SIGNS, plain: "-=[]\\ ;'`,./", shifted: '_+{}| :"~<>?' },
  ],
  de: [
    { from: LETTERS, plain: 'abcdefghijklmnopqrstuvwxzy', shifted: 'ABCDEFGHIJKLMNOPQRSTUVWXZY' },
    { from: DIGITS, plain: '1234567890', shifted: '!" $%&/()=' },
    { from: SIGNS, plain: '   +##  ^,.-', shifted: "?  *''   ;:_" },
  ],
  fr: [
    { from: LETTERS, plain: 'qbcdefghijkl,noparstuvzxyw', shifted: 'QBCDEFGHIJKL?NOPARSTUVZXYW' },
    { from: DIGITS, plain: '& "\'(- _  ', shifted: '1234567890' },
    { from: SIGNS, plain: ')=^$**m  ;:!', shifted: ' +    M% ./ ' },
  ],
};

const KEYS: Readonly<Record<Layout, ReadonlyMap<number, readonly [string, string]>>> = {
  us: keysOf(ROWS.us),
  de: keysOf(ROWS.de),
  fr: keysOf(ROWS.fr),
};

function keysOf(rows: readonly Row[]): Map<number, readonly [string, string]> {
  return new Map(
    [...rows, KEYPAD_ROW].flatMap(({ from, plain, shifted }) =>
      [...plain].map((key, index): [number, [string, string]] => [
        from + index,
        [key.trim(), (shifted[index] ?? '').trim()],
      ]),
    ),
  );
}

const SPACE = 0x2c;

/** Empty for a key that types nothing. */
export function typedBy(usage: number, shift: boolean, layout: Layout): string {
  if (usage === SPACE) return ' ';
  return KEYS[layout].get(usage)?.[shift ? 1 : 0] ?? '';
}

/** Compares the page's script as it is written with the same compacted: the trees are equal but for names. */
import { parse } from 'acorn';

type Fields = Readonly<Record<string, unknown>>;

/** Kinds of names, each with a name space of its own: variables, what hangs on `h`, other properties. */
export type Renamed = Readonly<Record<'variable' | 'member' | 'property', ReadonlyMap<string, string>>>;

/** @throws Error where they differ, or where two names became one or one became two. */
export function compareScripts(written: string, compacted: string): Renamed {
  const renamed = { variable: new OneToOne(), member: new OneToOne(), property: new OneToOne() };
  const walk = (a: unknown, b: unknown, kind: keyof Renamed, at: string): void => {
    if (typeof a !== 'object' || a === null || a instanceof RegExp) {
      if (String(a) !== String(b)) throw new Error(`${at}: ${String(a)} became ${String(b)}`);
      return;
    }
    const [one, other] = [a as Fields, b as Fields];
    if (one['type'] === 'Identifier') return renamed[kind].add(String(one['name']), String(other['name']));
    const keys = Object.keys(one).filter((key) => !['start', 'end', 'raw'].includes(key));
    if (keys.length !== Object.keys(other).filter((key) => keys.includes(key)).length) throw new Error(at);
    if (Array.isArray(a) && a.length !== (b as unknown[]).length) throw new Error(at);
    const ofPage = (one['object'] as Fields | undefined)?.['name'] === 'h';
    for (const key of keys) {
      const isProperty =
        (key === 'property' && one['computed'] === false) || (key === 'key' && one['type'] === 'Property');
      const inner = isProperty ? (ofPage ? 'member' : 'property') : 'variable';
      walk(one[key], other[key], inner, `${at}.${key}`);
    }
  };
  // As compacting does: one "use strict" for all, and a short name for what the parts share.
  const prepared = `'use strict';var H;${written
    .replaceAll("'use strict';", '')
    .replaceAll('(window.holdfast)', '(H)')
    .replace('(window.holdfast = {})', '(H = {})')}`;
  const read = (script: string) => parse(script, { ecmaVersion: 5 });
  walk(read(prepared), read(compacted), 'variable', '');
  return { variable: renamed.variable.names, member: renamed.member.names, property: renamed.property.names };
}

class OneToOne {
  readonly names = new Map<string, string>();
  readonly #back = new Map<string, string>();

  add(name: string, to: string): void {
    if ((this.names.get(name) ?? to) !== to || (this.#back.get(to) ?? name) !== name) {
      throw new Error(`${name} became ${to}, and ${this.names.get(name)}; ${to} was ${this.#back.get(to)}`);
    }
    this.names.set(name, to);
    this.#back.set(to, name);
  }
}

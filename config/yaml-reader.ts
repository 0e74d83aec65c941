/** Makes plain values of a YAML document's nodes, and finds the node that a path leads to. */
import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { type Finding, type Path, quoted } from './wording.ts';

/** A single value is the text that stands in the file, whatever YAML would make of it; null where nothing stands. */
export type Plain = string | null | readonly Plain[] | { readonly [key: string]: Plain };

/** A key that stands twice in its group; offsets in the text. */
export interface Duplicate {
  readonly path: Path;
  readonly first: number;
  readonly second: number;
}

/** Reading ended at `offset`: the document is too large, too deep, or holds what we do not read. */
export class Unreadable extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Values of a document, those that aliases repeat counted each time. */
const MAX_VALUES = 100_000;

export class YamlReader {
  readonly duplicates: Duplicate[] = [];
  readonly #maxDepth: number;
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  #values = 0;
  /** Above 0 inside what an alias repeats: its anchors and duplicates were seen where they stand. */
  #repeating = 0;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /** @throws Unreadable */
  read(node: unknown, path: Path = []): Plain {
    if (!isNode(node)) return null;
    if (++this.#values > MAX_VALUES) {
      throw new Unreadable(startOf(node), `more than ${MAX_VALUES} values, with those that aliases repeat`);
    }
    if (path.length > this.#maxDepth) {
      throw new Unreadable(startOf(node), `nested more than ${this.#maxDepth} deep`);
    }
    if (isAlias(node)) return this.#readAlias(node, path);
    if (this.#repeating === 0 && 'anchor' in node && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
    }
    if (isMap(node)) return this.#readMap(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index]));
    return isScalar(node) ? textOf(node) : null;
  }

  /** Where the value (or the key) at the path stands; of a path that leads nowhere, the last key that is there. */
  offsetOf(root: unknown, path: Path, at: Finding['at']): number {
    let node = this.#follow(root);
    let key = 0;
    for (const part of path) {
      if (isMap(node)) {
        const pair = node.items.find((each) => isScalar(each.key) && keyOf(each.key) === part);
        if (pair === undefined) return key;
        key = startOf(pair.key);
        node = this.#follow(pair.value);
      } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
        node = this.#follow(node.items[part]);
        key = startOf(node);
      } else {
        return key;
      }
    }
    const empty = !isNode(node) || (isScalar(node) && textOf(node) === null);
    return at === 'key' || path.length === 0 || empty ? key : startOf(node);
  }

  #follow(node: unknown): unknown {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  #readAlias(alias: Alias, path: Path): Plain {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      throw new Unreadable(
        startOf(alias),
        `no anchor ${quoted(`&${alias.source}`)} stands before this alias`,
      );
    }
    this.#targets.set(alias, target);
    this.#repeating++;
    const value = this.read(target, path);
    this.#repeating--;
    return value;
  }

  #readMap(map: YAMLMap, path: Path): Plain {
    const result: Record<string, Plain> = {};
    const seen = new Map<string, number>();
    for (const pair of map.items) {
      const key = this.#readKey(pair, map);
      const value = this.read(pair.value, [...path, key]);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, startOf(pair.key));
        result[key] = value;
      } else if (this.#repeating === 0) {
        this.duplicates.push({ path: [...path, key], first, second: startOf(pair.key) });
      }
    }
    return result;
  }

  #readKey(pair: Pair, map: YAMLMap): string {
    if (!isScalar(pair.key)) throw new Unreadable(startOf(pair.key ?? map), 'a key must be a plain word');
    const key = keyOf(pair.key);
    if (key === '__proto__') throw new Unreadable(startOf(pair.key), 'no key can have this name');
    return key;
  }
}

/** The text of a single value; null where there is none (`key:`, `~`, `null`). */
function textOf(scalar: Scalar): string | null {
  if (scalar.value === null) return null;
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
}

const keyOf = (scalar: Scalar): string => textOf(scalar) ?? scalar.source ?? '';

function startOf(node: unknown): number {
  return (isNode(node) && node.range?.[0]) || 0;
}

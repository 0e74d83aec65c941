/** The page's files made small, once in a process: they do not change while it runs. */
import { Failure } from '../../base/errors.ts';
import { runOnce } from '../../base/one-shot.ts';

export interface Sources {
  readonly css: string;
  readonly plainCss: string;
  readonly script: string;
  /** Names of texts that may be shortened. */
  readonly keys: readonly string[];
}

export interface Compacted {
  readonly css: string;
  readonly plainCss: string;
  readonly script: string;
  readonly names: Readonly<Record<string, string>>;
}

let made: Promise<Compacted> | undefined;

/** @throws Failure `page-not-made` */
export function compacted(sources: Sources): Promise<Compacted> {
  made ??= make(sources);
  return made;
}

async function make(sources: Sources): Promise<Compacted> {
  const script = new URL('./make-compact.ts', import.meta.url);
  const failed = (complaint: string) =>
    new Failure('page-not-made', `the panel page could not be made: ${complaint}`);
  return JSON.parse(await runOnce(script, sources, failed));
}

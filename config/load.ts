/** Reads a configuration: everything that is wrong with it at once, in the order of its lines. */
import { messageOf } from '../base/errors.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import { readSmallFile } from '../base/files/small-files.ts';
import { formatSize, MiB } from '../base/units.ts';
import { findingsOf } from './issues.ts';
import { ConfigError, type Problem } from './problems.ts';
import { checkReferences } from './references.ts';
import { type Config, schema } from './schema.ts';
import { warningsOf } from './warnings.ts';
import { type Finding, formatPath, mustBe } from './wording.ts';
import { type Place, readYaml, type YamlContent } from './yaml-file.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** What is allowed and yet hardly meant, in the order of the lines. */
  readonly warnings: readonly Problem[];
}

/** Of the file. */
const MOST_OCTETS = MiB(1);
/** Problems whose places are looked up, and those that are told. */
const MOST_LOCATED = 1000;
const MOST_TOLD = 100;

/** @throws ConfigError */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const octets = await readSmallFile(nodeFiles, path, MOST_OCTETS).catch((cause: unknown) => {
    throw errorOfFile(path, `cannot be read: ${messageOf(cause)}`, cause);
  });
  if (octets === undefined) throw errorOfFile(path, 'cannot be read: there is no such file');
  return parseConfig(decode(octets, path), path);
}

/**
 * @param file its name, for the errors
 * @throws ConfigError
 */
export function parseConfig(text: string, file: string): LoadedConfig {
  if (text.length > MOST_OCTETS) {
    throw errorOfFile(file, mustBe('is too large', `at most ${formatSize(MOST_OCTETS)}`));
  }
  const { flaws, content } = readYaml(text.replace(/^\ufeff/, ''));
  const wrong: Located[] = flaws.map(({ message, ...rest }) => ({ ...rest, message: () => message }));
  if (content === undefined) throw new ConfigError(told(wrong, file));

  // A file with nothing in it lacks what every file needs, as one with empty groups does.
  const value = content.value ?? {};
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    wrong.push(
      ...located(
        parsed.error.issues.flatMap((issue) => findingsOf(issue)),
        content,
      ),
    );
  wrong.push(...located(checkReferences(value), content));
  if (!parsed.success || wrong.length > 0) throw new ConfigError(told(wrong, file));
  return { config: parsed.data, warnings: told(located(warningsOf(parsed.data), content), file) };
}

interface Located extends Place {
  readonly path: Finding['path'];
  message(): string;
}

function located(findings: readonly Finding[], content: YamlContent): Located[] {
  return findings
    .slice(0, MOST_LOCATED)
    .map((finding) => ({ ...finding, ...content.placeOf(finding.path, finding.at) }));
}

function told(all: readonly Located[], file: string): Problem[] {
  const sorted = all.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const problems = sorted.slice(0, MOST_TOLD).map(({ line, column, path, message }) => {
    return { file, line, column, path: formatPath(path), message: message() };
  });
  const next = sorted[MOST_TOLD];
  if (next !== undefined) {
    const message = 'and more from here on, which are told when those above are mended';
    problems.push({ file, line: next.line, column: next.column, path: '', message });
  }
  return problems;
}

function errorOfFile(file: string, message: string, cause?: unknown): ConfigError {
  return new ConfigError([{ file, line: 0, column: 0, path: '', message }], { cause });
}

function decode(octets: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch (cause) {
    const before = new TextDecoder().decode(octets).split('\ufffd', 1)[0] ?? '';
    const lines = before.split('\n');
    const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    const message = mustBe(
      'a character that is no UTF-8',
      'saved as UTF-8, the encoding of all modern editors',
    );
    throw new ConfigError([{ file, ...place, path: '', message }], { cause });
  }
}

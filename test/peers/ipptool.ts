/** CUPS's ipptool: runs a file of tests against a queue and counts what became of them. */
import { execFile } from 'node:child_process';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { programPath } from './require-peer.ts';

/** Where Debian's cups-ipp-utils puts the suites. */
const SUITES = '/usr/share/cups/ipptool';

export interface SuiteRun {
  readonly pass: number;
  readonly fail: number;
  readonly skip: number;
  /** All that ipptool wrote. */
  readonly output: string;
}

export interface SuiteOptions {
  readonly uri: string;
  /** Folder with the test files and the documents; ipptool looks for both beside the test. */
  readonly folder: string;
  /** Name of a file in the folder, without its `.test`. */
  readonly suite: string;
  /** What it speaks: 1.0 to 2.2. */
  readonly version: string;
  /** `name=value` for the tests. */
  readonly define?: readonly string[];
}

/** Debian's suites and, if there are, tests of our own, in one folder. */
export async function copySuites(folder: string, own?: string): Promise<void> {
  for (const source of own === undefined ? [SUITES] : [SUITES, own]) {
    for (const name of await readdir(source)) {
      if (name.endsWith('.test')) await cp(join(source, name), join(folder, name));
    }
  }
}

/**
 * Lines are counted: the summary is that of the last included file only, and the exit code may be 0 despite failures.
 * `-I` goes on after one.
 */
export function runSuite({ uri, folder, suite, version, define = [] }: SuiteOptions): Promise<SuiteRun> {
  const parameters = [
    ...['-t', '-I', '-V', version, '-T', '30', '-f', 'document-letter.pdf'],
    ...define.flatMap((each) => ['-d', each]),
    ...[uri, `${suite}.test`],
  ];
  return new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(programPath('ipptool'), parameters, options, (_error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      const count = (word: string) => output.split(`[${word}]`).length - 1;
      resolve({ pass: count('PASS'), fail: count('FAIL'), skip: count('SKIP'), output });
    });
  });
}

/** What failed, each with what ipptool says of it. */
export function failures({ output }: SuiteRun): string {
  const lines = output.split('\n');
  const shown = lines.filter(
    (line, index) =>
      line.includes('[FAIL]') ||
      (/^ {8}\S/.test(line) && lines.slice(0, index).some((each) => each.includes('[FAIL]'))),
  );
  return shown.slice(0, 200).join('\n');
}

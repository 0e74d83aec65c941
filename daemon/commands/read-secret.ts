/** A secret that is typed or piped in: never an argument, which every process of the machine can read. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from '../../base/errors.ts';

/** Octets from a pipe. */
const LONGEST = 4096;

/**
 * The first line of standard input; from a terminal asked for, and not shown.
 * @param again whether it is asked for twice: a slip of the keyboard in a new secret would lock somebody out.
 * @throws Failure `no-secret`
 */
export async function readSecret(prompt: string, again = true): Promise<string> {
  const secret = process.stdin.isTTY ? await askTerminal(prompt, again) : await firstLine();
  if (secret === '') throw new Failure('no-secret', 'nothing was typed; nothing was changed');
  return secret;
}

async function askTerminal(prompt: string, again: boolean): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  const given = new AbortController();
  terminal.once('SIGINT', () => given.abort());
  const ask = async (question: string) => {
    process.stderr.write(question);
    const line = await terminal.question('', { signal: given.signal });
    process.stderr.write('\n');
    return line;
  };
  try {
    const first = await ask(`${prompt}: `);
    if (again && (await ask('Once more: ')) !== first) {
      throw new Failure('no-secret', 'the two were not the same; nothing was changed');
    }
    return first;
  } catch (error) {
    if (!given.signal.aborted) throw error;
    process.stderr.write('\n');
    throw new Failure('no-secret', 'given up; nothing was changed');
  } finally {
    terminal.close();
  }
}

async function firstLine(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST) throw new Failure('no-secret', `standard input has more than ${LONGEST} octets`);
  }
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}

// DirSync where a controller does not go along.
import test from 'ava';
import { Failure } from '../../../base/errors.ts';
import type { DirectoryConnection } from '../../../identity/directory/connection.ts';
import { DirSync } from '../../../identity/directory/dir-sync.ts';

const failing = (code: string): DirectoryConnection =>
  ({ answer: () => Promise.reject(new Failure(code, 'no')) }) as unknown as DirectoryConnection;

test('a refusal, and an answer that comes to no end, mean that it is not to be had', async (t) => {
  for (const code of ['directory-error', 'directory-cut-short']) {
    t.deepEqual(await DirSync.open(failing(code), 'DC=print,DC=test', ''), { refused: 'no' });
  }
  const deaf = { answer: () => Promise.resolve([]) } as unknown as DirectoryConnection;
  t.deepEqual(await DirSync.open(deaf, 'DC=print,DC=test', ''), { refused: 'DirSync came to no end' });
});

test('silence is no refusal', async (t) => {
  const open = DirSync.open(failing('directory-unreachable'), 'DC=print,DC=test', '');
  await t.throwsAsync(open, { code: 'directory-unreachable' });
});

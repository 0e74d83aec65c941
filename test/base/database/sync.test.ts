// The row is the commit: what SQLite asks of the disk before a call is answered, as the kernel sees it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { PeerProcess } from '../../peers/process.ts';
import { peerTest, programPath } from '../../peers/require-peer.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

peerTest(test, ['strace'])('nothing is answered before its log is synced', async (t) => {
  const folder = await temporaryFolder(t);
  const trace = join(folder, 'trace');
  const script = join(import.meta.dirname, 'keep-things.ts');
  await using traced = PeerProcess.start(programPath('strace'), [
    ...['-f', '-y', '-qq', '-e', 'trace=fsync,fdatasync,write', '-o', trace],
    ...[process.execPath, script, folder],
  ]);
  t.is(await traced.exit(), 0, traced.output);
  const events = (await readFile(trace, 'utf8')).split('\n').flatMap((line) => {
    if (/(fsync|fdatasync)\([^)]*holdfast\.db-wal>/.test(line)) return ['synced'];
    return /"kept (\w+)/.exec(line)?.[1] ?? [];
  });
  for (const name of ['one', 'two', 'three']) {
    t.is(events[events.indexOf(name) - 1], 'synced', `${name} of ${events.join(' ')}`);
  }
});

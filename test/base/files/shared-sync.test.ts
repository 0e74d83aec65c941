import test from 'ava';
import { sharedSync } from '../../../base/files/shared-sync.ts';

test('calls that come while a sync runs share the next one', async (t) => {
  const syncs: PromiseWithResolvers<void>[] = [];
  const sync = sharedSync(() => {
    const each = Promise.withResolvers<void>();
    syncs.push(each);
    return each.promise;
  });
  const settled: string[] = [];
  const first = sync().then(() => settled.push('first'));
  const second = sync().then(() => settled.push('second'));
  const third = sync().then(() => settled.push('third'));
  t.is(syncs.length, 1);
  syncs[0]?.resolve();
  await first;
  t.deepEqual(settled, ['first']);
  while (syncs.length < 2) await Promise.resolve();
  syncs[1]?.resolve();
  await Promise.all([second, third]);
  t.is(syncs.length, 2);
});

test('a failed sync fails those who shared it, not those who come after', async (t) => {
  const results = [Promise.reject(new Error('I/O error')), Promise.resolve(), Promise.resolve()];
  results[0]?.catch(() => {});
  let count = 0;
  const sync = sharedSync(() => results[count++] ?? Promise.resolve());
  const first = sync();
  const second = sync();
  await t.throwsAsync(first, { message: 'I/O error' });
  await t.notThrowsAsync(second);
  await t.notThrowsAsync(sync());
});

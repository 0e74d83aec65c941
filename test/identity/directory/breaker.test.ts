// When a sync has to wait for a person.
import test from 'ava';
import { reasonsToHold } from '../../../identity/directory/breaker.ts';

const QUIET = { before: 1000, removed: 0, disabled: 0, credentialsChanged: 0 };

test('the bound is ten people, or five in a hundred where that is more', (t) => {
  t.deepEqual(reasonsToHold(QUIET), []);
  t.deepEqual(reasonsToHold({ ...QUIET, before: 0 }), []);
  t.deepEqual(reasonsToHold({ ...QUIET, before: 12, removed: 10 }), []);
  t.is(reasonsToHold({ ...QUIET, before: 12, removed: 11 }).length, 1);
  t.deepEqual(reasonsToHold({ ...QUIET, removed: 25, disabled: 25 }), []);
  t.deepEqual(reasonsToHold({ ...QUIET, removed: 26, disabled: 25 }), [
    '51 of 1000 people would be removed or disabled',
  ]);
  t.deepEqual(reasonsToHold({ ...QUIET, credentialsChanged: 50 }), []);
  t.deepEqual(reasonsToHold({ ...QUIET, credentialsChanged: 51 }), [
    'cards or codes of 51 of 1000 people would change',
  ]);
});

// Which documents are marked when the list opens, and printed by "print all".
import { createContext, runInContext } from 'node:vm';
import test from 'ava';
import { SCRIPTS } from './page-script.ts';

interface Row {
  readonly 'job-id': number;
  readonly pin?: true;
  readonly owner?: { readonly 'display-name': string };
  readonly claimable?: boolean;
}

/** Ids of what is marked at once. */
function marked(rows: readonly Row[]): number[] {
  const window = { holdfast: { wantsPin: (job: Row) => job.pin === true } };
  const context = createContext({ window });
  runInContext(SCRIPTS.get('07-documents.js') ?? '', context);
  const jobs = rows.map((row) => ({
    claimable: false,
    'job-state': 'pending-held',
    'job-state-reasons': [],
    ...row,
  }));
  const list = JSON.stringify({ offset: 0, total: jobs.length, omitted: 0, jobs });
  runInContext(`var d = window.holdfast.documents; d.marked = 'all'; d.part(${list});`, context);
  return JSON.parse(
    runInContext(`JSON.stringify(d.chosen(false).map(function (job) { return job['job-id']; }))`, context),
  );
}

const PAUL = { 'display-name': 'Paul Weber' };

test("one's own without a PIN, and nobody else's", (t) => {
  t.deepEqual(
    marked([
      { 'job-id': 4 },
      { 'job-id': 3, pin: true },
      { 'job-id': 2, owner: PAUL },
      { 'job-id': 1, claimable: true },
    ]),
    [4],
  );
});

test('where there is nothing else, those that want a PIN or are of who delegated', (t) => {
  t.deepEqual(
    marked([
      { 'job-id': 3, pin: true },
      { 'job-id': 2, owner: PAUL },
    ]),
    [3, 2],
  );
});

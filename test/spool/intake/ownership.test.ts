import test from 'ava';
import { isSender, ownerOf } from '../../../spool/intake/ownership.ts';
import type { Queue } from '../../../spool/queue.ts';
import { ADA, sampleJob } from '../sample-job.ts';

const base: Queue = {
  name: 'print',
  info: '',
  location: '',
  printers: ['mfp-1'],
  release: 'at-panel',
  claimedNames: 'trust',
  unownedJobs: 'refuse',
};

/** Policy and claim → whose job it is. */
const OWNERS: readonly [
  Queue['claimedNames'],
  Queue['unownedJobs'],
  string,
  'ada' | 'unowned' | 'refused',
][] = [
  ['trust', 'refuse', 'ada', 'ada'],
  ['trust', 'claimable', 'ada', 'ada'],
  ['trust', 'refuse', 'mobile', 'refused'],
  ['trust', 'claimable', 'mobile', 'unowned'],
  ['trust', 'refuse', '', 'refused'],
  ['trust', 'claimable', '', 'unowned'],
  ['ignore', 'refuse', 'ada', 'refused'],
  ['ignore', 'claimable', 'ada', 'unowned'],
  ['ignore', 'claimable', '', 'unowned'],
];

for (const [claimedNames, unownedJobs, claimedName, expected] of OWNERS) {
  test(`claims ${claimedNames}, unowned ${unownedJobs}, claimed "${claimedName}": ${expected}`, (t) => {
    const requester = { address: '192.0.2.7', claimedName };
    const personOf = (name: string) => (name === 'ada' ? ADA : undefined);
    const owner = ownerOf({ ...base, claimedNames, unownedJobs }, requester, personOf);
    const name = owner === undefined ? 'refused' : owner.kind === 'unowned' ? 'unowned' : 'ada';
    t.is(name, expected);
  });
}

/** Sender of the sample job: 192.0.2.7, ada. */
const SENDERS: readonly [address: string, claimedName: string, expected: boolean][] = [
  ['192.0.2.7', 'ada', true],
  ['192.0.2.8', 'ada', false],
  ['192.0.2.7', 'eve', false],
  ['192.0.2.7', 'ADA', false],
  ['192.0.2.7', '', false],
  ['', 'ada', false],
];

for (const [address, claimedName, expected] of SENDERS) {
  test(`${claimedName || 'nobody'} at ${address || 'nowhere'} is ${expected ? '' : 'not '}the sender`, (t) => {
    t.is(isSender(sampleJob(), { address, claimedName }), expected);
  });
}

test('a job that has lost its sender belongs to no address', (t) => {
  const job = sampleJob({ submitter: { address: '', claimedName: '' } });
  t.false(isSender(job, { address: '', claimedName: '' }));
});

// The whole table of DESIGN.md's "Who owns a job, and who may do what".
import test from 'ava';
import type { PersonId } from '../../../identity/person.ts';
import {
  type NamingToken,
  ownerOf,
  type Requester,
  type Rights,
  rightsOver,
} from '../../../spool/intake/ownership.ts';
import type { Job, Owner, Submitter } from '../../../spool/job.ts';
import type { Queue } from '../../../spool/queue.ts';
import { ADA, BOB, sampleJob } from '../sample-job.ts';

const QUEUE: Queue = {
  name: 'print',
  info: '',
  location: '',
  printers: ['mfp-1'],
  release: 'at-panel',
  authentication: 'optional',
  tokensWithoutTls: 'refuse',
  claimedNames: 'trust',
  unownedJobs: 'refuse',
};

const personOf = (name: string): PersonId | undefined =>
  new Map([
    ['ada', ADA],
    ['bob', BOB],
  ]).get(name);

/** A print server's that may print for Ada only. */
const SERVER: NamingToken = { id: 'server', mayName: (person) => person === ADA };
const OTHER: NamingToken = { id: 'other', mayName: () => true };

const requester = (changes: Partial<Requester>): Requester => ({
  address: '192.0.2.7',
  claimedName: '',
  operator: false,
  allowedFormats: [],
  ...changes,
});

/** Every proof there is, with every kind of claim beside it. */
const PROOFS: Readonly<Record<string, Partial<Requester>>> = {
  nothing: {},
  'being Bob': { verified: BOB, verifiedName: 'bob' },
  'a token for Ada': { token: SERVER },
  'an operator token': { operator: true },
};

/**
 * Authentication, claims and unowned jobs, in the order of the columns below. What becomes of the job: whose it is and by
 * which proof, `nobody` (taken, and belongs to nobody), `refused`, or `who?` (refused for want of proof).
 */
const POLICIES = ['optional', 'required'].flatMap((authentication) =>
  ['trust', 'ignore'].flatMap((claimedNames) =>
    ['refuse', 'claimable'].map((unownedJobs) => ({ authentication, claimedNames, unownedJobs }) as const),
  ),
) as Pick<Queue, 'authentication' | 'claimedNames' | 'unownedJobs'>[];

const OWNERS = `
proof             | claim | o/trust/refuse o/trust/claimable o/ignore/refuse o/ignore/claimable r/trust/refuse r/trust/claimable r/ignore/refuse r/ignore/claimable
nothing           | ada   | ada:claimed    ada:claimed       refused         nobody             who?           who?              who?            who?
nothing           | bob   | bob:claimed    bob:claimed       refused         nobody             who?           who?              who?            who?
nothing           | eve   | refused        nobody            refused         nobody             who?           who?              who?            who?
nothing           |       | refused        nobody            refused         nobody             who?           who?              who?            who?
being Bob         | ada   | bob:verified   bob:verified      bob:verified    bob:verified       bob:verified   bob:verified      bob:verified    bob:verified
being Bob         | bob   | bob:verified   bob:verified      bob:verified    bob:verified       bob:verified   bob:verified      bob:verified    bob:verified
being Bob         | eve   | bob:verified   bob:verified      bob:verified    bob:verified       bob:verified   bob:verified      bob:verified    bob:verified
being Bob         |       | bob:verified   bob:verified      bob:verified    bob:verified       bob:verified   bob:verified      bob:verified    bob:verified
a token for Ada   | ada   | ada:named      ada:named         ada:named       ada:named          ada:named      ada:named         ada:named       ada:named
a token for Ada   | bob   | refused        nobody            refused         nobody             refused        nobody            refused         nobody
a token for Ada   | eve   | refused        nobody            refused         nobody             refused        nobody            refused         nobody
a token for Ada   |       | refused        nobody            refused         nobody             refused        nobody            refused         nobody
an operator token | ada   | ada:claimed    ada:claimed       refused         nobody             who?           who?              who?            who?
an operator token | bob   | bob:claimed    bob:claimed       refused         nobody             who?           who?              who?            who?
an operator token | eve   | refused        nobody            refused         nobody             who?           who?              who?            who?
an operator token |       | refused        nobody            refused         nobody             who?           who?              who?            who?
`;

function shown(owner: ReturnType<typeof ownerOf>): string {
  if (owner === 'must-authenticate') return 'who?';
  if (owner === 'unowned') return 'refused';
  if (owner.kind === 'unowned') return 'nobody';
  return `${owner.person === ADA ? 'ada' : 'bob'}:${owner.proof}`;
}

for (const [row = '', claim = '', cells = ''] of rowsOf(OWNERS)) {
  test(`who owns: ${row} proved, "${claim}" claimed`, (t) => {
    const from = requester({ ...PROOFS[row], claimedName: claim });
    const found = POLICIES.map((policy) => shown(ownerOf({ ...QUEUE, ...policy }, from, personOf)));
    t.deepEqual(found, cells.split(/ +/));
  });
}

/** Every way in which a job can have come, and whose it is now. `here` and `there` are addresses. */
const JOBS: Readonly<Record<string, { owner: Owner; submitter: Submitter }>> = {
  'claimed by ada here': { owner: owned(ADA, 'claimed'), submitter: from('here', 'ada') },
  "Ada's, verified, here": {
    owner: owned(ADA, 'verified'),
    submitter: { ...from('here', 'ada'), verifiedName: 'ada' },
  },
  "Ada's, named by server": {
    owner: owned(ADA, 'named'),
    submitter: { ...from('here', 'ada'), token: 'server' },
  },
  "nobody's, from mobile here": { owner: { kind: 'unowned' }, submitter: from('here', 'mobile') },
  "nobody's, no name, here": { owner: { kind: 'unowned' }, submitter: from('here', '') },
  "nobody's, by server": {
    owner: { kind: 'unowned' },
    submitter: { ...from('here', 'mobile'), token: 'server' },
  },
  'taken by Ada, mobile here': { owner: owned(ADA, 'at-panel'), submitter: from('here', 'mobile') },
  'taken by Ada, by server': {
    owner: owned(ADA, 'at-panel'),
    submitter: { ...from('here', 'mobile'), token: 'server' },
  },
  'of no sender any more': { owner: owned(ADA, 'claimed'), submitter: { address: '', claimedName: '' } },
};

function owned(person: PersonId, proof: 'claimed' | 'verified' | 'named' | 'at-panel'): Owner {
  return { kind: 'person', person, proof };
}

function from(address: string, claimedName: string): Submitter {
  return { address, claimedName };
}

const REQUESTERS: readonly Requester[] = [
  requester({ address: 'here', claimedName: 'ada' }),
  requester({ address: 'there', claimedName: 'ada' }),
  requester({ address: 'here', claimedName: 'ADA' }),
  requester({ address: 'here', claimedName: 'mobile' }),
  requester({ address: 'there', claimedName: 'mobile' }),
  requester({ address: 'here' }),
  requester({ address: '' }),
  requester({ address: 'there', verified: ADA, verifiedName: 'ada' }),
  requester({ address: 'here', verified: BOB, verifiedName: 'bob', claimedName: 'ada' }),
  requester({ address: 'here', token: SERVER, claimedName: 'ada' }),
  requester({ address: 'here', token: SERVER, claimedName: 'mobile' }),
  requester({ address: 'here', token: OTHER, claimedName: 'ada' }),
  requester({ address: 'there', operator: true }),
];

/**
 * For each job and requester, under three policies: claims trusted, claims ignored, authentication required.
 * `*` everything, `c` cancel only, `-` nothing.
 */
const RIGHTS = `
job \\ requester           | ada   ada    ADA    mobile mobile nobody nobody is-Ada is-Bob server server  other operator
                           | here  there  here   here   there  here   ''     there  here   as-ada as-mob. as-ada there
claimed by ada here        | *--   ---    ---    ---    ---    ---    ---    ***    ---    ---    ---     ---   ccc
Ada's, verified, here      | ---   ---    ---    ---    ---    ---    ---    ***    ---    ---    ---     ---   ccc
Ada's, named by server     | ---   ---    ---    ---    ---    ---    ---    ***    ---    ***    ---     ---   ccc
nobody's, from mobile here | ---   ---    ---    **-    ---    ---    ---    ---    ---    ---    ---     ---   ccc
nobody's, no name, here    | ---   ---    ---    ---    ---    **-    ---    ---    ---    ---    ---     ---   ccc
nobody's, by server        | ---   ---    ---    ---    ---    ---    ---    ---    ---    ---    ***     ---   ccc
taken by Ada, mobile here  | ---   ---    ---    ---    ---    ---    ---    ***    ---    ---    ---     ---   ccc
taken by Ada, by server    | ---   ---    ---    ---    ---    ---    ---    ***    ---    ---    ---     ---   ccc
of no sender any more      | ---   ---    ---    ---    ---    ---    ---    ***    ---    ---    ---     ---   ccc
`;

const UNDER: readonly Queue[] = [
  { ...QUEUE, unownedJobs: 'claimable' },
  { ...QUEUE, claimedNames: 'ignore', unownedJobs: 'claimable' },
  { ...QUEUE, authentication: 'required' },
];

function mark({ list, hold, cancel, names }: Rights): string {
  if (list && hold && cancel && names) return '*';
  if (list || hold || names) return '?';
  return cancel ? 'c' : '-';
}

for (const [name = '', cells = ''] of rowsOf(RIGHTS).slice(1)) {
  test(`rights over a job ${name}`, (t) => {
    const job: Job = sampleJob(JOBS[name] ?? {});
    const found = REQUESTERS.map((each) => UNDER.map((queue) => mark(rightsOver(job, each, queue))).join(''));
    t.deepEqual(found, cells.split(/ +/));
  });
}

test('the tables have a row for every job and every proof', (t) => {
  t.deepEqual(
    rowsOf(RIGHTS)
      .slice(1)
      .map(([name]) => name),
    Object.keys(JOBS),
  );
  t.deepEqual([...new Set(rowsOf(OWNERS).map(([proof]) => proof))], Object.keys(PROOFS));
});

/** The rows below the heading, cut at the bars. */
function rowsOf(table: string): string[][] {
  const [, ...rows] = table.trim().split('\n');
  return rows.map((row) => row.split('|').map((cell) => cell.trim()));
}

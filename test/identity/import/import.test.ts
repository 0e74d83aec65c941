// What an import does, and every way in which a file can be wrong; all or nothing.
import test from 'ava';
import type { Identity } from '../../../identity/identity.ts';
import { complaints, csv, HEADER, importRight, openIdentity } from '../fixture.ts';

const EVERYBODY = csv(
  'ann@example.org,CREATE,ann,Ann Ames,1111',
  'bob@example.org,CREATE,bob,Bob Burns,2222',
  'cy@example.org,CREATE,cy,,',
);

const PANEL = { panel: 'floor-1' };

function whoHas(identity: Identity, code: string): string | undefined {
  const answer = identity.signInWithCode(code, { panel: `panel for ${code}` });
  return answer.ok ? answer.person.userName : undefined;
}

async function withEverybody() {
  const fixture = await openIdentity();
  const outcome = await fixture.identity.importPeople(EVERYBODY);
  if (!outcome.applied) throw new Error(complaints(outcome).join('\n'));
  return fixture;
}

test('creates people, who can sign in at once', async (t) => {
  const { identity } = await openIdentity();
  t.deepEqual(await importRight(t, identity, EVERYBODY), {
    created: 3,
    updated: 0,
    deleted: 0,
    unchanged: 0,
  });
  const answer = identity.signInWithCode('1111', PANEL);
  t.like(answer, {
    ok: true,
    person: { userName: 'ann', displayName: 'Ann Ames', email: 'ann@example.org' },
  });
  t.is(identity.byUserName('CY')?.displayName, 'cy', 'without a display name the user name serves');
  t.is(identity.size, 3);
});

test('columns stand in any order, with blanks, any case of letters, BOM and mixed line ends', async (t) => {
  const { identity } = await openIdentity();
  const text =
    '\u{feff} code ,Operation,SHORTNAME,email\r\n 0042 , create ," ann ",Ann@Example.ORG\r\r\n2222,CREATE,bob,b@x\n';
  t.like(await importRight(t, identity, Buffer.from(text)), { created: 2 });
  t.is(whoHas(identity, '0042'), 'ann');
  t.is(identity.byUserName('ann')?.email, 'ann@example.org');
});

test('a header alone changes nothing, and is no error', async (t) => {
  const { identity } = await openIdentity();
  t.deepEqual(await importRight(t, identity, csv()), { created: 0, updated: 0, deleted: 0, unchanged: 0 });
});

test('rows that are empty are passed over', async (t) => {
  const { identity } = await openIdentity();
  t.like(await importRight(t, identity, csv(',,,,', '', 'a@x.org,CREATE,a,,', ' ,,,,')), { created: 1 });
});

test('updates what a row gives, and leaves what is empty', async (t) => {
  const { identity } = await withEverybody();
  const before = identity.byUserName('ann');
  const report = await importRight(
    t,
    identity,
    csv(
      'ANN@example.org,UPDATE,,Ann Adams,',
      'bob@example.org,UPDATE,Robert,,2223',
      'cy@example.org,UPDATE,,cy,',
    ),
  );
  t.deepEqual(report, { created: 0, updated: 2, deleted: 0, unchanged: 1 });
  t.deepEqual(identity.byUserName('ann'), before && { ...before, displayName: 'Ann Adams' });
  t.is(whoHas(identity, '1111'), 'ann');
  t.is(whoHas(identity, '2223'), 'Robert');
  t.is(whoHas(identity, '2222'), undefined, 'a new code takes the place of the old one');
  t.is(identity.byUserName('bob'), undefined);
});

test('the same code again is no change', async (t) => {
  const { identity } = await withEverybody();
  t.like(await importRight(t, identity, csv('ann@example.org,UPDATE,ann,Ann Ames,1111')), {
    unchanged: 1,
    updated: 0,
  });
});

test('deletes people with their codes, which are free then', async (t) => {
  const { identity } = await withEverybody();
  const ann = identity.byUserName('ann');
  t.like(await importRight(t, identity, csv('ann@example.org,DELETE,,,')), { deleted: 1 });
  t.is(whoHas(identity, '1111'), undefined);
  t.is(identity.byUserName('ann'), undefined);
  t.is(ann && identity.person(ann.id), undefined);
  t.is(identity.size, 2);
  t.like(await importRight(t, identity, csv('ann@example.org,CREATE,ann,,1111')), { created: 1 });
  t.is(whoHas(identity, '1111'), 'ann');
  t.not(identity.byUserName('ann')?.id, ann?.id, 'whoever comes later is somebody else');
});

test('a file may swap codes and names, and give away what it takes, in any order', async (t) => {
  const { identity } = await withEverybody();
  await importRight(t, identity, csv('ann@example.org,UPDATE,bob,,2222', 'bob@example.org,UPDATE,ann,,1111'));
  t.is(identity.byUserName('bob')?.email, 'ann@example.org');
  t.is(whoHas(identity, '2222'), 'bob');
  await importRight(t, identity, csv('new@example.org,CREATE,ann,,1111', 'bob@example.org,DELETE,,,'));
  t.is(identity.byUserName('ann')?.email, 'new@example.org');
  t.is(whoHas(identity, '1111'), 'ann');
});

const LONG = 'x'.repeat(300);
const WRONG: { name: string; file: Buffer; problems: RegExp[] }[] = [
  { name: 'an empty file', file: Buffer.alloc(0), problems: [/^1 - the file is empty/] },
  { name: 'blank lines only', file: Buffer.from('\n\n'), problems: [/^1 - the file has no header/] },
  {
    name: 'no header',
    file: Buffer.from('ann@example.org,CREATE,ann,Ann,7777\n'),
    problems: [/^1 - the first line must name the columns: EMAIL, OPERATION, PASSWORD, .*, PIN$/],
  },
  {
    name: 'semicolons',
    file: Buffer.from('EMAIL;OPERATION;CODE\nann@example.org;CREATE;7777\n'),
    problems: [/^1 - the first line must name the columns, separated by commas/],
  },
  {
    name: 'unknown columns, and a missing one',
    file: Buffer.from('EMAIL,SHORTNMAE,7777\na,b,c\n'),
    problems: [
      /^1 - column 2 of the header is unknown \(SHORTNAME\?\); known are EMAIL, /,
      /^1 - column 3 of the header is unknown; known are/,
      /^1 OPERATION the column is missing/,
    ],
  },
  {
    name: 'a column twice',
    file: Buffer.from('EMAIL,OPERATION,CODE,code\nann@example.org,DELETE,1,1\n'),
    problems: [/^1 CODE the column is there twice/],
  },
  {
    name: 'long rows',
    file: csv('', 'b@x.org,CREATE,b,,7777,more'),
    problems: [/^3 - the row has 6 fields, the header has 5/],
  },
  {
    name: 'operations',
    file: csv('a@x.org,,a,,', 'b@x.org,REMOVE,b,,'),
    problems: [
      /^2 OPERATION is empty; allowed are CREATE, UPDATE, DELETE/,
      /^3 OPERATION is unknown; allowed/,
    ],
  },
  {
    name: 'e-mail addresses',
    file: csv(
      ',CREATE,,,',
      'a,CREATE,b,,',
      'a b@x,CREATE,c,,',
      '<a@x>,CREATE,d,,',
      'a@x@y,CREATE,e,,',
      'a@-,CREATE,f,,',
      `${LONG}@x,CREATE,g,,`,
    ),
    problems: [
      /^2 EMAIL is empty, and so is SHORTNAME/,
      ...[3, 4, 5, 6, 7, 8].map(
        (line) => new RegExp(`^${line} EMAIL is not an e-mail address; allowed is name@domain`),
      ),
    ],
  },
  {
    name: 'names',
    file: csv(`b@x.org,CREATE,${LONG},,`, 'c@x.org,CREATE,"c\nd",,', 'd@x.org,CREATE,d\u202e,"D\rE",'),
    problems: [
      /^2 SHORTNAME is too long; at most 255 octets/,
      /^3 SHORTNAME has a line break/,
      /^5 SHORTNAME has a line break or another character that cannot be seen/,
      /^5 DISPLAY_NAME has a line break/,
    ],
  },
  {
    name: 'codes',
    file: csv('a@x.org,CREATE,a,,123', 'b@x.org,CREATE,b,,12345678901234567', 'c@x.org,CREATE,c,,12a4'),
    problems: [2, 3, 4].map((line) => new RegExp(`^${line} CODE is not a code; allowed are 4 to 16 digits`)),
  },
  {
    name: 'somebody who is there, and somebody who is not',
    file: csv('ann@example.org,CREATE,ann2,,', 'no@example.org,UPDATE,no,,', 'no2@example.org,DELETE,,,'),
    problems: [
      /^2 EMAIL belongs to somebody who is there already; UPDATE changes people/,
      /^3 EMAIL belongs to nobody; UPDATE needs/,
      /^4 EMAIL belongs to nobody; DELETE needs/,
    ],
  },
  {
    name: 'one person twice',
    file: csv('ann@example.org,UPDATE,,A,', 'x@example.org,CREATE,x,,', 'Ann@Example.org,DELETE,,,'),
    problems: [/^4 EMAIL is the same as in line 2; a person may have one row in a file/],
  },
  {
    name: 'a code twice in the file',
    file: csv(
      'x@example.org,CREATE,x,,7777',
      'y@example.org,CREATE,y,,8888',
      'z@example.org,CREATE,z,, 7777 ',
    ),
    problems: [/^4 CODE is also the code of x \(line 2\); codes must differ/],
  },
  {
    name: 'a code that somebody has',
    file: csv(
      'x@example.org,CREATE,x,,1111',
      'ann@example.org,UPDATE,Anna,,',
      'cy@example.org,UPDATE,,,2222',
    ),
    problems: [
      /^2 CODE is also the code of ann; codes must differ/,
      /^4 CODE is also the code of bob; codes must differ/,
    ],
  },
  {
    name: 'a user name twice, however it is written',
    file: csv('x@example.org,CREATE,Zoe\u0308,,', 'y@example.org,CREATE,ZOË,,', 'z@example.org,CREATE,Bob,,'),
    problems: [
      /^3 SHORTNAME is also the user name of Zoë \(line 2\); user names must differ/,
      /^4 SHORTNAME is also the user name of bob; user names must differ/,
    ],
  },
  {
    name: 'everything at once, in the order of the lines',
    file: csv(
      'a@x.org,CREATE,bob,,1111',
      'b@x.org,CREATE,b,"x"y,',
      'c,CREATE,c,,1',
      'ann@example.org,CREATE,q,,',
    ),
    problems: [/^2 SHORTNAME/, /^3 - a quotation mark/],
  },
];

for (const { name, file, problems } of WRONG) {
  test(`refuses ${name}, and changes nothing`, async (t) => {
    const { identity } = await withEverybody();
    const before = await identity.list({ limit: 100 });
    const outcome = await identity.importPeople(file);
    const seen = complaints(outcome);
    t.is(seen.length, problems.length, seen.join('\n'));
    for (const [index, problem] of problems.entries()) t.regex(seen[index] ?? '', problem);
    t.deepEqual(await identity.list({ limit: 100 }), before);
    t.is(whoHas(identity, '1111'), 'ann');
    t.is(whoHas(identity, '7777'), undefined);
  });
}

test('tells a hundred problems and counts the rest', async (t) => {
  const { identity } = await openIdentity();
  const rows = Array.from({ length: 500 }, (_, index) => `p${index}@x.org,CREATE,p${index},,1`);
  const outcome = await identity.importPeople(csv(...rows));
  t.false(outcome.applied);
  t.is(complaints(outcome).length, 100);
  t.is(outcome.count, 500);
});

test('a person whose code is taken by the next row is still named by line', async (t) => {
  const { identity } = await withEverybody();
  const outcome = await identity.importPeople(
    Buffer.from(`${HEADER}\nann@example.org,UPDATE,,,3333\nx@example.org,CREATE,x,,3333\n`),
  );
  t.deepEqual(complaints(outcome), ['3 CODE is also the code of ann (line 2); codes must differ']);
});

test('one change at a time: a second import hears so, and may come again', async (t) => {
  const { identity } = await openIdentity();
  const first = identity.importPeople(EVERYBODY);
  await t.throwsAsync(identity.importPeople(EVERYBODY), { code: 'people-busy' });
  t.true((await first).applied);
  t.true((await identity.importPeople(csv('ann@example.org,DELETE,,,'))).applied);
});

test('a store that fails leaves everybody as they were', async (t) => {
  const { identity, store } = await withEverybody();
  const commit = store.commit.bind(store);
  store.commit = () => Promise.reject(new Error('disk full'));
  await t.throwsAsync(identity.importPeople(csv('ann@example.org,UPDATE,,,9999')), { message: 'disk full' });
  t.is(whoHas(identity, '1111'), 'ann');
  t.is(whoHas(identity, '9999'), undefined);
  store.commit = commit;
  t.true((await identity.importPeople(csv('ann@example.org,UPDATE,,,9999'))).applied);
  t.is(whoHas(identity, '9999'), 'ann');
});

test('nobody sees half of an import', async (t) => {
  const { identity, store } = await withEverybody();
  const rows = Array.from(
    { length: 3000 },
    (_, index) => `p${index}@x.org,CREATE,p${index},,${50_000 + index}`,
  );
  const commit = store.commit.bind(store);
  let seen: number | undefined;
  store.commit = async (change) => {
    await commit(change);
    seen = identity.size;
    t.is(whoHas(identity, '1111'), 'ann');
    t.is(whoHas(identity, '50000'), undefined);
  };
  await importRight(t, identity, csv(...rows, 'ann@example.org,DELETE,,,'));
  t.is(seen, 3, 'until the store has kept it, the old people are there');
  t.is(identity.size, 3002);
  t.is(whoHas(identity, '52999'), 'p2999');
  t.is(whoHas(identity, '1111'), undefined);
});

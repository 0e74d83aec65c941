// Lexmark's format in all its columns, and PaperCut's list: what they mean, row by row and as a whole.
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import type { Identity } from '../../../identity/identity.ts';
import { exportPeople } from '../../../identity/import/export.ts';
import type { ImportOptions } from '../../../identity/import/file.ts';
import { Turns } from '../../../identity/import/turns.ts';
import { complaints, openIdentity } from '../fixture.ts';
import { applied, draft, picture } from '../people/drafts.ts';

const LEXMARK =
  'EMAIL,OPERATION,PASSWORD,FIRST_NAME,LAST_NAME,DISPLAY_NAME,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,COST_CENTER,DEPARTMENT';
const lexmark = (...rows: string[]) => Buffer.from([LEXMARK, ...rows].join('\n'));
const extended = (...rows: string[]) => Buffer.from([`${LEXMARK},CARD,CODE,PIN`, ...rows].join('\n'));
const papercut = (...rows: string[][]) => Buffer.from(rows.map((row) => row.join('\t')).join('\r\n'));
const CARDS: ImportOptions = { format: { papercut: { primary: 'card', secondary: 'card' } } };
const PLACE = { panel: 'p' };

const profileOf = (identity: Identity, name: string) => {
  const person = identity.byUserName(name);
  return person === undefined ? undefined : identity.profile(person.id);
};
const cardOf = (identity: Identity, number: string) => {
  const answer = identity.signInWithCard({ kind: 'text', text: number }, [], { panel: `at ${number}` });
  return answer.ok ? answer.person.userName : undefined;
};

async function exported(identity: Identity): Promise<string> {
  let text = '';
  const write = async (part: string) => {
    text += part;
  };
  await exportPeople(identity, write, new Turns(systemClock), () => {});
  return text;
}

test("Lexmark's own rows: short ones, lists, attributes in apostrophes, names that follow from others", async (t) => {
  const { identity } = await openIdentity();
  const outcome = await identity.importPeople(
    lexmark(
      `JDoe@Company.com,CREATE,,John,Doe,Johnny,jdoe,"group1, Group 2","{'key1':'value1', 'it\\'s' : 'a, \\\\b'}",CC 1,Sales`,
      'jsmith@company.com,CREATE',
      'llane@company.com,CREATE,,Lois,Lane,,,"[""a,b"",""c""]","{""n"":1}"',
    ),
  );
  t.deepEqual(complaints(outcome), []);
  t.like(await profileOf(identity, 'jdoe'), {
    email: 'jdoe@company.com',
    givenName: 'John',
    familyName: 'Doe',
    displayName: 'Johnny',
    groups: ['Group 2', 'group1'],
    attributes: { key1: 'value1', "it's": 'a, \\b' },
    costCenter: 'CC 1',
    department: 'Sales',
  });
  t.like(await profileOf(identity, 'jsmith'), { displayName: 'jsmith', email: 'jsmith@company.com' });
  t.like(await profileOf(identity, 'llane'), {
    displayName: 'Lois Lane',
    groups: ['a,b', 'c'],
    attributes: { n: '1' },
  });
});

test('an update leaves what is empty; groups and attributes are taken away by empty lists', async (t) => {
  const { identity } = await openIdentity();
  await identity.importPeople(lexmark(`a@x.org,CREATE,,A,B,,a,"g,h","{'k':'v'}",C,D`));
  await identity.importPeople(lexmark('a@x.org,UPDATE,,,,,,,,,E'));
  t.like(await profileOf(identity, 'a'), { department: 'E', groups: ['g', 'h'], attributes: { k: 'v' } });
  await identity.importPeople(lexmark('a@x.org,UPDATE,,,,,,[],{},,'));
  t.like(await profileOf(identity, 'a'), { groups: [], attributes: {}, costCenter: 'C' });
});

test('cards, codes and PINs', async (t) => {
  const { identity } = await openIdentity();
  const outcome = await identity.importPeople(
    extended('a@x.org,CREATE,,,,,a,,,,,"04:A1:B2, 77","918273,5551",40926'),
  );
  t.deepEqual(complaints(outcome), []);
  t.is(cardOf(identity, '04a1b2'), 'a');
  t.is(cardOf(identity, '77'), 'a');
  t.like(await profileOf(identity, 'a'), { codes: { primary: 1, secondary: 1 }, pin: true });
  const { id } = identity.byUserName('a') ?? t.fail();
  t.true(identity.verifyPin(id, '40926', PLACE).ok);
  await identity.importPeople(extended('a@x.org,UPDATE,,,,,,,,,,88,,50926'));
  t.is(cardOf(identity, '77'), undefined, 'the cards of the file take the place of those before');
  t.is(cardOf(identity, '88'), 'a');
  t.false(identity.verifyPin(id, '40926', PLACE).ok);
  t.true(identity.verifyPin(id, '50926', PLACE).ok);
  t.like(await identity.importPeople(extended('a@x.org,UPDATE,,,,,,,,,,88,,50926')), {
    applied: true,
    report: { updated: 0, unchanged: 1 },
  });
});

test('what cannot be read is told by line and column, and never quoted', async (t) => {
  const { identity } = await openIdentity();
  const outcome = await identity.importPeople(
    extended(
      `a@x.org,CREATE,short,,,,a,"['a','b","{'k':}",,,**,12,1`,
      `b@x.org,CREATE,,,,,b,,"{""k"":{}}"`,
      'c@x.org,CREATE,,,,,c,,,,,,,"1234,5678"',
      `d@x.org,CREATE,,,,,d,,${JSON.stringify(`{"${'k'.repeat(300)}":"v"}`).replaceAll('\\"', '""')}`,
    ),
  );
  t.false(outcome.applied);
  const seen = complaints(outcome).map((each) => each.split(' ').slice(0, 2).join(' '));
  t.deepEqual(seen.sort(), [
    '2 CARD',
    '2 CODE',
    '2 CUSTOM_ATTRIBUTES',
    '2 GROUPS',
    '2 PASSWORD',
    '2 PIN',
    '3 CUSTOM_ATTRIBUTES',
    '4 PIN',
    '5 CUSTOM_ATTRIBUTES',
  ]);
  t.false(JSON.stringify(outcome).includes('short'));
});

test('row by row: what is wrong is left out, and what collides', async (t) => {
  const { identity } = await openIdentity();
  const file = extended(
    'a@x.org,CREATE,,,,,a,,,,,,918273,',
    'b@x.org,CREATE,,,,,b,,,,,,918273,',
    'c@x.org,NONSENSE,,,,,c',
    'd@x.org,CREATE,,,,,d',
    'e@x.org,CREATE,,,,,b',
  );
  t.false((await identity.importPeople(file)).applied);
  t.is(identity.size, 0);
  const outcome = await identity.importPeople(file, { perRow: true });
  t.like(outcome, { applied: true, refused: 3, report: { created: 2 } });
  t.deepEqual(
    complaints(outcome).map((each) => each.split(' ').slice(0, 2).join(' ')),
    ['3 CODE', '4 OPERATION', '6 SHORTNAME'],
  );
  t.truthy(identity.byUserName('a'));
  t.truthy(identity.byUserName('d'));
  const broken = Buffer.from(`${LEXMARK}\nf@x.org,CREATE\n"g@x.org,CREATE\n`);
  t.false((await identity.importPeople(broken, { perRow: true })).applied, 'a row may have been swallowed');
});

test('a dry run tells and changes nothing', async (t) => {
  const { identity } = await openIdentity();
  const outcome = await identity.importPeople(lexmark('a@x.org,CREATE'), { dryRun: true });
  t.like(outcome, { applied: false, previewed: true, report: { created: 1 } });
  t.is(identity.size, 0);
});

test('passwords are hashed before anything changes, and set behind it', async (t) => {
  const { identity } = await openIdentity();
  const set: string[] = [];
  const passwords = {
    hash: async (password: { reveal(): string }) => {
      t.is(identity.size, 0);
      return `#${password.reveal()}`;
    },
    setHashed: async (hashes: readonly { person: string; hash: string }[]) => {
      set.push(...hashes.map(({ person, hash }) => `${identity.person(person as never)?.userName} ${hash}`));
    },
  };
  const outcome = await identity.importPeople(lexmark('a@x.org,CREATE,=correct horse', 'b@x.org,CREATE'), {
    passwords,
  });
  t.like(outcome, { applied: true, passwords: 1 });
  t.deepEqual(set, ['a #=correct horse']);
});

test('people of a directory get cards, codes and PIN from a file, and nothing else', async (t) => {
  const { identity } = await openIdentity();
  await applied(identity, picture(draft('ann', { department: 'Sales', cards: ['11'] }), draft('bob')));
  const refused = await identity.importPeople(
    extended('ann@example.org,UPDATE,,,,,,,,,Marketing', 'bob@example.org,DELETE'),
  );
  t.deepEqual(complaints(refused), [
    '2 DEPARTMENT can only be changed in office, where they come from',
    '3 EMAIL belongs to somebody who can only be deleted in office, where they come from',
  ]);
  const file = extended('ann@example.org,UPDATE,,,,,ann,,,,Sales,22,"918273,827364",40926');
  t.like(await identity.importPeople(file), { applied: true, report: { updated: 1 } });
  t.is(cardOf(identity, '22'), 'ann');
  t.is(cardOf(identity, '11'), undefined, 'the new primary card takes the place of the old one');
  t.like(await identity.importPeople(file), { applied: true, report: { updated: 0, unchanged: 1 } });
});

test("PaperCut's list creates and changes; numbers are cards or codes as told", async (t) => {
  const { identity } = await openIdentity();
  const rows = [
    [
      'ann',
      '10.00',
      'Y',
      'Ann "A" Ames',
      'Ann@x.org',
      'Sales',
      'Nord',
      '0004711',
      '40926',
      'a note',
      '918273',
    ],
    ['bob', '', 'N', 'Bob Burns'],
  ];
  const outcome = await identity.importPeople(papercut(...rows), {
    format: { papercut: { primary: 'card', secondary: 'code' } },
  });
  t.deepEqual(complaints(outcome), []);
  t.like(await profileOf(identity, 'ann'), {
    email: 'ann@x.org',
    displayName: 'Ann "A" Ames',
    department: 'Sales',
    office: 'Nord',
    restricted: true,
    pin: true,
    cards: { primary: 1, secondary: 0 },
    codes: { primary: 1, secondary: 0 },
  });
  t.is(cardOf(identity, '4711'), 'ann');
  t.true(identity.signInWithCode('918273', PLACE).ok);
  t.like(await identity.importPeople(papercut(['BOB', '', '', 'Robert Burns']), CARDS), {
    report: { created: 0, updated: 1 },
  });
  t.like(await profileOf(identity, 'bob'), {
    displayName: 'Robert Burns',
    userName: 'bob',
    restricted: false,
  });
  const wrong = await identity.importPeople(
    papercut(['x', '', 'maybe', '', 'no address'], ['', '', 'Y']),
    CARDS,
  );
  t.deepEqual(
    complaints(wrong)
      .map((each) => each.split(' is ')[0])
      .sort(),
    ['1 Email address', '1 Restricted status', '2 Username'],
  );
  t.regex(complaints(await identity.importPeople(lexmark(), CARDS))[0] ?? '', /^1 - the file is neither/);
});

const reported = (...lines: string[]) => Buffer.from(['User list', '', ...lines, ''].join('\r\n'));

test('the CSV of PaperCut\'s report "User list" goes by the names of its columns', async (t) => {
  const { identity } = await openIdentity();
  const file = reported(
    'Username,Full Name,Email,Department,Office,Restricted,Balance,Card/Identity Number,Secondary Card/Identity Number,Notes',
    'ann,"Ames, Ann",Ann@x.org,Sales,Nord,Y,"1,000.00",0004711,918273,',
    'bob,Bob,,,,N,0.00,,,"tab\there"',
  );
  const numbers = { format: { papercut: { primary: 'card', secondary: 'code' } } } as const;
  const outcome = await identity.importPeople(file, numbers);
  t.deepEqual(complaints(outcome), []);
  t.like(outcome.report, { created: 2 });
  t.like(await profileOf(identity, 'ann'), {
    email: 'ann@x.org',
    displayName: 'Ames, Ann',
    department: 'Sales',
    office: 'Nord',
    restricted: true,
  });
  t.is(cardOf(identity, '4711'), 'ann');
  t.true(identity.signInWithCode('918273', PLACE).ok);
  t.like(await identity.importPeople(file, numbers), { report: { created: 0, updated: 0, unchanged: 2 } });
});

for (const [name, ...columns] of [
  ['of older versions', 'Username', 'Full Name', 'Email', 'Card/ID Number', 'Secondary Card/ID Number'],
  ['in another order', 'Username', 'Secondary Card Number', 'Primary Card Number', 'Full Name', 'Email'],
  ['as the batch file calls them', 'Username', 'Primary card/ID number', 'Secondary card/ID number'],
]) {
  test(`columns of PaperCut's ${name}, with commas or tabs`, async (t) => {
    for (const delimiter of [',', '\t']) {
      const { identity } = await openIdentity();
      const row = columns.map((column) =>
        column === 'Username'
          ? 'ann'
          : /secondary/i.test(column)
            ? '4712'
            : /card/i.test(column)
              ? '4711'
              : '',
      );
      const file = [columns, row].map((cells) => cells.join(delimiter)).join('\n');
      t.deepEqual(complaints(await identity.importPeople(Buffer.from(file), CARDS)), []);
      t.deepEqual([cardOf(identity, '4711'), cardOf(identity, '4712')], ['ann', 'ann']);
    }
  });
}

for (const [name, file, problem] of [
  ['a list without numbers', 'Username,Full Name\nann,Ann\n', '1 - no column has card/ID numbers'],
  [
    'a column that may be cards',
    'Username,Card Number,Old card\nann,4711,4712\n',
    '1 - it is not clear what column 3',
  ],
  [
    'two columns of one kind',
    'Username,Card Number,Card/ID\nann,4711,4712\n',
    '1 - it is not clear what column 3',
  ],
  ['lines without a header', 'User list\n\nann,Ann,4711\n', '1 - the file is neither'],
  ['a line that is not parted', 'ann\t\t\tAnn\nbob,4711\n', '2 - the row has one field only'],
  ['names alone', 'ann\nbob\n', '1 - the file is neither'],
] as const) {
  test(`nobody is made of ${name}`, async (t) => {
    const { identity } = await openIdentity();
    const outcome = await identity.importPeople(Buffer.from(file), CARDS);
    t.true(complaints(outcome)[0]?.startsWith(problem), complaints(outcome)[0]);
    t.is(identity.size, 0);
    t.false(JSON.stringify(outcome.problems).includes('471'), 'no number in the report');
  });
}

test("PaperCut's list gives people of a directory their numbers, whatever else it says of them", async (t) => {
  const { identity } = await openIdentity();
  await applied(identity, picture(draft('ann', { department: 'Sales' })));
  const row = ['ann', '3.50', 'N', 'Other Name', 'other@x.org', 'Elsewhere', '', '4711', '', '', '4712'];
  t.like(await identity.importPeople(papercut(row), CARDS), { applied: true, report: { updated: 1 } });
  t.is(cardOf(identity, '4711'), 'ann');
  t.is(cardOf(identity, '4712'), 'ann');
  t.like(await profileOf(identity, 'ann'), { department: 'Sales', displayName: 'ann' });
});

test('an export imported again changes nothing, whatever stands in it', async (t) => {
  const { identity } = await openIdentity();
  const groups = ['a,b', '[x]', "'y'", '=z', 'plain'];
  const attributes = { formula: '=1+1', quote: '"', "it's": "a'b", comma: 'a,b' };
  await applied(
    identity,
    picture(
      draft('ann', { groups, attributes, givenName: '=cmd|', familyName: "'=x" }),
      draft('bob', { email: '' }),
    ),
  );
  await identity.importPeople(
    lexmark(
      "z@x.org,CREATE,,'@formula,-1,+49 30,zed,-g",
      'shared@x.org,CREATE,,,,,one',
      ',CREATE,,,,,nobody',
      'q@x.org,CREATE,,"a ""b""",,,quote',
    ),
  );
  await identity.importPeople(lexmark('one@x.org,CREATE,,,,,two'));
  await identity.importPeople(Buffer.from('EMAIL,OPERATION,SHORTNAME\n,CREATE,ann2\n'));
  t.like(await profileOf(identity, 'zed'), { givenName: '@formula', familyName: '-1', groups: ['-g'] });
  const text = await exported(identity);
  t.true(text.startsWith(`${LEXMARK}\n`));
  for (const line of text.split('\n'))
    t.notRegex(line, /(^|,)"?[=+\-@]/, 'no cell that a spreadsheet reckons');
  const outcome = await identity.importPeople(Buffer.from(text));
  t.deepEqual(complaints(outcome), []);
  t.like(outcome, {
    applied: true,
    report: { created: 0, updated: 0, deleted: 0, unchanged: identity.size },
  });
});

test('people who share an address or a name are told apart in an export', async (t) => {
  const { identity } = await openIdentity();
  await applied(
    identity,
    picture(
      draft('ann', { email: 'desk@example.org' }),
      draft('bob', { email: 'desk@example.org' }),
      draft('cy', { email: '', domain: 'north.example.org' }),
      { ...draft('cy', { email: '', domain: 'south.example.org' }), key: { source: 'office', id: 'ff' } },
    ),
  );
  const text = await exported(identity);
  t.regex(text, /,cy@north\.example\.org,/);
  const outcome = await identity.importPeople(Buffer.from(text));
  t.deepEqual(complaints(outcome), []);
  t.like(outcome.report, { updated: 0, unchanged: 4 });
});

test('somebody kept here whose name a directory has too is told apart in an export', async (t) => {
  const { identity } = await openIdentity();
  await identity.importPeople(Buffer.from('EMAIL,OPERATION,SHORTNAME\n,CREATE,Cy\n'));
  const others = ['north', 'south'].map((domain) => ({
    ...draft('cy', { email: '', domain: `${domain}.example.org` }),
    key: { source: 'office', id: Buffer.from(domain).toString('hex') },
  }));
  await applied(identity, picture(...others));
  const text = await exported(identity);
  t.regex(text, /,\\Cy,/);
  const outcome = await identity.importPeople(Buffer.from(text));
  t.deepEqual(complaints(outcome), []);
  t.like(outcome.report, { updated: 0, unchanged: 3 });
});

test('a collision is found behind more easy codes than are listed', async (t) => {
  const { identity } = await openIdentity();
  const two = (value: number) => String(value).padStart(2, '0');
  const dates = Array.from({ length: 1100 }, (_, at) => {
    const date = `${two(1 + (at % 28))}${two(1 + (Math.floor(at / 28) % 12))}${1970 + Math.floor(at / 336)}`;
    return `p${at}@x.org,CREATE,p${at},${date}`;
  });
  const twins = ['x@x.org,CREATE,x,91827365', 'y@x.org,CREATE,y,91827365'];
  const file = Buffer.from(['EMAIL,OPERATION,SHORTNAME,CODE', ...dates, ...twins].join('\n'));
  const outcome = await identity.importPeople(file);
  t.false(outcome.applied);
  t.deepEqual(complaints(outcome), ['1103 CODE is also the code of x (line 1102); codes must differ']);
  t.is(outcome.remarks.length, 100);
});

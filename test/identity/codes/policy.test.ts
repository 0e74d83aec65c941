// Codes that are too short: refused by an import, found among those in use.
import test from 'ava';
import { codeSpace } from '../../../identity/codes/accounting.ts';
import { judge, wordsOf } from '../../../identity/codes/policy.ts';
import { complaints, csv, importRight, openIdentity } from '../fixture.ts';

/** One panel of the defaults. */
const POLICY = { guessesPerWeek: 2029, hitsAllowedPerWeek: 1, acceptRisk: false };

/** So many people with codes of that many digits, none alike. */
function people(count: number, digits: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const code = String((number * 7919 + 1) % 10 ** digits).padStart(digits, '0');
    return `p${number}@example.org,CREATE,p${number},,${code}`;
  });
}

test('the words say how often a guess hits and which length would do', (t) => {
  t.is(
    wordsOf(judge(4, 500 / codeSpace(4), POLICY), POLICY),
    'codes of 4 digits are too short for some 500 people: one guess in 18 hits, 115 a week with somebody guessing at every panel; 7 digits would do',
  );
  t.true(judge(7, 500 / 1e7, POLICY).allowed);
  t.false(judge(6, 500 / 1e6, POLICY).allowed);
  t.true(judge(4, 0, POLICY).allowed);
});

test('an import with codes that are too short is refused as a whole, and says which length would do', async (t) => {
  const { identity } = await openIdentity({ codePolicy: () => POLICY });
  const refused = await identity.importPeople(csv(...people(500, 4)));
  const [complaint = '', ...others] = complaints(refused);
  t.regex(
    complaint,
    /^1 CODE codes of 4 digits are too short for some 500 people: .* 7 digits would do; see holdfast/,
  );
  t.deepEqual(others, []);
  t.is(identity.size, 0);
  await importRight(t, identity, csv(...people(500, 7)));
  t.is(identity.size, 500);
});

test('a few people may have short codes; one too many may not, also when the others are there already', async (t) => {
  const { identity } = await openIdentity({ codePolicy: () => POLICY });
  await importRight(t, identity, csv(...people(4, 4)));
  t.false((await identity.importPeople(csv(...people(1, 4, 4)))).applied);
  await importRight(t, identity, csv(...people(1, 5, 4)));
  t.true(Math.abs((await identity.shareOfCodes(4)) - 4 / 8870) < 4e-6);
});

test('codes that people have already may stand in the file again', async (t) => {
  let acceptRisk = true;
  const { identity } = await openIdentity({ codePolicy: () => ({ ...POLICY, acceptRisk }) });
  await importRight(t, identity, csv(...people(50, 4)));
  acceptRisk = false;
  const again = people(50, 4).map((row) => row.replace('CREATE', 'UPDATE'));
  t.like(await importRight(t, identity, csv(...again)), { unchanged: 50 });
  t.false((await identity.importPeople(csv('p0@example.org,UPDATE,,,9631'))).applied);
  await importRight(t, identity, csv('p0@example.org,UPDATE,,,96317425'));
});

test('longer codes in use are found by guessing', async (t) => {
  const { identity } = await openIdentity();
  t.is(await identity.shareOfCodes(5), 0);
  await importRight(t, identity, csv(...people(3000, 6), ...people(10, 5, 3000)));
  const share = await identity.shareOfCodes(6);
  // 300 hits are expected, give or take 17.
  t.true(share > 0.002 && share < 0.004, `${share}`);
  t.is(await identity.shareOfCodes(8), 0);
});

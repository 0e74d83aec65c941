// Passwords asked of Samba: right, wrong, refused for other reasons, never more often than half of what locks out.
import test, { type ExecutionContext } from 'ava';
import type { DirectoryOptions } from '../../../identity/directory/options.ts';
import { DirectoryPasswords } from '../../../identity/directory/passwords.ts';
import { type Person, PersonId } from '../../../identity/person.ts';
import { ManualClock } from '../../manual-clock.ts';
import { peerTest } from '../../peers/require-peer.ts';
import {
  ADMINISTRATOR_PASSWORD,
  type Forest,
  ownAddress,
  provision,
  SAMBA_PROGRAMS,
} from '../../peers/samba.ts';
import { RecordingLog } from '../../recording-log.ts';
import { optionsFor, PASSWORD, readOnce, TestDomain } from './domain.ts';

const peer = peerTest(test.serial, SAMBA_PROGRAMS);

const ADDRESS = ownAddress(15);

let forest: Forest;
test.before(async () => {
  forest = await provision('print.test', [ADDRESS]);
});
test.after.always(() => forest?.[Symbol.asyncDispose]());

const person = (id: string): Person => ({ id: PersonId(id), userName: 'x', displayName: '', email: '' });

async function underTest(_: ExecutionContext, options: DirectoryOptions) {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const verifier = new DirectoryPasswords({
    directories: new Map([['office', async () => options]]),
    keyOf: async (id) => ({ source: 'office', id }),
    clock,
    log,
  });
  return { clock, log, verifier };
}

/** A fine-grained password policy. @returns its DN */
async function addPolicy(
  { admin, controller }: TestDomain,
  name: string,
  {
    appliesTo,
    threshold,
    window = '-18000000000',
  }: { readonly appliesTo: string; readonly threshold: string; readonly window?: string },
): Promise<string> {
  const dn = `CN=${name},CN=Password Settings Container,CN=System,${controller.context}`;
  await admin.add(dn, {
    objectClass: 'msDS-PasswordSettings',
    'msDS-PasswordSettingsPrecedence': '1',
    'msDS-PasswordReversibleEncryptionEnabled': 'FALSE',
    'msDS-PasswordHistoryLength': '0',
    'msDS-PasswordComplexityEnabled': 'FALSE',
    'msDS-MinimumPasswordLength': '4',
    'msDS-MinimumPasswordAge': '0',
    'msDS-MaximumPasswordAge': '-9223372036854775808',
    'msDS-LockoutThreshold': threshold,
    'msDS-LockoutObservationWindow': window,
    'msDS-LockoutDuration': window,
    'msDS-PSOAppliesTo': appliesTo,
  });
  return dn;
}

async function badCount(domain: TestDomain, dn: string): Promise<number> {
  const { searchEntries } = await domain.admin.search(dn, { scope: 'base', attributes: ['badPwdCount'] });
  return Number(searchEntries[0]?.['badPwdCount']);
}

peer('a password is right or wrong, and the log tells the administrator why', async (t) => {
  await using controller = await forest.start(ADDRESS);
  const domain = await TestDomain.prepare(controller);
  const anna = await domain.person('anna', { password: PASSWORD });
  const options = await optionsFor(forest, controller);
  const id = (await readOnce(options)).drafts.get('anna')?.key.id ?? '';
  const { verifier, log, clock } = await underTest(t, options);
  t.true(await verifier.verify(person(id), PASSWORD));
  t.false(await verifier.verify(person(id), 'wrong'));
  t.is(await verifier.verify(undefined, PASSWORD), undefined);
  t.is(await verifier.verify(person(id), ''), undefined, 'an empty password is not even asked');

  await domain.admin.modifyDN(anna, 'CN=Anna Neu');
  t.true(await verifier.verify(person(id), PASSWORD), 'by the id, whatever the entry is called');
  await domain.set(`CN=Anna Neu,${domain.people}`, 'userAccountControl', '514');
  t.false(await verifier.verify(person(id), PASSWORD));
  t.deepEqual(
    log.of('the directory refused a password').map(({ reason, subCode }) => `${reason} ${subCode}`),
    ['wrong-password 52e', 'disabled 533'],
  );
  t.false(log.text.includes(PASSWORD));
  t.is(clock.pending, 1, 'a refusal that is not of the password is forgotten');

  await controller.stop();
  await t.throwsAsync(verifier.verify(person(id), PASSWORD), { code: 'busy' });
  t.is(await verifier.verify(undefined, PASSWORD), undefined);
});

peer('wrong passwords stop at half of what locks out, wherever they come from', async (t) => {
  await using controller = await forest.start(ADDRESS);
  const domain = await TestDomain.prepare(controller);
  const anna = await domain.person('anna', { password: PASSWORD });
  await domain.set(forest.context, 'lockoutThreshold', '6');
  const options = await optionsFor(forest, controller);
  const id = (await readOnce(options)).drafts.get('anna')?.key.id ?? '';
  const { verifier, clock } = await underTest(t, options);
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, (_, at) => verifier.verify(person(id), `wrong${at}`)),
  );
  t.is(tries.filter(({ status }) => status === 'fulfilled').length, 3);
  t.is(await badCount(domain, anna), 3);
  await t.throwsAsync(verifier.verify(person(id), PASSWORD), { code: 'busy' });
  clock.advance(30 * 60_000);
  t.true(await verifier.verify(person(id), PASSWORD));
});

peer(
  'wrong passwords count here as long as they count in the domain, or in the policy of the person',
  async (t) => {
    await using controller = await forest.start(ADDRESS);
    const domain = await TestDomain.prepare(controller);
    const anna = await domain.person('anna', { password: PASSWORD });
    await domain.person('bob', { password: PASSWORD });
    await domain.set(forest.context, 'lockoutDuration', '-72000000000');
    await domain.set(forest.context, 'lockOutObservationWindow', '-72000000000');
    await domain.set(forest.context, 'lockoutThreshold', '2');
    await addPolicy(domain, 'long', { appliesTo: anna, threshold: '2', window: '-108000000000' });
    const options = await optionsFor(forest, controller, {
      bindName: `Administrator@${forest.realm}`,
      password: ADMINISTRATOR_PASSWORD,
    });
    const { drafts } = await readOnce(options);
    const { verifier, clock } = await underTest(t, options);
    const verify = (name: string, password: string) =>
      verifier.verify(person(drafts.get(name)?.key.id ?? ''), password);
    t.false(await verify('anna', 'wrong'));
    t.false(await verify('bob', 'wrong'));
    clock.advance(119 * 60_000);
    await t.throwsAsync(verify('bob', 'wrong'), { code: 'busy' });
    clock.advance(60_000);
    t.true(await verify('bob', PASSWORD));
    await t.throwsAsync(verify('anna', PASSWORD), { code: 'busy' });
    clock.advance(60 * 60_000);
    t.true(await verify('anna', PASSWORD));
  },
);

peer(
  'the policy of a person goes before that of the domain; one that cannot be read is taken for the strictest',
  async (t) => {
    await using controller = await forest.start(ADDRESS);
    const domain = await TestDomain.prepare(controller);
    const anna = await domain.person('anna', { password: PASSWORD });
    await domain.set(forest.context, 'lockoutThreshold', '12');
    const policy = await addPolicy(domain, 'strict', { appliesTo: anna, threshold: '4' });
    const service = await optionsFor(forest, controller);
    const administrator = {
      bindName: `Administrator@${forest.realm}`,
      password: ADMINISTRATOR_PASSWORD,
    };
    const id = (await readOnce(service)).drafts.get('anna')?.key.id ?? '';
    const wrongOnes = async (options: DirectoryOptions) => {
      const { verifier, log } = await underTest(t, options);
      let asked = 0;
      for (; asked < 8; asked++) {
        const answer = await verifier.verify(person(id), `wrong${asked}`).catch(() => 'busy');
        if (answer === 'busy') break;
      }
      return { asked, unread: log.of('password policy of some people cannot be read').length };
    };
    t.deepEqual(await wrongOnes({ ...service, ...administrator }), { asked: 2, unread: 0 });
    t.is(await badCount(domain, anna), 2);
    const { asked, unread } = await wrongOnes(service);
    t.deepEqual({ asked, unread }, { asked: 1, unread: 1 });
    await domain.admin.del(policy);
    t.is((await wrongOnes(service)).asked, 6, "half of the domain's");
  },
);

peer('each reason for which a right password is refused has its name in the log', async (t) => {
  await using controller = await forest.start(ADDRESS);
  const domain = await TestDomain.prepare(controller);
  const options = await optionsFor(forest, controller);
  for (const name of ['ended', 'mustchange', 'locked']) await domain.person(name, { password: PASSWORD });
  const { drafts } = await readOnce(options);
  const dn = (name: string) => `CN=${name},${domain.people}`;
  await domain.set(dn('ended'), 'accountExpires', '132223104000000000');
  await domain.set(dn('mustchange'), 'pwdLastSet', '0');
  await domain.set(forest.context, 'lockoutThreshold', '1');
  const { verifier, log } = await underTest(t, options);
  const answer = (name: string, password = PASSWORD) =>
    verifier.verify(person(drafts.get(name)?.key.id ?? ''), password);
  t.false(await answer('ended'));
  t.false(await answer('mustchange'));
  t.false(await answer('locked', 'wrong'));
  // The person has used up what is allowed from here; another gateway asks.
  const another = await underTest(t, options);
  t.false(await another.verifier.verify(person(drafts.get('locked')?.key.id ?? ''), PASSWORD));
  const told = [
    ...log.of('the directory refused a password'),
    ...another.log.of('the directory refused a password'),
  ];
  t.deepEqual(
    told.map(({ reason, subCode }) => `${reason} ${subCode}`),
    ['account-expired 701', 'password-must-change 773', 'wrong-password 52e', 'locked-out 775'],
  );
});

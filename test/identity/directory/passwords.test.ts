// Passwords asked of Samba: right, wrong, refused for other reasons, never more often than half of what locks out.
import test, { type ExecutionContext } from 'ava';
import type { DirectoryOptions } from '../../../identity/directory/options.ts';
import { DirectoryPasswords } from '../../../identity/directory/passwords.ts';
import { type Person, PersonId } from '../../../identity/person.ts';
import { ManualClock } from '../../manual-clock.ts';
import { peerTest } from '../../peers/require-peer.ts';
import { type Forest, provision, SAMBA_PROGRAMS } from '../../peers/samba.ts';
import { RecordingLog } from '../../recording-log.ts';
import { optionsFor, PASSWORD, readOnce, TestDomain } from './domain.ts';

const peer = peerTest(test.serial, SAMBA_PROGRAMS);

let forest: Forest;
test.before(async () => {
  forest = await provision('print.test', ['127.0.15.1']);
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

async function badCount(domain: TestDomain, dn: string): Promise<number> {
  const { searchEntries } = await domain.admin.search(dn, { scope: 'base', attributes: ['badPwdCount'] });
  return Number(searchEntries[0]?.['badPwdCount']);
}

peer('a password is right or wrong, and the log tells the administrator why', async (t) => {
  await using controller = await forest.start('127.0.15.1');
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
  await using controller = await forest.start('127.0.15.1');
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

// Jobs with a password: who may print them, and how often somebody may guess.
import test from 'ava';
import { Minutes } from '../../../base/units.ts';
import { encrypted } from '../../../spool/release/job-passwords.ts';
import { prints } from '../../simulators/scripted-printer.ts';
import { ADA, BOB } from '../sample-job.ts';
import { reaches, setUp } from './releasing.ts';

test('a job with a password is printed for its owner with the right one, and for nobody without', async (t) => {
  const { accept, release, jobs, passwords, clock, metrics } = setUp(t, prints);
  for (const encryption of ['none', 'sha2-256', 'shake-256'] as const) {
    const uuid = `urn:uuid:${encryption}`;
    const password = passwords.keep(uuid, encryption, encrypted(encryption, '2468'));
    t.false(JSON.stringify(password).includes('2468'));
    const { id } = await accept({ uuid, releaseAction: 'job-password', password });
    t.deepEqual(release([id], 'a'), [{ job: id, refused: 'job-password-needed' }]);
    t.deepEqual(release([id], 'b', ADA, '2469'), [{ job: id, refused: 'job-password-wrong' }]);
    t.deepEqual(release([id], 'c', BOB, '2468'), [{ job: id, refused: 'job-not-found' }]);
    t.deepEqual(release([id], 'd', ADA, '2468'), [{ job: id }]);
    await reaches(jobs, id, 'completed');
  }
  const nobody = { owner: { kind: 'unowned' }, releaseAction: 'job-password' } as const;
  const uuid = 'urn:uuid:of-nobody';
  const { id } = await accept({
    ...nobody,
    uuid,
    password: passwords.keep(uuid, 'none', Buffer.from('1357')),
  });
  t.deepEqual(release([id], 'e', BOB, '1358'), [{ job: id, refused: 'job-password-wrong' }]);
  t.is(jobs.get(id)?.owner.kind, 'unowned');
  t.deepEqual(release([id], 'f', BOB, '1357'), [{ job: id }]);
  t.like(await reaches(jobs, id, 'completed'), { owner: { person: BOB } });
  const without = await accept({ releaseAction: 'job-password' });
  t.deepEqual(release([without.id], 'g', ADA, ''), [{ job: without.id, refused: 'job-password-needed' }]);
  t.regex(await metrics.text(), /job_password_tries_total\{result="wrong"\} 4/);
  t.is(clock.pending, 0);
});

test('equal passwords of two jobs do not look alike', (t) => {
  const { passwords } = setUp(t, prints);
  const kept = ['urn:uuid:1', 'urn:uuid:2', 'urn:uuid:1'].map(
    (uuid) => passwords.keep(uuid, 'none', Buffer.from('2468')).digest,
  );
  t.not(kept[0], kept[1]);
  t.is(kept[0], kept[2]);
});

test('guessing the password of a job is made slow, for that job alone', async (t) => {
  const { accept, release, passwords, clock, jobs } = setUp(t, prints);
  const make = (uuid: string) =>
    accept({
      uuid,
      releaseAction: 'job-password',
      password: passwords.keep(uuid, 'none', Buffer.from('2468')),
    });
  const [guessed, other] = [await make('urn:uuid:1'), await make('urn:uuid:2')];
  let tries = 0;
  while (release([guessed.id], `k${tries}`, ADA, '0000')[0]?.refused === 'job-password-wrong') tries++;
  t.true(tries >= 5 && tries < 10, String(tries));
  t.deepEqual(release([guessed.id], 'right', ADA, '2468'), [
    { job: guessed.id, refused: 'job-password-throttled' },
  ]);
  t.deepEqual(release([other.id], 'other', ADA, '2468'), [{ job: other.id }]);
  clock.advance(Minutes(15));
  t.deepEqual(release([guessed.id], 'later', ADA, '2468'), [{ job: guessed.id }]);
  await reaches(jobs, guessed.id, 'completed');
});

// People by hand, through the real program: added, shown, changed and removed; secrets only where they belong.
import test from 'ava';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

const CONFIG = `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file:///nonexistent/holdfast-test" }
limits: { free-disk-floor: 1 MiB }
`;
const PIN = '90417';
const CARD = '04A1B2C3D4E5F6';

test('a guest is added with a code told once, gets card and PIN, is disabled, changed and removed', async (t) => {
  const gateway = await GatewayProcess.start(t, await temporaryFolder(t), CONFIG);
  const people = (...words: string[]) => gateway.holdfast('people', ...words);
  const added = await people(
    'add',
    'vera',
    '--display-name',
    'Vera Visitor',
    '--email',
    'Vera@Example.org',
    '--groups',
    'Guests, Print',
    '--guest',
    '--until',
    '2099-12-31',
    '--code',
    '8',
  );
  t.regex(added.stdout, /^vera added; code \d{8} \(told only now\)\n$/);
  const code = /\d{8}/.exec(added.stdout)?.[0] ?? 'none';
  t.regex((await people('add', 'VERA')).stderr, /somebody has that user name already/);
  t.regex((await people('add', 'x', '--guest')).stderr, /a guest needs --until/);
  const past = await people('add', 'x', '--guest', '--until', '2020-12-31');
  t.regex(past.stderr, /a day that is not over/);
  t.regex((await people('add', 'x', '--until', '2026-02-30')).stderr, /--until is a date/);

  t.is((await gateway.holdfastGiven(`${PIN}\n`, 'people', 'set-pin', 'vera')).stdout, 'vera: PIN set\n');
  t.is((await gateway.holdfastGiven(`${CARD}\n`, 'people', 'add-card', 'vera')).stdout, 'vera: card added\n');
  t.is((await people('add', 'bob')).code, 0);
  const taken = await gateway.holdfastGiven('04:a1:b2:c3:d4:e5:f6\n', 'people', 'add-card', 'bob');
  t.regex(taken.stderr, /somebody else has that card/);
  t.is((await people('set', 'vera', '--department', 'Lobby', '--disable')).stdout, 'vera changed\n');
  const shown = (await people('show', 'vera')).stdout;
  for (const line of [
    /^e-mail +vera@example\.org$/m,
    /^department +Lobby$/m,
    /^groups +Guests, Print$/m,
    /^may sign in +no$/m,
    /^until +2100-01-01 00:00$/m,
    /^cards +1 primary, 0 secondary$/m,
    /^codes +1 primary, 0 secondary$/m,
    /^PIN +set$/m,
  ]) {
    t.regex(shown, line);
  }
  t.is((await people('revoke-cards', 'vera')).stdout, 'vera: 1 card revoked\n');
  t.regex((await people('set', 'vera')).stderr, /nothing to change was named/);
  t.is((await people('set', 'vera', '--enable', '--until', 'never')).code, 0);
  t.regex((await people('show', 'vera')).stdout, /^may sign in +yes$/m);
  t.is((await people('remove', 'vera')).stdout, 'vera removed\n');
  t.regex((await people('show', 'vera')).stderr, /no one person has the user name "vera"/);
  for (const secret of [code, PIN, CARD]) t.false(gateway.output.includes(secret), 'in the log');
});

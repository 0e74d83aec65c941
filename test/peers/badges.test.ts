// Unknown badges that become somebody's at a panel of the real program, with the mails by a real Exim.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXIM_PROGRAMS, EXIM_USER, type Exim, startExim } from './exim.ts';
import { peerTest } from './require-peer.ts';

const exim = peerTest(test, EXIM_PROGRAMS);

const CODE = '7701230';
const [BY_CODE, BY_MAIL, OTHER] = ['04A1B2C3D4E5F6', '0455667788', '0466778899'];

const configOf = (server: Exim) => `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
panels:
  wall:
    printer: folder
    addresses: [127.0.0.1]
    sign-in: [badge, code]
    bind-cards: [by-sign-in, by-activation]
  door: { printer: folder, addresses: [127.0.0.1], sign-in: [badge] }
limits: { free-disk-floor: 1 MiB }
mail:
  host: localhost
  port: ${server.port}
  from: printing@print.test
  user: ${EXIM_USER}
  password-file: ${server.passwordFile}
  ca-file: ${server.ca}
`;

const credential = (kind: string, value: string) => ({ type: 'credential', kind, value });

/** The mail to Ada with those words, without soft line ends. */
async function mailOf(server: Exim, which: RegExp): Promise<string> {
  for (let turns = 0; turns < 400; turns++) {
    const mails = await server.received('ada@print.test');
    const found = mails.map((each) => each.replace(/=\r?\n/g, '')).find((each) => which.test(each));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no mail ${which}`);
}

exim(
  'an unknown badge becomes theirs by a code or by a mailed code, for that badge only; the person is told',
  async (t) => {
    const server = await startExim(t);
    const folder = await temporaryFolder(t);
    const gateway = await GatewayProcess.start(t, folder, configOf(server));
    const file = join(folder, 'people.csv');
    await writeFile(
      file,
      `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\nada@print.test,CREATE,ada,Ada <b>,${CODE}\n`,
    );
    await gateway.holdfast('people', 'import', file);
    await gateway.holdfast('people', 'set', 'ada', '--language', 'de');

    const door = await TestPanel.at(gateway, t, 'door');
    t.like(await door.ask(credential('badge', BY_CODE)), { code: 'card-unknown' });
    const wall = await TestPanel.at(gateway, t, 'wall');
    const swiped = async (card: string) => {
      t.like(await wall.ask(credential('badge', card)), { type: 'ok' });
      return wall.next('session');
    };
    const left = async () => {
      await wall.ask({ type: 'logout' });
      t.like(await wall.next('session'), { session: 'idle' });
    };

    const binding = await swiped(BY_CODE);
    t.is(binding.session, 'bind');
    t.deepEqual(binding.may, ['bind-by-sign-in', 'bind-by-activation']);
    t.like(await wall.ask(credential('code', '1928374')), { code: 'credential-unknown' });
    t.like(await wall.ask(credential('code', CODE)), { type: 'ok' });
    t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'Ada <b>' } });
    await left();
    t.like(await door.ask(credential('badge', BY_CODE)), { type: 'ok' }, 'it is hers everywhere');
    const told = await mailOf(server, /wurde Ihrem Namen am Bedienfeld/);
    t.regex(told, /Guten Tag Ada <b>,/);
    t.regex(told, /wall/);

    await swiped(BY_MAIL);
    for (const name of ['nobody', 'ada']) {
      t.like(await wall.ask({ type: 'request-activation', 'user-name': name }), { type: 'ok' }, name);
    }
    const mail = await mailOf(server, /jemand m/);
    const [, typed = 'none'] = /^ {4}(\d{8})\r?$/m.exec(mail) ?? [];
    t.notRegex(mail, /https?:/, 'nothing to click on');
    t.like(await wall.ask(credential('activation', '00000000')), { code: 'credential-unknown' });
    await left();
    await swiped(OTHER);
    t.like(await wall.ask(credential('activation', typed)), { code: 'credential-unknown' }, 'another badge');
    await left();
    await swiped(BY_MAIL);
    t.like(await wall.ask(credential('activation', typed)), { type: 'ok' });
    t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'Ada <b>' } });
    await left();

    await gateway.holdfast('people', 'revoke-cards', 'ada');
    t.like(await wall.ask(credential('badge', BY_MAIL)), { code: 'card-unknown' }, 'nobody gets it back');
    await gateway.logged('badge added at a panel', ({ by }) => by === 'activation');
    for (const secret of [BY_CODE, BY_MAIL, OTHER, CODE, typed])
      t.false(gateway.output.includes(secret), 'no secret in the log');
  },
);

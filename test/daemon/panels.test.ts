// Enrolling a panel with the commands of a running gateway: approved, used, renamed, kept over a restart, revoked.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { messageOf } from '../../base/errors.ts';
import { parseConfig } from '../../config/load.ts';
import { placeFor } from '../../daemon/enrolled-panels.ts';
import { LiveConfig } from '../../daemon/live-config.ts';
import { ask, askAsTerminal } from '../panel-protocol/client.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

const CONFIG = `
queues: { print: { claimed-names: trust } }
printers:
  mfp-1: { uri: "file:///nonexistent/holdfast-test" }
  mfp-2: { uri: "file:///nonexistent/holdfast-test-2" }
panels:
  hall: { printers: [mfp-1, mfp-2] }
panel-defaults: { sign-in: [code] }
`;

test('an administrator makes a device a panel, gives it another name, and takes it away again', async (t) => {
  const folder = await temporaryFolder(t);
  let gateway = await GatewayProcess.start(t, folder, CONFIG);
  const run = async (...words: string[]) => {
    const { code, stdout, stderr } = await gateway.holdfast('panels', ...words);
    return { code, told: stdout + stderr };
  };
  const { number, secret } = await askAsTerminal(gateway.web, { client: 'pi/1' });
  t.regex((await run('list')).told, new RegExp(`${number} +127\\.0\\.0\\.1 +pi/1`));
  const which = await run('approve', String(number));
  t.is(which.code, 1);
  t.regex(which.told, /asked at .* from 127\.0\.0\.1, which says that it is "pi\/1"/);
  const approved = await run(
    'approve',
    `${String(number).slice(0, 3)} ${String(number).slice(3)}`,
    '--printer',
    'mfp-2',
  );
  t.is(approved.code, 0, approved.told);
  t.regex(approved.told, /from 127\.0\.0\.1.*\nis the panel "mfp-2" now, at mfp-2\./);
  const got = await askAsTerminal(gateway.web, { secret });
  t.like(got, { state: 'approved', panel: 'mfp-2' });
  const headers = { authorization: `Bearer ${got['key']}` };
  const opens = async (name: string) => (await ask(gateway.web, `/panel/${name}`, { headers })).status;
  t.is(await opens('mfp-2'), 200);
  t.not(await opens('hall'), 200);
  t.is((await run('rename', 'mfp-2', 'ward-3')).code, 0);
  const path = JSON.parse((await run('secret-path', 'hall', '--from', '127.0.0.0/8', '--json')).told);
  t.regex(path.url, /^https:\/\/[^/]+:\d+\/p\/[a-z2-7]{32}$/);
  const secretPath = new URL(path.url).pathname;
  t.is((await ask(gateway.web, secretPath)).status, 200);

  await gateway.kill('SIGKILL');
  gateway = await GatewayProcess.start(t, folder, CONFIG);
  t.is(await opens('ward-3'), 200, 'it is still that panel');
  t.is((await ask(gateway.web, secretPath)).status, 200);
  const shown = JSON.parse((await run('show', 'ward-3', '--json')).told);
  t.like(shown, { name: 'ward-3', printers: ['mfp-2'], configured: false, 'sign-in': ['code'] });
  t.like(shown.devices[0], { kind: 'key', client: 'pi/1', from: ['127.0.0.1'] });
  const everything = (await run('list')).told + (await run('show', 'hall')).told + gateway.output;
  for (const kept of [String(got['key']), secretPath.slice(3), String(secret)]) {
    t.false(everything.includes(kept));
    t.false((await readFile(join(folder, 'state', 'holdfast.db'))).includes(kept));
  }

  const revoked = await run('revoke', 'ward-3', path.device, 'nobody');
  t.is(revoked.code, 1);
  t.regex(
    revoked.told,
    /\(panel ward-3\): revoked\n.*\(panel hall\): revoked\nnobody: no such panel or device/,
  );
  t.is(await opens('ward-3'), 403);
  t.is((await ask(gateway.web, secretPath)).status, 403);
});

test('where a device is to stand is checked against what there is', (t) => {
  const { config } = parseConfig(CONFIG, 'f');
  const ward = { name: 'ward-3', printers: ['mfp-2'], createdAt: 0 };
  const known = {
    live: new LiveConfig(config),
    registry: { panel: (name: string) => (name === 'ward-3' ? ward : undefined), panels: () => [ward] },
  };
  const place = (name: string, ...printers: string[]) => {
    try {
      return placeFor(known, { name, printers });
    } catch (error) {
      return `${messageOf(error)}`;
    }
  };
  t.deepEqual(place('', 'mfp-2'), { panel: 'mfp-2', printers: ['mfp-2'] });
  t.deepEqual(place('new', 'mfp-2', 'mfp-1'), { panel: 'new', printers: ['mfp-2', 'mfp-1'] });
  t.deepEqual(place('hall'), { panel: 'hall' });
  t.deepEqual(place('hall', 'mfp-1', 'mfp-2'), { panel: 'hall' });
  t.deepEqual(place('ward-3', 'mfp-2'), { panel: 'ward-3' });
  t.regex(String(place('', 'mfp-3')), /there is no printer "mfp-3"/);
  t.regex(String(place('', 'mfp-2', 'mfp-2')), /named twice/);
  t.regex(String(place('hall', 'mfp-2')), /the panel "hall" stands at mfp-1, mfp-2/);
  t.regex(String(place('new')), /there is no panel "new"/);
  t.regex(String(place('HALL', 'mfp-2')), /there is a panel "hall" already/);
  t.regex(String(place('../etc', 'mfp-2')), /a name is 1 to 63/);
});

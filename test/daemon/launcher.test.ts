// What the launcher sets up, whatever it is called with; and npm's own signals.
import { execFile, spawn } from 'node:child_process';
import { readFile, realpath, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { freePort } from '../peers/process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FLAGS, SETTINGS } from './gateway-process.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

test('it can be run as it is', async (t) => {
  t.is((await stat(join(ROOT, 'daemon/launcher.mjs'))).mode & 0o111, 0o111);
  const { stdout } = await run('git', ['ls-files', '-s', 'daemon/launcher.mjs'], { cwd: ROOT });
  t.regex(stdout, /^100755 /);
});

test('the unit sets up what the launcher would', async (t) => {
  const unit = await readFile(join(ROOT, 'systemd/holdfast.service'), 'utf8');
  const start = `/node ${FLAGS.join(' ')} /opt/holdfast/daemon/launcher.mjs`;
  t.true(unit.includes(start));
  t.true((await readFile(join(ROOT, 'systemd/holdfast-terminal.service'), 'utf8')).includes(start));
  for (const [name, value] of Object.entries(SETTINGS)) {
    t.true(unit.includes(`\nEnvironment=${name}=${value}\n`), name);
  }
});

for (const variables of [{}, { UV_THREADPOOL_SIZE: '3' }, { HOLDFAST_LAUNCHER: '1' }]) {
  test(`npm start with ${JSON.stringify(variables)} runs with our settings, and stops with npm`, async (t) => {
    const [ippPort, webPort] = [await freePort(), await freePort()];
    const folder = await temporaryFolder(t);
    const environment = { ...process.env };
    for (const name of Object.keys(SETTINGS)) delete environment[name];
    const flags = ['--state-directory', folder, '--ipp-port', `${ippPort}`, '--web-port', `${webPort}`];
    const npm = spawn('npm', ['start', '--', ...flags], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...environment, ...variables },
    });
    let output = '';
    npm.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const ended = new Promise((done) => npm.once('exit', done));
    t.teardown(() => npm.kill('SIGTERM') && ended);
    while (!output.includes('Ctrl-C')) {
      if (npm.exitCode !== null) return t.fail(output);
      await new Promise((wake) => setTimeout(wake, 20));
    }
    const gateway = await gatewayBelow(npm.pid ?? 0);
    t.is(await realpath(`/proc/${gateway}/exe`), await realpath(join(ROOT, 'node_modules/.bin/node')));
    const command = (await readFile(`/proc/${gateway}/cmdline`, 'utf8')).split('\0');
    for (const flag of FLAGS) t.true(command.includes(flag), flag);
    const set = (await readFile(`/proc/${gateway}/environ`, 'utf8')).split('\0');
    for (const [name, value] of Object.entries(SETTINGS)) t.true(set.includes(`${name}=${value}`), name);
    npm.kill('SIGTERM');
    await ended;
    while (await listens(webPort)) await new Promise((wake) => setTimeout(wake, 20));
    t.pass();
  });
}

/** The last in the line that runs the launcher; what it starts itself is no gateway. */
async function gatewayBelow(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
  for (const child of children.filter(Boolean).map(Number)) {
    const command = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes('launcher.mjs')) continue;
    // What a gateway starts looks like itself for a moment.
    return command.includes(FLAGS[0] ?? '') ? child : gatewayBelow(child);
  }
  return pid;
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.unref();
  });
}

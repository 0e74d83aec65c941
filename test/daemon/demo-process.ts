/** `npm start` as a process of its own, on free ports of loopback. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ExecutionContext } from 'ava';
import { freePort } from '../peers/process.ts';

const LAUNCHER = resolve(import.meta.dirname, '../../daemon/launcher.mjs');

/** @param folder the state directory; one that was used before has its state. */
export async function startDemo(t: ExecutionContext, folder: string, launcher = LAUNCHER) {
  const demo = await beginDemo(t, folder, launcher);
  const { hasSocket } = await demo.up();
  t.true(hasSocket, 'called up before commands were answered');
  return demo;
}

/** Resolves as soon as anything answers. */
export async function beginDemo(t: ExecutionContext, folder: string, launcher = LAUNCHER) {
  const [ippPort, webPort] = [await freePort(), await freePort()];
  const flags = ['--state-directory', folder, '--ipp-port', `${ippPort}`, '--web-port', `${webPort}`];
  const { UV_THREADPOOL_SIZE: _set, ...environment } = process.env;
  const child = spawn(process.execPath, [launcher, 'demo', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  t.teardown(() => child.kill('SIGTERM') && ended);
  const health = async () => {
    const response = await fetch(`http://127.0.0.1:${webPort}/health`).catch(() => undefined);
    return response && { code: response.status, ...((await response.json()) as object) };
  };
  const running = () => {
    if (child.exitCode !== null) throw new Error(output);
    return new Promise((wake) => setTimeout(wake, 5));
  };
  while ((await health()) === undefined) await running();
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  const up = async () => {
    while ((await health())?.code !== 200) await running();
    const hasSocket = existsSync(join(folder, 'control.sock'));
    while (!output.includes('Ctrl-C')) await running();
    return { hasSocket };
  };
  return { ippPort, webPort, health, output: () => output, stop, up };
}

#!/usr/bin/env node
// Starts Holdfast on the Node that was installed with it. Plain JavaScript: whatever Node runs this can read it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arch, constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Older ones do not run TypeScript as it is, or have no finished node:sqlite. */
const OLDEST = [24, 15];
/** 4 is libuv's default: a few slow disk operations would hold up all others, name look-ups too. */
const THREADS = '16';
/** MiB. Documents pass through memory in buffers that only this makes V8 let go of soon: 200 MB peak at 136 MB, not 205. */
const YOUNG_GENERATION = '--max-semi-space-size=2';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const bundled = path(`../node_modules/node-linux-${arch()}/bin/node`);

function isRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function fail(message) {
  process.stderr.write(`holdfast: ${message}\n`);
  process.exit(1);
}

/** Sockets of the service manager (sd_listen_fds(3)); the child knows by its parent's id that they are for it. */
function handedOver() {
  const { LISTEN_PID, LISTEN_FDS } = process.env;
  const count = Number(LISTEN_PID) === process.pid ? Math.min(Number(LISTEN_FDS) || 0, 64) : 0;
  return Array.from({ length: count }, (_, index) => 3 + index);
}

/**
 * Node keeps what it made of each file in this folder: with it a start takes half the time and 35 MB less, because
 * nothing has to be stripped of its types. The first start fills it.
 */
function withCompileCache(node, environment) {
  const folder = environment.NODE_COMPILE_CACHE ?? path('../node_modules/.cache/holdfast');
  const cached = { ...environment, NODE_COMPILE_CACHE: folder };
  if (!existsSync(folder))
    spawnSync(node, [path('./fill-compile-cache.ts')], { env: cached, stdio: 'ignore' });
  return cached;
}

if (process.env.UV_THREADPOOL_SIZE !== undefined && isRecentEnough(process.versions.node)) {
  // Started by itself below, or by systemd, whose unit has set up the same.
  const { main } = await import('./main.ts');
  await main();
} else {
  const node = existsSync(bundled) ? bundled : process.execPath;
  if (node === process.execPath && !isRecentEnough(process.versions.node)) {
    fail(
      `needs Node ${OLDEST.join('.')} or newer, and this is ${process.versions.node}. ` +
        `"npm ci" brings one for Linux on x64 and arm64 (not with --omit=optional); elsewhere install it yourself.`,
    );
  }
  const child = spawn(node, [YOUNG_GENERATION, path('./launcher.mjs'), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', ...handedOver()],
    env: withCompileCache(node, {
      ...process.env,
      UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? THREADS,
    }),
  });
  // A terminal sends Ctrl-C to both; other senders know only this process.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0);
  });
}

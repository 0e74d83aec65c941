#!/usr/bin/env node
// Starts Holdfast on the Node that was installed with it. Plain JavaScript: whatever Node runs this can read it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { arch, constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Older ones do not run TypeScript as it is, or have no finished node:sqlite. */
const OLDEST = [24, 15];
/**
 * For V8. Documents pass through memory in buffers that only a small young generation makes it let go of soon: 200 MB
 * through a raw port peak at 135 MB with 1 MiB, at 150 MB with 2, above 200 MB with its own default. On a busy machine the thread
 * that would free them comes late: freed at once, they take 3 MB less. One thread helps with compiling and collecting, in place of
 * four: on two processors more of them only keep the store worker from keeping a release (7 % of the time to the
 * first octet over IPP).
 */
const FLAGS = ['--max-semi-space-size=1', '--no-concurrent-array-buffer-sweeping', '--v8-pool-size=1'];
const VARIABLES = {
  /** 4 is libuv's default: a few slow disk operations would hold up all others, name look-ups too. */
  UV_THREADPOOL_SIZE: '16',
  /** For glibc: each of those threads would keep memory of its own. */
  MALLOC_ARENA_MAX: '2',
  /**
   * Octets; glibc would raise it by itself and keep what was freed: 168 MB were seen. Below the 64 KiB of a piece of a document
   * each piece is a mapping of its own, and 10 MB to a printer take twice the time.
   */
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
  /** Says whose child it is, so that nothing is started twice. */
  HOLDFAST_LAUNCHER: `${process.pid}`,
};

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const bundled = path(`../node_modules/node-linux-${arch()}/bin/node`);

/** True for what is started below, and by systemd, whose unit sets up the same. */
function isSetUp() {
  const { HOLDFAST_LAUNCHER, ...variables } = VARIABLES;
  if (process.env.HOLDFAST_LAUNCHER === `${process.ppid}`) return true;
  if (
    existsSync(bundled) ? realpathSync(bundled) !== process.execPath : !isRecentEnough(process.versions.node)
  )
    return false;
  return (
    FLAGS.every((flag) => process.execArgv.includes(flag)) &&
    Object.entries(variables).every(([name, value]) => process.env[name] === value)
  );
}

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
    spawnSync(node, [...FLAGS, path('./fill-compile-cache.ts')], { env: cached, stdio: 'ignore' });
  return cached;
}

if (isSetUp()) {
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
  const child = spawn(node, [...FLAGS, path('./launcher.mjs'), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', ...handedOver()],
    env: withCompileCache(node, { ...process.env, ...VARIABLES }),
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

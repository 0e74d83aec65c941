/** A gateway as a process: its control socket, signals and the service manager; up, reloaded, drained, cut. */
import { execFile } from 'node:child_process';
import { flushCompileCache } from 'node:module';
import { messageOf } from '../base/errors.ts';
import { runCommand } from './commands/run.ts';
import { ControlServer } from './control/server.ts';
import type { Gateway } from './gateway.ts';

/**
 * Answers commands; resolves when the gateway has stopped. The first SIGTERM or SIGINT lets what is under way end, the
 * second cuts it.
 * @param reload called at SIGHUP; must not reject
 * @throws Failure when the control socket cannot be opened; the gateway is stopped then
 */
export async function runUntilStopped(gateway: Gateway, reload: () => Promise<void>): Promise<void> {
  const { log } = gateway;
  const control = await ControlServer.open({
    path: gateway.config.gateway.controlSocket,
    run: (call) => runCommand(gateway, call),
    log,
  }).catch(async (error: unknown) => {
    await gateway.stop();
    throw error;
  });
  const stopped = Promise.withResolvers<void>();
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) {
      log.warn('cutting what is under way', { signal });
      gateway.abort();
      return;
    }
    stopping = true;
    log.info('stopping; a second signal cuts what is under way', { signal });
    notify('STOPPING=1');
    Promise.all([control.close(), gateway.stop()]).then(() => stopped.resolve(), stopped.reject);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  process.on('SIGHUP', () => {
    notify('RELOADING=1');
    void reload().then(() => notify('READY=1'));
  });
  gateway.failed.catch((error: unknown) => {
    if (stopping) return;
    log.error('the gateway cannot go on', { error: messageOf(error) });
    log.flushNow();
    process.exit(1);
  });
  log.info('holdfast is up', {
    ipp: gateway.ippAddresses.map(({ host, port }) => `${host}:${port}`),
    web: gateway.webAddresses.map(({ host, port }) => `${host}:${port}`),
  });
  notify('READY=1');
  // Node would do it at the end only; the next start is quick even if this one is killed.
  flushCompileCache();
  await stopped.promise;
  log.info('holdfast has stopped');
  await log.close();
}

/** Node has no unix datagrams, so systemd's own program tells it (systemd-notify(1)). */
function notify(state: string): void {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  execFile('systemd-notify', [state], () => {
    // A service manager that does not hear it says so itself.
  });
}

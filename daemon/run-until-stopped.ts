/** A gateway as a process: its control socket, signals and the service manager; up, reloaded, drained, cut. */
import { execFile } from 'node:child_process';
import { flushCompileCache } from 'node:module';
import { messageOf } from '../base/errors.ts';
import type { LogOutput } from '../base/log.ts';
import { runBeforeOthers } from '../base/scheduling.ts';
import { runCommand } from './commands/run.ts';
import { ControlServer } from './control/server.ts';
import type { Gateway } from './gateway.ts';

export interface Service {
  readonly log: LogOutput;
  start(): Promise<Gateway>;
  /** What has to be there before the gateway calls itself up. */
  prepare?(gateway: Gateway): Promise<void>;
  /** It is up. */
  announce?(gateway: Gateway): void;
  /** At SIGHUP; must not reject. */
  reload(gateway: Gateway): Promise<void>;
}

const ADVICE =
  'people may wait some milliseconds longer on a busy machine; LimitRTPRIO=1 in the unit lets it go first';

/**
 * Starts it and answers commands; resolves when the gateway has stopped. The first SIGTERM or SIGINT lets what is under way
 * end, the start too; the second cuts it. Until all is there, the control socket included, health says `starting`.
 * @throws Failure when it cannot start; what was begun is stopped then
 */
export async function runUntilStopped(service: Service): Promise<void> {
  const { log } = service;
  const signals = new Signals(log);
  const gateway = await service.start();
  signals.onCut = () => gateway.abort();
  gateway.failed.catch((error: unknown) => {
    if (signals.stopping) return;
    log.error('the gateway cannot go on', { error: messageOf(error) });
    log.flushNow();
    process.exit(1);
  });
  let control: ControlServer | undefined;
  try {
    control = await ControlServer.open({
      path: gateway.config.gateway.controlSocket,
      run: (call) => runCommand(gateway, call),
      log,
    });
    if (!signals.stopping) await service.prepare?.(gateway);
  } catch (error) {
    await control?.close();
    await gateway.stop();
    throw error;
  }
  if (!signals.stopping) {
    signals.onReload = () => service.reload(gateway);
    gateway.health.up();
    log.info('holdfast is up', {
      ipp: gateway.ippAddresses.map(({ host, port }) => `${host}:${port}`),
      web: gateway.webAddresses.map(({ host, port }) => `${host}:${port}`),
    });
    notify('READY=1');
    service.announce?.(gateway);
    // Not before it is up: all the work of a start would go before other programs.
    if (!(await runBeforeOthers()))
      log.info('other programs may run before the main thread', { advice: ADVICE });
    // Node would do it at the end only; the next start is quick even if this one is killed.
    flushCompileCache();
  }
  await signals.stopped;
  await Promise.all([control.close(), gateway.stop()]);
  log.info('holdfast has stopped');
  await log.close();
}

/** What the process was told from outside, from the first moment on. */
class Signals {
  readonly #log: LogOutput;
  readonly #stopped = Promise.withResolvers<void>();
  stopping = false;
  /** Before the gateway is there a second signal ends the process: nothing is under way that a start does not recover. */
  onCut: () => void = () => {
    this.#log.flushNow();
    process.exit(1);
  };
  /** Undefined as long as there is nothing to reload. */
  onReload: (() => Promise<void>) | undefined;

  constructor(log: LogOutput) {
    this.#log = log;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.#stop(signal));
    process.on('SIGHUP', () => {
      if (this.onReload === undefined) return;
      notify('RELOADING=1');
      void this.onReload().then(() => notify('READY=1'));
    });
  }

  /** Resolves at the first signal. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  #stop(signal: string): void {
    if (this.stopping) {
      this.#log.warn('cutting what is under way', { signal });
      return this.onCut();
    }
    this.stopping = true;
    this.#log.info('stopping; a second signal cuts what is under way', { signal });
    notify('STOPPING=1');
    this.#stopped.resolve();
  }
}

/** Node has no unix datagrams, so systemd's own program tells it (systemd-notify(1)). */
function notify(state: string): void {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  execFile('systemd-notify', [state], () => {
    // A service manager that does not hear it says so itself.
  });
}

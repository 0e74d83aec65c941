/** `holdfast serve`: the gateway as a service, from its configuration to its clean stop. */

import { Failure, messageOf } from '../base/errors.ts';
import { openLog } from '../base/log.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError, formatProblem, formatProblems } from '../config/problems.ts';
import { Gateway } from './gateway.ts';
import { runUntilStopped } from './run-until-stopped.ts';

const STDOUT = 1;

/** Resolves when the gateway has stopped. @throws Failure when it cannot start. */
export async function serve(file: string): Promise<void> {
  const loaded = await loadConfig(file).catch((cause: unknown) => {
    if (!(cause instanceof ConfigError)) throw cause;
    process.stderr.write(`${formatProblems(cause.problems)}\n`);
    throw new Failure('bad-config', 'the configuration cannot be used; nothing was started', { cause });
  });
  const { level, format } = loaded.config.gateway.log;
  const log = openLog({ level, format, descriptor: STDOUT });
  for (const warning of loaded.warnings) log.warn('configuration', { warning: formatProblem(warning) });
  await runUntilStopped({
    log,
    start: () => Gateway.start(loaded.config, log),
    reload: (gateway) => reload(gateway, file),
  });
}

async function reload(gateway: Gateway, file: string): Promise<void> {
  const { log } = gateway;
  try {
    const { config, warnings } = await loadConfig(file);
    for (const warning of warnings) log.warn('configuration', { warning: formatProblem(warning) });
    gateway.reload(config);
    log.info('configuration reloaded', { file });
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems.map(formatProblem) : [messageOf(error)];
    log.error('configuration not reloaded; the one before stays', { file, problems });
  }
}

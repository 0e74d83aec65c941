/** `holdfast config check FILE`: says what is wrong with a configuration; needs no running gateway. */
import { Failure } from '../../base/errors.ts';
import { loadConfig } from '../../config/load.ts';
import { ConfigError, formatProblems, type Problem } from '../../config/problems.ts';
import type { GatewayConfig } from '../../config/schema.ts';
import { missingConverters } from '../converting.ts';
import { checkGivenFiles } from '../server-certificate.ts';

/** Writes what it finds. @returns the exit code: 0 when the file can be used. */
export async function checkConfig(file: string, json: boolean): Promise<number> {
  const { problems, warnings } = await findings(file);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: problems.length === 0, problems, warnings })}\n`);
  } else {
    if (warnings.length > 0)
      process.stdout.write(`${formatProblems(warnings).replace(/^/gm, 'warning: ')}\n`);
    if (problems.length > 0) process.stderr.write(`${formatProblems(problems)}\n`);
    else process.stdout.write(`${file}: good\n`);
  }
  return problems.length === 0 ? 0 : 1;
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

async function findings(file: string): Promise<Findings> {
  try {
    const { config, warnings } = await loadConfig(file);
    const certificate = await certificateFindings(config.gateway, file);
    const converters = (await missingConverters(config.printers)).map((message) => {
      return { file, line: 0, column: 0, path: 'printers', message };
    });
    const all = [...warnings, ...certificate.warnings, ...converters];
    return { problems: certificate.problems, warnings: all };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

/** Of the files that the configuration names, which say no line. */
async function certificateFindings(gateway: GatewayConfig, file: string): Promise<Findings> {
  const told = (message: string) => ({ file, line: 0, column: 0, path: 'gateway.tls', message });
  try {
    return { problems: [], warnings: (await checkGivenFiles(gateway, Date.now())).map(told) };
  } catch (error) {
    if (error instanceof Failure) return { problems: [told(error.explanation)], warnings: [] };
    throw error;
  }
}

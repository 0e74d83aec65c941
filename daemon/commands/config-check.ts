/** `holdfast config check FILE`: says what is wrong with a configuration; needs no running gateway. */
import { loadConfig } from '../../config/load.ts';
import { ConfigError, formatProblems, type Problem } from '../../config/problems.ts';

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

async function findings(
  file: string,
): Promise<{ problems: readonly Problem[]; warnings: readonly Problem[] }> {
  try {
    return { problems: [], warnings: (await loadConfig(file)).warnings };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

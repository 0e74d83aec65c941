/** What a configuration's reader says of a text, as lines. */
import { parseConfig } from '../../config/load.ts';
import { ConfigError, formatProblem } from '../../config/problems.ts';

/** Two printers and a panel that every table builds on; ends with a line end. */
export const PRINTERS =
  'printers: {a: {uri: "ipp://10.1.2.3/ipp/print"}, b: {uri: "ipp://10.1.2.4/ipp/print"}}\n';
export const QUEUES = 'queues: {print: {claimed-names: trust}}\n';

/** Every error, or nothing when the text is right. */
export function errorsOf(text: string): string[] {
  try {
    parseConfig(text, 'f');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(formatProblem);
  }
}

export const warningsOf = (text: string): string[] => parseConfig(text, 'f').warnings.map(formatProblem);

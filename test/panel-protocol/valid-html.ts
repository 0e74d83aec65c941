/** Whether a page, as it was served, is HTML by the standard. */
import { type ConfigData, HtmlValidate } from 'html-validate';

const CONFIG: ConfigData = { root: true, extends: ['html-validate:standard'] };

/** What is wrong with it, a line each. Empty is good. */
export async function flaws(html: string): Promise<string[]> {
  const { results } = await new HtmlValidate(CONFIG).validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`),
  );
}

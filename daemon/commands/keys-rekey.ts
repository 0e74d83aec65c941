/** `holdfast keys rekey`: after a compromise, other secrets; shows first who loses what. */
import { z } from 'zod';
import type { Owed, RekeyPreview } from '../../identity/rekey/tables.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

type Result = RekeyPreview & { readonly decided: boolean };

const WORDS: Readonly<Record<Owed['kind'], string>> = {
  card: 'card',
  code: 'code',
  pin: 'PIN',
  password: 'password',
  token: 'token',
  revoked: 'had something revoked: gets no card or code of a directory, give one by hand',
};

/** People, each with what they have to be given. */
export function owedTable(owed: readonly Owed[]): string {
  const rows = owed.map(({ kind, userName, displayName, label }) => [
    userName === '' ? '-' : userName,
    displayName,
    label === '' ? WORDS[kind] : `${WORDS[kind]} "${label}"`,
  ]);
  return table(['USER', 'NAME', 'TO BE GIVEN ANEW'], rows);
}

export const keysRekey = defineCommand<{ readonly plan?: string | undefined }, Result>({
  name: 'keys rekey',
  summary: 'After a compromise: show what other keys would cost; with --plan the next start makes them',
  options: [['--plan <id>', 'what was shown, and is to be done']],
  request: ({ options }) => ({
    arguments: typeof options['plan'] === 'string' ? { plan: options['plan'] } : {},
  }),
  arguments: z.strictObject({
    plan: z
      .string()
      .regex(/^[0-9a-f]{12}$/)
      .optional(),
  }),
  async handle({ gateway: { rekey }, arguments: { plan } }) {
    if (plan !== undefined) await rekey.decide(plan);
    return { ...(await rekey.preview()), decided: plan !== undefined };
  },
  show({ plan, owed, again, due, decided }) {
    if (decided)
      return 'Restart the gateway now: it then makes the keys anew. See "holdfast keys owed" afterwards';
    return [
      `${again} cards and codes come again with the next sync, which waits for you to accept it; the rest is to be given anew:`,
      owedTable(owed),
      "The gateway's own certificate is made anew, and clients have to trust it. Held jobs stay.",
      due
        ? 'It is decided: the next start does it.'
        : `To do it: holdfast keys rekey --plan ${plan}, and restart`,
    ].join('\n');
  },
});

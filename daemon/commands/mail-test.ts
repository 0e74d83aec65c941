/** `holdfast mail test ADDRESS`: sends one mail and says what the server made of it. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { MailReport } from '../../base/mail/mailer.ts';
import { isMailAddress } from '../../base/mail/message.ts';
import { defineCommand } from './command.ts';

export const mailTest = defineCommand<{ address: string }, MailReport>({
  name: 'mail test',
  summary: 'Send a mail to see whether the mail server takes it',
  words: [['<address>', 'who gets it']],
  request: ({ words: [address = ''] }) => ({ arguments: { address } }),
  arguments: z.strictObject({
    address: z.string().refine(isMailAddress, { error: 'not an address such as name@example.org' }),
  }),
  handle: ({ gateway, arguments: { address } }) =>
    gateway.mailer.send({
      to: [address],
      subject: `${gateway.config.gateway.name}: test`,
      text: `The gateway "${gateway.config.gateway.name}" can send mail.\n`,
      id: `test.${randomUUID()}`,
    }),
  show: ({ messageId, outcomes }) =>
    outcomes
      .map(
        ({ recipient, fate, reply }) =>
          `${recipient}: ${fate}${reply === '' ? `, ${messageId}` : `: ${reply}`}`,
      )
      .join('\n'),
  exitCode: ({ outcomes }) => (outcomes.every(({ fate }) => fate === 'accepted') ? 0 : 1),
});

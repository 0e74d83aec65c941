/** `holdfast connect show [QUEUE]`: what a user does to add a queue, system by system. */
import { type Asked, asked, askedBy, connectionsAsked, ENTRANCE_OPTIONS } from '../connect/ask.ts';
import { type Connection, warningsFor } from '../connect/connection.ts';
import { type Instructions, instructionsFor } from '../connect/instructions.ts';
import { defineCommand } from './command.ts';

interface Shown extends Connection {
  readonly systems: readonly Instructions[];
}

export const connectShow = defineCommand<Asked, { queues: Shown[] }>({
  name: 'connect show',
  summary: 'Show what people have to do to print to a queue from Windows, macOS, Linux, phones and tablets',
  words: [['[queue]', 'the queue; all unless told']],
  options: ENTRANCE_OPTIONS,
  request: (typed) => askedBy(typed, typed.words[0] ?? ''),
  arguments: asked,
  handle: ({ gateway, arguments: args, upload }) => ({
    queues: connectionsAsked(gateway, args, upload).map((each) => ({
      ...each,
      systems: instructionsFor(each),
    })),
  }),
  show: ({ queues }) => [...warningsFor(queues), ...queues.map(shown)].join('\n\n\n'),
});

function shown(queue: Shown): string {
  const trust = queue['self-signed']
    ? 'Clients that ask whether to trust the certificate show this; it must be the same:'
    : 'Certificate (SHA-256):';
  const lines = [
    `${queue.queue}: "${queue.name}"`,
    '',
    `  ${queue.secure}`,
    ...(queue.plain === null ? [] : [`  ${queue.plain}   without encryption`]),
    '',
    `  ${trust}`,
    `  ${queue.fingerprint}`,
  ];
  for (const { system, steps } of queue.systems) {
    lines.push('', system);
    for (const step of steps) lines.push('text' in step ? `  ${step.text}` : `      ${step.command}`);
  }
  return lines.join('\n');
}

// The README is the specification: it names every message, field, word and bound, and its example is a true session.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { KiB, MiB } from '../../base/units.ts';
import * as bounds from '../../panel-protocol/bounds.ts';
import { clientMessage } from '../../panel-protocol/client-messages.ts';
import { END_REASONS, ERROR_CODES } from '../../panel-protocol/server-messages.ts';

const README = readFileSync(join(import.meta.dirname, '../../panel-protocol/README.md'), 'utf8');
const EXAMPLE = README.slice(README.indexOf('## A session\n'));

test('every message from a panel stands in its table with its fields', (t) => {
  for (const option of clientMessage.options) {
    const shapes = option instanceof z.ZodObject ? [option.shape] : option.options.map(({ shape }) => shape);
    const type = shapes[0]?.type.value ?? '';
    const row = new RegExp(`^\\| \`${type}\` .*$`, 'm').exec(README)?.[0] ?? '';
    t.not(row, '', type);
    for (const field of shapes.flatMap(Object.keys)) {
      if (field !== 'type' && field !== 'id') t.regex(row, new RegExp(`\`${field}\``), `${type} ${field}`);
    }
  }
});

test('every error and every end has its word', (t) => {
  for (const word of [...ERROR_CODES, ...END_REASONS]) t.true(README.includes(`\`${word}\``), word);
});

test('the bounds are those of the code', (t) => {
  t.is(bounds.MESSAGE_SIZE, KiB(16));
  t.is(bounds.UNSENT_BYTES, MiB(1));
  const written = [
    `| ${bounds.MESSAGE_RATE}/s, ${bounds.MESSAGE_BURST} at once`,
    `| ${bounds.HELLO_TIME / 1000} s `,
    `| ${bounds.CREDENTIAL_LENGTH} printable`,
    `| 1–${bounds.LISTED_JOBS}, each once`,
    `parts of ${bounds.JOBS_PER_MESSAGE}:`,
    `| ${bounds.RELEASES_PER_SESSION} in one session`,
    `| one in ${bounds.PROGRESS_INTERVAL} ms`,
    `| ${bounds.NAME_LENGTH} characters`,
    `each ${bounds.PING_INTERVAL / 1000} s`,
  ];
  for (const text of written) t.true(README.includes(text), text);
});

test('the panel’s messages of the example are of version 1', (t) => {
  const sent = [...EXAMPLE.matchAll(/^ {4}→ (.*)$/gm)].map((match) => JSON.parse(match[1] ?? ''));
  t.is(sent.length, 4);
  for (const message of sent) t.true(clientMessage.safeParse(message).success, JSON.stringify(message));
});

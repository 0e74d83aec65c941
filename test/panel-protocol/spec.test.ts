// The README is the specification: it names every message, field, word and bound, and its example is a true session.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { KiB, MiB } from '../../base/units.ts';
import * as bounds from '../../panel-protocol/bounds.ts';
import { clientMessage } from '../../panel-protocol/client-messages.ts';
import { wireSchema } from '../../panel-protocol/schema.ts';
import {
  BYE_REASONS,
  END_REASONS,
  ERROR_CODES,
  MAY,
  SERVER_MESSAGES,
  SESSION_NAMES,
  SIGN_IN_WAYS,
} from '../../panel-protocol/server-messages.ts';
import { refusalReason, troubleReason, wireJob, wirePrinter } from '../../panel-protocol/wire-schemas.ts';
import { flawOf } from './gateway.ts';

const README = readFileSync(join(import.meta.dirname, '../../panel-protocol/README.md'), 'utf8');
const TO_PANEL = README.slice(README.indexOf('## To the panel\n'), README.indexOf('## The session\n'));
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

test('every message to a panel stands in its table with its fields', (t) => {
  for (const [type, schema] of Object.entries(SERVER_MESSAGES)) {
    const row = new RegExp(`^\\| \`${type}\` .*$`, 'm').exec(TO_PANEL)?.[0] ?? '';
    t.not(row, '', type);
    const shapes = schema instanceof z.ZodObject ? [schema.shape] : schema.options.map(({ shape }) => shape);
    for (const field of shapes.flatMap((shape) => Object.keys(shape)))
      if (field !== 'type') t.regex(row, new RegExp(`\`${field}\``), `${type} ${field}`);
  }
  for (const field of [...Object.keys(wireJob.shape), ...Object.keys(wirePrinter.shape)])
    t.true(TO_PANEL.includes(`\`${field}\``), field);
});

test('every word has its meaning', (t) => {
  const words = [ERROR_CODES, END_REASONS, BYE_REASONS, SESSION_NAMES, SIGN_IN_WAYS, MAY].flat();
  for (const word of [...words, ...refusalReason.options, ...troubleReason.options])
    t.true(README.includes(`\`${word}\``), word);
});

test('the JSON Schema is what the code goes by (else: npm run reference)', (t) => {
  const kept = readFileSync(join(import.meta.dirname, '../../panel-protocol/schema.json'), 'utf8');
  t.deepEqual(JSON.parse(kept), JSON.parse(JSON.stringify(wireSchema())));
});

test('the bounds are those of the code', (t) => {
  t.is(bounds.MESSAGE_SIZE, KiB(16));
  t.is(bounds.UNSENT_BYTES, MiB(1));
  const written = [
    `| ${bounds.MESSAGE_RATE}/s, ${bounds.MESSAGE_BURST} at once`,
    `| ${bounds.HELLO_TIME / 1000} s `,
    `| ${bounds.CREDENTIAL_LENGTH} printable`,
    `| ${bounds.SWIPE_LENGTH} printable ASCII characters, ${bounds.SWIPE_BITS} bits`,
    `| ${bounds.USER_NAME_LENGTH}, ${bounds.PASSWORD_LENGTH} characters`,
    `| readers of a panel          | ${bounds.READERS} `,
    `| ${bounds.ACTIVATION_REQUESTS} asked for`,
    `| 1–${bounds.MOST_COPIES} `,
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
  t.is(sent.length, 6);
  for (const message of sent) t.true(clientMessage.safeParse(message).success, JSON.stringify(message));
});

test('what the panel is told in the example is of version 1', (t) => {
  const told = [...EXAMPLE.matchAll(/^ {4}← (\{.*(?:\n {8}.*)*)$/gm)].map((match) =>
    JSON.parse(match[1] ?? ''),
  );
  t.is(told.length, 19);
  for (const message of told) t.is(flawOf(message), undefined);
});

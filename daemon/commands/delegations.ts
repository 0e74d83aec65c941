/** `holdfast delegations add`, `delegations list`, `delegations remove`: who prints whose jobs, and until when. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import type { PersonId } from '../../identity/person.ts';
import type { Gateway } from '../gateway.ts';
import { personNamed } from '../person-named.ts';
import { defineCommand } from './command.ts';
import { endOf } from './dates.ts';
import { localTime, table } from './table.ts';

/** Delegations in one answer. */
const MOST = 10_000;

interface ListedDelegation {
  /** User name of whose jobs they are; null when they have just gone. */
  readonly from: string | null;
  /** User name of who may print them. */
  readonly to: string | null;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly created: number;
}

const user = z
  .string()
  .min(1)
  .max(2 * LONGEST_TEXT);
const words = [
  ['<from>', 'user name of whose jobs they are'],
  ['<to>', 'user name of who may print them'],
] as const;

export const delegationsAdd = defineCommand<{ from: string; to: string; until: number }, ListedDelegation>({
  name: 'delegations add',
  summary: "Let somebody print another's jobs until a day; in place of what there is between the two",
  words,
  options: [['--until <date>', 'the last day, such as 2026-12-31; at most a year away']],
  request({ words: [from = '', to = ''], options: { until } }) {
    if (typeof until !== 'string')
      throw new Failure('bad-option', '--until is missing: the last day, such as 2026-12-31');
    return { arguments: { from, to, until: endOf(until, '--until') } };
  },
  arguments: z.strictObject({ from: user, to: user, until: z.number() }),
  async handle({ gateway, arguments: { from, to, until } }) {
    const [owner, delegate] = [personNamed(gateway.identity, from), personNamed(gateway.identity, to)];
    return listed(gateway, await gateway.delegations.add(owner.id, delegate.id, until));
  },
  show: ({ from, to, until }) => `${to} may print the jobs of ${from} until ${localTime(until)}`,
});

export const delegationsList = defineCommand<
  Record<string, never>,
  { delegations: ListedDelegation[]; total: number }
>({
  name: 'delegations list',
  summary: 'List who may print whose jobs',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle({ gateway }) {
    const all = gateway.delegations.list();
    return { delegations: all.slice(-MOST).map((each) => listed(gateway, each)), total: all.length };
  },
  show({ delegations, total }) {
    if (delegations.length === 0) return 'no delegations';
    const rows = delegations.map(({ from, to, until, created }) => [
      from ?? '-',
      to ?? '-',
      localTime(until),
      localTime(created),
    ]);
    const rest = total > delegations.length ? `\n… and ${total - delegations.length} older ones` : '';
    return table(['JOBS OF', 'PRINTED BY', 'UNTIL', 'SINCE'], rows) + rest;
  },
});

export const delegationsRemove = defineCommand<{ from: string; to: string }, { from: string; to: string }>({
  name: 'delegations remove',
  summary: 'End a delegation at once',
  words,
  request: ({ words: [from = '', to = ''] }) => ({ arguments: { from, to } }),
  arguments: z.strictObject({ from: user, to: user }),
  async handle({ gateway: { identity, delegations }, arguments: { from, to } }) {
    const [owner, delegate] = [personNamed(identity, from), personNamed(identity, to)];
    if (!(await delegations.remove(owner.id, delegate.id)))
      throw new Failure('no-such-delegation', 'there is no delegation from the one to the other');
    return { from, to };
  },
  show: ({ from, to }) => `${to} may not print the jobs of ${from} any more`,
});

function listed(
  { identity }: Gateway,
  delegation: {
    readonly from: PersonId;
    readonly to: PersonId;
    readonly until: number;
    readonly createdAt: number;
  },
): ListedDelegation {
  const name = (id: PersonId) => identity.person(id)?.userName ?? null;
  const { from, to, until, createdAt } = delegation;
  return { from: name(from), to: name(to), until, created: createdAt };
}

/** `holdfast people list`: who is known, without codes. */
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

interface ListedPerson {
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  readonly email: string;
}

/** People in one answer. */
const MOST = 1000;

export const peopleList = defineCommand<Record<string, never>, { people: ListedPerson[]; total: number }>({
  name: 'people list',
  summary: 'List people',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  async handle({ gateway }) {
    const people = await gateway.identity.list({ limit: MOST });
    return { people, total: gateway.identity.size };
  },
  show({ people, total }) {
    if (people.length === 0) return 'no people; import some with "holdfast people import FILE.csv"';
    const rows = people.map((person) => [person.userName, person.displayName, person.email]);
    const rest = total > people.length ? `\n… and ${total - people.length} more` : '';
    return table(['USER', 'NAME', 'E-MAIL'], rows) + rest;
  },
});

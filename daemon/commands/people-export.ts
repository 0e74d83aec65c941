/** `holdfast people export FILE`: everybody, in the format of `people import`, without anything secret. */
import { z } from 'zod';
import { systemClock } from '../../base/clock.ts';
import { exportPeople } from '../../identity/import/export.ts';
import { Turns } from '../../identity/import/turns.ts';
import { defineCommand } from './command.ts';
import { writeForOwner } from './write-for-owner.ts';

export const peopleExport = defineCommand<Record<string, never>, { readonly people: number }>({
  name: 'people export',
  summary: 'Write everybody as CSV, in the format of "people import"; no passwords, cards, codes or PINs',
  words: [['[file]', 'where to; - for standard output, as when none is named']],
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: async ({ gateway: { identity }, onPart, onProgress }) => ({
    people: await exportPeople(identity, onPart, new Turns(systemClock), onProgress),
  }),
  show: ({ people }) => `${people} people`,
  async save({ people }, [file = '-'], parts) {
    if (file === '-') return parts.join('').trimEnd();
    await writeForOwner(file, parts.join(''));
    return `${file}: ${people} people written`;
  },
});

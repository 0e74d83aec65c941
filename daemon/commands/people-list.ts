/** `holdfast people list`: who is known, without cards and codes. */
import { z } from 'zod';
import { systemClock } from '../../base/clock.ts';
import { Turns } from '../../identity/import/turns.ts';
import { LONGEST_TEXT, type PersonProfile } from '../../identity/people/draft.ts';
import { userNameKey } from '../../identity/person.ts';
import type { Gateway } from '../gateway.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

interface ListedPerson {
  readonly id: string;
  readonly userName: string;
  /** Empty for local people. */
  readonly domain: string;
  readonly displayName: string;
  readonly email: string;
  readonly department: string;
  /** `local`, or the directory that they come from. */
  readonly source: string;
  readonly state: 'active' | 'disabled' | 'expired';
}

/** People in one answer. */
const MOST = 1000;
/** Read from the store at once. */
const PAGE = 100;

const text = z.string().max(LONGEST_TEXT).optional();
const schema = z.strictObject({
  search: text,
  domain: text,
  group: text,
  department: text,
  source: text,
  state: z.enum(['active', 'disabled', 'expired']).optional(),
});
type Filter = z.infer<typeof schema>;
const FILTERS = ['domain', 'group', 'department', 'source', 'state'] as const;

export const peopleList = defineCommand<Filter, { people: ListedPerson[]; total: number; matching: number }>({
  name: 'people list',
  summary: 'List people, all or those that the filters name',
  words: [['[text]', 'a part of the user name, name or e-mail address']],
  options: [
    ['--domain <name>', 'of that domain; "" for local people'],
    ['--group <name>', 'members of that group'],
    ['--department <name>', 'of that department'],
    ['--source <name>', 'from that directory; local for those kept here only'],
    ['--state <state>', 'active, disabled or expired'],
  ],
  request({ words: [search], options }) {
    const given = FILTERS.filter((name) => typeof options[name] === 'string');
    const filter = Object.fromEntries(given.map((name) => [name, options[name]]));
    return { arguments: { ...filter, ...(search === undefined ? {} : { search }) } as Filter };
  },
  arguments: schema,
  async handle({ gateway, arguments: filter, onProgress }) {
    const { identity } = gateway;
    const found: ListedPerson[] = [];
    const turns = new Turns(systemClock);
    let done = 0;
    for (let after: PersonProfile | undefined; ; ) {
      const page = await identity.profiles({
        limit: PAGE,
        ...(after === undefined ? {} : { after: after.id }),
      });
      await turns.forEach(page, (profile) => {
        const listed = listedOf(profile, gateway);
        if (matches(profile, listed, filter)) found.push(listed);
      });
      done += page.length;
      after = page.at(-1);
      if (after === undefined) break;
      onProgress({ done, of: Math.max(done, identity.size) });
    }
    const byName = new Intl.Collator('en');
    found.sort((a, b) => byName.compare(a.userName, b.userName) || byName.compare(a.domain, b.domain));
    return { people: found.slice(0, MOST), total: identity.size, matching: found.length };
  },
  show({ people, total, matching }) {
    if (total === 0) return 'no people; import some with "holdfast people import FILE.csv"';
    if (matching === 0) return `none of ${total} people`;
    const rows = people.map((each) => [each.userName, each.domain, each.displayName, each.email, each.state]);
    const rest = matching > people.length ? `\n… and ${matching - people.length} more` : '';
    return table(['USER', 'DOMAIN', 'NAME', 'E-MAIL', 'STATE'], rows) + rest;
  },
});

function listedOf(profile: PersonProfile, { identity }: Gateway): ListedPerson {
  const { id, userName, domain, displayName, email, department, key, enabled } = profile;
  const ended = enabled ? 'expired' : 'disabled';
  const state = identity.isActive(id) ? 'active' : ended;
  return { id, userName, domain, displayName, email, department, source: key.source, state };
}

function matches(profile: PersonProfile, listed: ListedPerson, filter: Filter): boolean {
  const same = (wanted: string | undefined, is: string) =>
    wanted === undefined || userNameKey(wanted) === userNameKey(is);
  const { search, group } = filter;
  const texts = [listed.userName, listed.displayName, listed.email];
  return (
    (search === undefined || texts.some((each) => userNameKey(each).includes(userNameKey(search)))) &&
    same(filter.domain, listed.domain) &&
    same(filter.department, listed.department) &&
    same(filter.source, listed.source) &&
    same(filter.state, listed.state) &&
    (group === undefined || profile.groups.some((each) => same(group, each)))
  );
}

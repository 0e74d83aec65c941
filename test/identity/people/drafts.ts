/** Drafts of people of a directory, and what is done with them. */
import type { Identity } from '../../../identity/identity.ts';
import type { PeopleDelta, PeopleReport, PersonDraft } from '../../../identity/people/draft.ts';

export const OFFICE = 'office';

/** Somebody whose id in the directory is made of the name. */
export function draft(userName: string, fields: Partial<PersonDraft> = {}): PersonDraft {
  return {
    key: { source: OFFICE, id: Buffer.from(userName).toString('hex') },
    userName,
    domain: 'example.org',
    displayName: userName,
    givenName: '',
    familyName: '',
    email: `${userName.toLowerCase()}@example.org`,
    department: '',
    office: '',
    costCenter: '',
    language: '',
    groups: [],
    enabled: true,
    restricted: false,
    attributes: {},
    cards: [],
    codes: [],
    ...fields,
  };
}

export function picture(...upserts: PersonDraft[]): PeopleDelta {
  return { source: OFFICE, upserts, removed: [], complete: true };
}

export function news(upserts: PersonDraft[], removed: string[] = []): PeopleDelta {
  return { source: OFFICE, upserts, removed, complete: false };
}

export async function applied(identity: Identity, delta: PeopleDelta): Promise<PeopleReport> {
  return identity.apply(await identity.preview(delta));
}

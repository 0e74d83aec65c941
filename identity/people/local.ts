/** People who are kept here only, one at a time: added, changed and removed by hand. */
import { randomUUID } from 'node:crypto';
import { Failure } from '../../base/errors.ts';
import type { NewCodeMail } from '../codes/mails/rows.ts';
import { PersonId } from '../person.ts';
import {
  LOCAL,
  type PeopleEngine,
  type PeopleReport,
  type PersonDraft,
  type PersonFields,
  type PersonProfile,
} from './draft.ts';

/** What may be said of a local person by hand. `expiresAt` undefined leaves it, null takes it away. */
export type LocalChanges = Partial<Omit<PersonFields, 'domain' | 'expiresAt'>> & {
  readonly expiresAt?: number | null;
  readonly guest?: boolean;
  /** In place of what was given by hand or file before. */
  readonly codes?: readonly string[];
};

type Engine = Pick<PeopleEngine, 'preview' | 'apply'> & { hasUserName(name: string): boolean };

/** @param mails that bring their codes @throws Failure `user-name-taken`, `bad-field`, `people-busy` */
export async function addLocal(
  engine: Engine,
  userName: string,
  changes: LocalChanges,
  mails: (person: PersonId) => readonly NewCodeMail[] = () => [],
): Promise<PersonId> {
  if (engine.hasUserName(userName)) throw taken();
  const { expiresAt, ...fields } = changes;
  const id = PersonId(randomUUID());
  const draft: PersonDraft = {
    key: { source: LOCAL, id },
    userName,
    domain: '',
    displayName: '',
    givenName: '',
    familyName: '',
    email: '',
    department: '',
    office: '',
    costCenter: '',
    language: '',
    groups: [],
    enabled: true,
    restricted: false,
    ...fields,
    attributes: withoutEmpty(fields.attributes ?? {}),
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
  };
  await carryOut(engine, draft, mails(id));
  return id;
}

/** @throws Failure `not-local`, `user-name-taken`, `bad-field`, `people-busy` */
export async function changeLocal(
  engine: Engine,
  profile: PersonProfile,
  changes: LocalChanges,
): Promise<void> {
  mustBeLocal(profile);
  const { expiresAt, attributes = {}, ...fields } = changes;
  const { expiresAt: before, ...kept } = draftOf(profile);
  const renamed =
    fields.userName !== undefined && fields.userName.toLowerCase() !== profile.userName.toLowerCase();
  if (renamed && engine.hasUserName(fields.userName ?? '')) throw taken();
  const end = expiresAt === undefined ? before : (expiresAt ?? undefined);
  await carryOut(engine, {
    ...kept,
    ...fields,
    attributes: withoutEmpty({ ...profile.attributes, ...attributes }),
    ...(end === undefined ? {} : { expiresAt: end }),
  });
}

/** What is left is the gateway's own id. @throws Failure `not-local`, `people-busy` */
export async function removeLocal(engine: Engine, profile: PersonProfile): Promise<PeopleReport> {
  mustBeLocal(profile);
  const removed = [profile.key.id];
  return engine.apply(await engine.preview({ source: LOCAL, upserts: [], removed, complete: false }));
}

function draftOf(profile: PersonProfile): PersonDraft {
  const {
    id: _,
    cards: _cards,
    codes: _codes,
    pin: _pin,
    createdAt: _at,
    lastActivity: _last,
    ...fields
  } = profile;
  return fields;
}

/** An attribute that is set to nothing is taken away. */
function withoutEmpty(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
}

/** By hand nothing is taken over in part. */
async function carryOut(
  engine: Engine,
  draft: PersonDraft,
  mails: readonly NewCodeMail[] = [],
): Promise<void> {
  const plan = await engine.preview({ source: LOCAL, upserts: [draft], removed: [], complete: false });
  const issue = plan.issues.find((each) => each.issue !== 'trivial');
  if (issue?.issue === 'conflict') {
    throw new Failure(`${issue.what}-taken`, `somebody else has that ${issue.what}`);
  }
  if (issue !== undefined) {
    throw new Failure('bad-field', `${issue.what} is empty, too long, or not what it should be`);
  }
  await engine.apply(plan, { plan: 0, mails });
}

function mustBeLocal({ key, userName }: PersonProfile): void {
  if (key.source === LOCAL) return;
  throw new Failure('not-local', `${userName} comes from the directory ${key.source}`, {
    advice: 'Change them there; the next sync takes it over',
  });
}

const taken = () => new Failure('user-name-taken', 'somebody has that user name already');

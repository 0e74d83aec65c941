/** People as rows of the database, both ways. Runs in the store worker. */
import type { SQLOutputValue } from 'node:sqlite';
import type { Connection } from '../base/database/tables.ts';
import { isLanguage, type Language } from '../base/i18n/languages.ts';
import type { PersonRecord } from './index/records.ts';
import { pack } from './index/records.ts';
import type { PersonDetails } from './people/draft.ts';
import { type Person, type PersonId, userNameKey } from './person.ts';
import { plainDetails, type StoredPerson, type StoredProfile } from './store.ts';

export type Row = Record<string, SQLOutputValue>;

export const PERSON_COLUMNS = 'id, user_name, display_name, email';
/** What the index has of a person. */
export const INDEX_COLUMNS = `number, ${PERSON_COLUMNS}, domain, source, source_id, language, enabled, expires_at`;

const PROFILE = `
  SELECT number, ${PERSON_COLUMNS}, source, source_id, domain, given_name, family_name, department, office, cost_center,
    language, enabled, expires_at, restricted, guest, attributes, created_at, last_activity,
    (SELECT json_group_array(name) FROM
      (SELECT name FROM group_member JOIN person_group ON person_group.number = person_group
       WHERE person = person.number ORDER BY name_key)) AS group_names
  FROM person`;

export function asPerson(row: Row): Person {
  return {
    id: String(row['id']) as PersonId,
    userName: String(row['user_name']),
    displayName: String(row['display_name']),
    email: String(row['email']),
  };
}

export function asRecord(row: Row): PersonRecord {
  const { expires_at: expiresAt } = row;
  return pack({
    ...asPerson(row),
    domain: String(row['domain']),
    source: String(row['source']),
    sourceId: String(row['source_id']),
    language: languageOf(row),
    enabled: row['enabled'] === 1,
    ...(expiresAt === null ? {} : { expiresAt: Number(expiresAt) }),
  });
}

/** Of those of the numbers who are there, ascending. */
export function readProfiles(connection: Connection, numbers: readonly number[]): StoredProfile[] {
  const rows = connection.prepare(
    `${PROFILE} WHERE number IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL ORDER BY number`,
  );
  return rows.all(JSON.stringify(numbers)).map(asProfile);
}

function asProfile(row: Row): StoredProfile {
  return {
    number: Number(row['number']),
    person: asPerson(row),
    details: asDetails(row),
    createdAt: Number(row['created_at']),
    lastActivity: Number(row['last_activity']),
  };
}

function asDetails(row: Row): PersonDetails {
  const expiresAt = row['expires_at'];
  return {
    key: { source: String(row['source']), id: String(row['source_id']) },
    domain: String(row['domain']),
    givenName: String(row['given_name']),
    familyName: String(row['family_name']),
    department: String(row['department']),
    office: String(row['office']),
    costCenter: String(row['cost_center']),
    language: languageOf(row),
    groups: JSON.parse(String(row['group_names'])) as string[],
    enabled: row['enabled'] === 1,
    ...(expiresAt === null ? {} : { expiresAt: Number(expiresAt) }),
    restricted: row['restricted'] === 1,
    guest: row['guest'] === 1,
    attributes: JSON.parse(String(row['attributes'])) as Record<string, string>,
  };
}

function languageOf(row: Row): Language | '' {
  const language = String(row['language']);
  return isLanguage(language) ? language : '';
}

/** Columns of `staged_person`, in the order of {@link stagedValues}. */
export const STAGED_COLUMNS = [
  'number',
  'id',
  'user_name',
  'user_name_key',
  'display_name',
  'email',
  'source',
  'source_id',
  'domain',
  'given_name',
  'family_name',
  'department',
  'office',
  'cost_center',
  'language',
  'enabled',
  'expires_at',
  'restricted',
  'guest',
  'attributes',
] as const;

/** What is left out of a change is filled in with what is there: nothing changes between staging and commit. */
export function stagedDetails(
  connection: Connection,
  { number, person, details }: StoredPerson,
): PersonDetails {
  return details ?? readProfiles(connection, [number])[0]?.details ?? plainDetails(person.id);
}

export function stagedValues({ number, person }: StoredPerson, details: PersonDetails) {
  const { id, userName, displayName, email } = person;
  return [
    number,
    id,
    userName,
    userNameKey(userName),
    displayName,
    email,
    details.key.source,
    details.key.id,
    details.domain,
    details.givenName,
    details.familyName,
    details.department,
    details.office,
    details.costCenter,
    details.language,
    details.enabled ? 1 : 0,
    details.expiresAt ?? null,
    details.restricted ? 1 : 0,
    details.guest ? 1 : 0,
    JSON.stringify(details.attributes),
  ];
}

/** Profiles of people with their credentials counted. */
import type { CredentialKind, CredentialRank } from '../credential.ts';
import type { PersonNumber } from '../index/people-index.ts';
import type { IdentityStore, StoredCredential } from '../store.ts';
import type { PersonProfile } from './draft.ts';

/** In the order of the numbers; whoever is not there is passed over. @param now milliseconds since 1970 */
export async function readProfiles(
  store: IdentityStore,
  numbers: readonly PersonNumber[],
  now: number,
): Promise<PersonProfile[]> {
  const [profiles, credentials] = await Promise.all([
    store.profilesOf(numbers),
    store.credentialsOf(numbers),
  ]);
  const byOwner = Map.groupBy(credentials, ({ owner }) => owner);
  return profiles.map(({ number, person, details, createdAt, lastActivity }) => {
    const theirs = (byOwner.get(number) ?? []).filter(
      ({ expiresAt }) => expiresAt === undefined || now < expiresAt,
    );
    return {
      ...person,
      ...details,
      createdAt,
      lastActivity,
      cards: byRank(theirs, 'card'),
      codes: byRank(theirs, 'code'),
      pin: theirs.some(({ kind }) => kind === 'pin'),
    };
  });
}

function byRank(
  credentials: readonly StoredCredential[],
  kind: CredentialKind,
): Readonly<Record<CredentialRank, number>> {
  const of = (rank: CredentialRank) =>
    credentials.filter((each) => each.kind === kind && each.rank === rank).length;
  return { primary: of('primary'), secondary: of('secondary') };
}

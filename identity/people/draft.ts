/** The contract between whoever brings people (directory, files, commands) and the one engine that plans and applies it. */
import type { Language } from '../../base/i18n/languages.ts';
import type { CodeDelivery } from '../codes/mails/rows.ts';
import type { CredentialKind, CredentialRank } from '../credential.ts';
import type { Turns } from '../import/turns.ts';
import type { PersonId } from '../person.ts';
import type { PeopleElsewhere, PlannedElsewhere } from './plans.ts';

/** The source of people who are kept here only: by file, by command. */
export const LOCAL = 'local';

/** Whom a draft is about, in the words of its source. */
export interface PersonKey {
  /** {@link LOCAL}, or the directory's name in the configuration. */
  readonly source: string;
  /** objectGUID or entryUUID in lower-case hex with dashes; for local people the gateway's own {@link PersonId}. */
  readonly id: string;
}

/** Everything that is known of a person but their credentials. Texts are '' when unknown; NFC, without control characters. */
export interface PersonFields {
  /** sAMAccountName, uid …; at most 255 octets, not empty. */
  readonly userName: string;
  /** To which the user name belongs: `example.org`. Empty for local people. */
  readonly domain: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Lower case; at most 254 characters. */
  readonly email: string;
  readonly department: string;
  readonly office: string;
  readonly costCenter: string;
  readonly language: Language | '';
  /** Names, without regard to case and order. At most {@link MOST_GROUPS}. */
  readonly groups: readonly string[];
  readonly enabled: boolean;
  /** Milliseconds since 1970; from then on nobody signs in as this person. Judged by the clock at sign-in. */
  readonly expiresAt?: number;
  /** As PaperCut's: pays for what is printed; here a mark to filter by. */
  readonly restricted: boolean;
  /** What the administrator maps besides. At most {@link MOST_ATTRIBUTES}. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What is known of a person beside what everybody asks for (`Person`). */
export interface PersonDetails extends Omit<PersonFields, 'userName' | 'displayName' | 'email'> {
  readonly key: PersonKey;
  readonly guest: boolean;
}

/** What a source says of one person: all of it, not only what is new. */
export interface PersonDraft extends PersonFields {
  readonly key: PersonKey;
  /**
   * As written there; made canonical by identity. The first is primary. Undefined: the source says nothing of cards,
   * and what it said before stays. Cards that others gave (`here`) stay in any case.
   */
  readonly cards?: readonly string[];
  /** As {@link cards}. */
  readonly codes?: readonly string[];
  /** Local people only: takes the place of the PIN before. */
  readonly pin?: string;
  /** Local people only: `people add --guest`. */
  readonly guest?: boolean;
}

/** Octets of a text other than name and address; a longer one is an issue of the plan. */
export const LONGEST_TEXT = 255;
export const MOST_GROUPS = 1000;
export const MOST_ATTRIBUTES = 32;
export const LONGEST_ATTRIBUTE = 1024;
/** Cards of one person, and codes of one person. */
export const MOST_CREDENTIALS = 16;

/** What changed at a source, or how all of it looks now. */
export interface PeopleDelta {
  readonly source: string;
  readonly upserts: Iterable<PersonDraft> | AsyncIterable<PersonDraft>;
  /** Ids of the source. Who is unknown is passed over. */
  readonly removed: readonly string[];
  /** A full picture: whoever of this source is not in it is gone. */
  readonly complete: boolean;
  /** Done in the same change, of people of other sources only: what a file gives them here. */
  readonly edits?: Iterable<CredentialEdit>;
  /**
   * Has it thought through in another thread, with the same planner; undefined when it is so small that it is done here, from
   * {@link upserts}. Not asked where another thread cannot reach the store.
   */
  elsewhere?(people: PeopleElsewhere, turns: Turns): Promise<PlannedElsewhere | undefined>;
}

/** For what only the gateway gives: codes of a batch, cards learned at a panel, revocations. */
export type CredentialEdit =
  | {
      readonly edit: 'issue';
      readonly person: PersonId;
      /** A PIN always takes the place of the one before. */
      readonly kind: CredentialKind;
      /** As written; made canonical by identity. */
      readonly text: string;
      readonly rank: CredentialRank;
      /** Milliseconds since 1970. */
      readonly expiresAt?: number;
      /** Takes the place of what the person has of this kind and rank, whoever gave it; else it stands beside. */
      readonly replace: boolean;
    }
  | {
      /** All of that kind (and rank), claimed ones too. They stay revoked though the source still gives them. */
      readonly edit: 'revoke';
      readonly person: PersonId;
      readonly kind: CredentialKind;
      readonly rank?: CredentialRank;
      /** Only this one; unknown ones are passed over. */
      readonly text?: string;
    }
  | {
      /** Ends all of that kind (and rank) at that time, those that end before it apart. */
      readonly edit: 'expire';
      readonly person: PersonId;
      readonly kind: CredentialKind;
      readonly rank?: CredentialRank;
      /** Milliseconds since 1970. */
      readonly expiresAt: number;
    };

export type Fate = 'created' | 'changed' | 'disabled' | 'enabled' | 'removed';

/** One person of a plan. No code, card or PIN stands in it, nor anything made of one. */
export interface PlannedPerson {
  readonly fate: Fate;
  readonly userName: string;
  readonly domain: string;
  readonly displayName: string;
  /** Names of the fields that change: `email`, `groups` … */
  readonly fields: readonly string[];
  readonly gained: CredentialCount;
  readonly lost: CredentialCount;
}

export interface CredentialCount {
  readonly cards: number;
  readonly codes: number;
}

/** What the planning found to be wrong with a value. The rest of the person is taken over. */
export interface PlanIssue {
  /**
   * `conflict`: somebody else has it: it stays with them, and signs in nobody new until they lose it; a plan of a directory tells
   * those that stand too. `unreadable`: not a card or code.
   * `trivial`: a code that a guesser tries first; it is loaded. `revoked`: revoked here, so not loaded. `too-many`: past
   * {@link MOST_CREDENTIALS}. `field`: a text too long or with characters that cannot be seen; it is taken as empty, but
   * without a user name the person is left as they were. `twice`: the source gives the same person twice; the first counts.
   */
  readonly issue: 'conflict' | 'unreadable' | 'trivial' | 'revoked' | 'too-many' | 'field' | 'twice';
  /** `card`, `code`, `pin`, or the name of the field. */
  readonly what: string;
  readonly userName: string;
  readonly domain: string;
  /** Who has the card or code. */
  readonly holder?: string;
}

/** Cards and codes that a source gives to somebody while somebody else has them. */
export interface Conflicts {
  readonly count: number;
  /** At most {@link MOST_LISTED}, first come first. */
  readonly listed: readonly PlanIssue[];
}

export interface PlanCounts {
  /** Drafts and edits that were read. */
  readonly seen: number;
  readonly created: number;
  readonly changed: number;
  readonly disabled: number;
  readonly enabled: number;
  readonly removed: number;
  readonly unchanged: number;
  /** People of this source before. */
  readonly before: number;
  /** People who were there before and whose cards or codes change. */
  readonly credentialsChanged: number;
  readonly gained: CredentialCount;
  readonly lost: CredentialCount;
  /** Conflicts of directories that are remembered by it, or forgotten. */
  readonly claims: number;
  readonly issues: number;
}

/** More than anybody reads; the counts tell the rest. */
export const MOST_LISTED = 1000;

/**
 * A change that was thought through and not done. To keep one over a restart, keep the delta (it holds cards and codes:
 * sealed), preview it again and compare the digests.
 */
export interface PeoplePlan {
  readonly source: string;
  readonly counts: PlanCounts;
  /** At most {@link MOST_LISTED}: those who go first, then those who lose or gain, then the others. */
  readonly people: readonly PlannedPerson[];
  /** At most {@link MOST_LISTED}. */
  readonly issues: readonly PlanIssue[];
  /** The same for the same change to the same people; hexadecimal. */
  readonly digest: string;
}

/** What was done. */
export type PeopleReport = PlanCounts;

/** A person with everything but credentials, from the store (not on the hot path). */
export interface PersonProfile extends PersonFields {
  readonly id: PersonId;
  readonly key: PersonKey;
  readonly guest: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The last sign-in, to the hour; 0: never. */
  readonly lastActivity: number;
  /** How many of each sign them in, by rank; those that have ended do not count. */
  readonly cards: Readonly<Record<CredentialRank, number>>;
  readonly codes: Readonly<Record<CredentialRank, number>>;
  readonly pin: boolean;
}

/** The engine, as `Identity` has it. */
export interface PeopleEngine {
  /**
   * Thinks a change through, in slices beside everything else; nothing changes.
   * @throws Failure `people-busy` while another change is planned or applied
   */
  preview(delta: PeopleDelta): Promise<PeoplePlan>;
  /** The same for credentials that the gateway gives or takes. @throws Failure `people-busy`, `no-such-person` */
  previewEdits(edits: Iterable<CredentialEdit>): Promise<PeoplePlan>;
  /**
   * Carries out a plan that `preview` of the same gateway gave: all or nothing, on disk when the promise resolves, and
   * with it the mails that bring its codes to people.
   * @throws Failure `plan-outdated` when people have changed since; `people-busy`
   */
  apply(plan: PeoplePlan, delivery?: CodeDelivery): Promise<PeopleReport>;
  /** What a directory gives to people while others have it, by the names that they have now. */
  conflicts(source: string): Promise<Conflicts>;
  /** Undefined when there is no such person. */
  profile(id: PersonId): Promise<PersonProfile | undefined>;
  /** By number, ascending; for filters over everybody. @param limit 1 to 1,000 @param after of the last one before */
  profiles(page: { readonly after?: PersonId; readonly limit: number }): Promise<readonly PersonProfile[]>;
  /** The gateway's id of a source's person; undefined when unknown or removed. */
  idOf(key: PersonKey): PersonId | undefined;
  /** Whether anybody has that card or code, revoked ones too. For whoever generates. */
  isTaken(kind: 'card' | 'code', text: string): boolean;
}

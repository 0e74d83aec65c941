/** What the last sync saw: whom, in which groups, and up to where. With it the next one asks only for what has changed. */
import { createHash } from 'node:crypto';
import type { DirectoryOptions } from './options.ts';
import { withDashes } from './values.ts';

export interface Picture {
  /** Of the options that shape what is read: another one means a full sync. */
  readonly fingerprint: string;
  /** invocationId of the domain controller: its cursor means nothing to another; '' for OpenLDAP. */
  readonly epoch: string;
  /** highestCommittedUSN or contextCSN, read before the search; '' when the server has none. */
  readonly cursor: string;
  /** Cookie of DirSync, which any controller of the domain understands; '' without one. */
  readonly dirSync: string;
  /** Milliseconds since 1970 of the last look at who is still there. */
  readonly sweptAt: number;
  /** The cursor up to which deletions are known: behind {@link cursor} while such a look is owed. */
  readonly goneCursor: string;
  /** People who were handed over and not removed since. */
  readonly people: Set<string>;
  readonly membership: Membership;
}

/** Groups that are asked for, and who is in them, by however many steps. */
export interface Membership {
  /** Names of groups by the id of a member, whether or not it is among {@link Picture.people}. */
  readonly byMember: Map<string, readonly string[]>;
  /** Names by the number that people have as primaryGroupID: that membership stands nowhere else. */
  readonly byPrimaryGroup: Map<number, readonly string[]>;
  /** Ids of all groups on the way; a change in another one changes nothing here. */
  readonly watched: Set<string>;
}

/** What shapes the result; another server of the same domain or another password does not. */
export function fingerprintOf(options: DirectoryOptions): string {
  const { name, kind, bindName, domain, bases, groups, people, includeDisabled, attributes } = options;
  const shaping = [name, kind, bindName, domain, bases, groups, people, includeDisabled, attributes];
  return createHash('sha256').update(JSON.stringify(shaping)).digest('hex');
}

type AsItIs = 'fingerprint' | 'epoch' | 'cursor' | 'dirSync' | 'sweptAt' | 'goneCursor';

interface Written extends Pick<Picture, AsItIs> {
  readonly version: 3;
  readonly people: string;
  readonly members: string;
  /** The distinct lists of groups; each member has the number of one, in 4 octets. */
  readonly sets: readonly (readonly string[])[];
  readonly setOf: string;
  readonly primary: readonly (readonly [number, readonly string[]])[];
  readonly watched: readonly string[];
}

const packIds = (ids: Iterable<string>): string =>
  Buffer.from([...ids].map((id) => id.replaceAll('-', '')).join(''), 'hex').toString('base64');

function* unpackIds(packed: string): Generator<string> {
  const octets = Buffer.from(packed, 'base64');
  for (let at = 0; at + 16 <= octets.length; at += 16) yield withDashes(octets.toString('hex', at, at + 16));
}

/** 16 octets a person, 20 a member of a group, in base64. */
export function writePicture(picture: Picture): Uint8Array {
  const { fingerprint, epoch, cursor, dirSync, sweptAt, goneCursor, people, membership } = picture;
  const sets = new Map<string, number>();
  const setOf = new Uint32Array(membership.byMember.size);
  for (const [at, groups] of [...membership.byMember.values()].entries()) {
    const key = JSON.stringify(groups);
    if (!sets.has(key)) sets.set(key, sets.size);
    setOf[at] = sets.get(key) ?? 0;
  }
  const written: Written = {
    version: 3,
    fingerprint,
    epoch,
    cursor,
    dirSync,
    sweptAt,
    goneCursor,
    people: packIds(people),
    members: packIds(membership.byMember.keys()),
    sets: [...sets.keys()].map((key) => JSON.parse(key) as string[]),
    setOf: Buffer.from(setOf.buffer).toString('base64'),
    primary: [...membership.byPrimaryGroup],
    watched: [...membership.watched],
  };
  return Buffer.from(JSON.stringify(written));
}

/** Undefined when another version of the program wrote it: then all is read anew. */
export function readPicture(octets: Uint8Array): Picture | undefined {
  const written = JSON.parse(Buffer.from(octets).toString()) as Written;
  if (written.version !== 3) return undefined;
  const setOf = Buffer.from(written.setOf, 'base64');
  const members = [...unpackIds(written.members)];
  return {
    fingerprint: written.fingerprint,
    epoch: written.epoch,
    cursor: written.cursor,
    dirSync: written.dirSync,
    sweptAt: written.sweptAt,
    goneCursor: written.goneCursor,
    people: new Set(unpackIds(written.people)),
    membership: {
      byMember: new Map(members.map((id, at) => [id, written.sets[setOf.readUInt32LE(at * 4)] ?? []])),
      byPrimaryGroup: new Map(written.primary),
      watched: new Set(written.watched),
    },
  };
}

/** Which of our records answer a question, what goes with them, and how they are laid into packets. */
import { dataOctets, EMPTY_MESSAGE, LARGEST_MESSAGE, recordSize } from './dns/encode.ts';
import {
  type DnsMessage,
  type DomainName,
  nameKey,
  type Question,
  RecordType,
  type ResourceRecord,
  sameName,
  typeCode,
} from './dns/model.ts';
import { HOST_TTL } from './services.ts';

/** Octets of a packet that no network has to cut: Ethernet's 1,500 without the headers of IPv6 and UDP. */
const PACKET = 1452;

/** Our records that answer the question, without those that the asker knows (RFC 6762 §7.1). */
export function answersTo(
  question: Question,
  ours: readonly ResourceRecord[],
  known: KnownAnswers,
): ResourceRecord[] {
  const key = nameKey(question.name);
  const ofName = ours.filter((each) => nameKey(each.name) === key);
  const wanted = ofName.filter(
    ({ data }) => question.type === RecordType.any || typeCode(data) === question.type,
  );
  // A name that is ours alone, with nothing of that type: say so, or the asker waits in vain (RFC 6762 §6.1).
  const found = wanted.length === 0 && ofName[0]?.flush === true ? [absence(ofName[0], ofName)] : wanted;
  const asked = known.get(key) ?? [];
  return found.filter((each) => !asked.some((other) => other.ttl >= each.ttl / 2 && isSame(each, other)));
}

/** By {@link nameKey}. */
export type KnownAnswers = ReadonlyMap<string, readonly ResourceRecord[]>;

export const knownAnswers = (records: readonly ResourceRecord[]): KnownAnswers =>
  Map.groupBy(records, ({ name }) => nameKey(name));

/** One and the same object each time, so that it is not sent again and again. */
function absence(first: ResourceRecord, ofName: readonly ResourceRecord[]): ResourceRecord {
  const made = absences.get(first);
  if (made !== undefined) return made;
  const types = [...new Set(ofName.map(({ data }) => typeCode(data)))];
  const { name } = first;
  const record = { name, ttl: HOST_TTL, flush: true, data: { type: 'nsec', next: name, types } } as const;
  absences.set(first, record);
  return record;
}

const absences = new WeakMap<ResourceRecord, ResourceRecord>();

/** What the asker will ask next (RFC 6763 §12). */
export function additionalsTo(
  answers: readonly ResourceRecord[],
  ours: readonly ResourceRecord[],
): ResourceRecord[] {
  const found = new Set<ResourceRecord>();
  const follow = (name: DomainName) => {
    for (const each of ours) {
      if (found.has(each) || !each.flush || !sameName(each.name, name)) continue;
      found.add(each);
      if (each.data.type === 'srv') follow(each.data.target);
    }
  };
  for (const { data } of answers) if (data.type === 'ptr' || data.type === 'srv') follow(data.target);
  for (const each of answers) found.delete(each);
  return [...found];
}

export function isSame(a: ResourceRecord, b: ResourceRecord): boolean {
  return typeCode(a.data) === typeCode(b.data) && sameName(a.name, b.name) && isSameData(a, b);
}

function isSameData({ data: a }: ResourceRecord, { data: b }: ResourceRecord): boolean {
  if (a.type === 'ptr' && b.type === 'ptr') return sameName(a.target, b.target);
  if (a.type === 'srv' && b.type === 'srv') return a.port === b.port && sameName(a.target, b.target);
  return dataOctets(a).equals(dataOctets(b));
}

/** Responses that hold all answers, and of the additionals those that still fit. */
export function responses(
  answers: readonly ResourceRecord[],
  additionals: readonly ResourceRecord[] = [],
): DnsMessage[] {
  const packets: ResourceRecord[][] = [];
  let room = 0;
  for (const each of answers) {
    const size = recordSize(each);
    if (size > LARGEST_MESSAGE - EMPTY_MESSAGE) continue;
    const last = packets.at(-1);
    if (last === undefined || size > room) {
      packets.push([each]);
      room = PACKET - EMPTY_MESSAGE - size;
    } else {
      last.push(each);
      room -= size;
    }
  }
  const fitting = additionals.filter((each) => {
    const size = recordSize(each);
    if (size > room) return false;
    room -= size;
    return true;
  });
  return packets.map((records, index) => response(records, index === packets.length - 1 ? fitting : []));
}

const response = (
  answers: readonly ResourceRecord[],
  additionals: readonly ResourceRecord[],
): DnsMessage => ({
  ...EMPTY,
  response: true,
  answers,
  additionals,
});

export const EMPTY: DnsMessage = {
  id: 0,
  response: false,
  truncated: false,
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
};

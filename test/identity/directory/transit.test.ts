// People as they pass from the sync worker to the gateway.
import test from 'ava';
import { packPeople, unpackPeople } from '../../../identity/directory/transit.ts';
import type { PersonDraft } from '../../../identity/people/draft.ts';

const draft = (id: string, more: Partial<PersonDraft> = {}): PersonDraft => ({
  key: { source: 'office', id },
  userName: `user${id}`,
  domain: 'print.test',
  displayName: 'Anna Schäfer',
  givenName: '',
  familyName: 'Schäfer',
  email: 'a@b',
  department: '',
  office: '東京',
  costCenter: '',
  language: 'de',
  groups: [],
  enabled: true,
  restricted: false,
  attributes: {},
  cards: [],
  codes: [],
  ...more,
});

test('people come out as they went in', (t) => {
  const groups = ['x', 'y'];
  const people = [
    draft('1', { groups, cards: ['04A1', '04 B2'], attributes: { floor: '3\n"', 'card type': 'A' } }),
    draft('2', { groups, cards: [], expiresAt: 0 }),
    draft('3', { groups: ['y'], cards: ['7'], enabled: false, expiresAt: Date.UTC(2026, 0, 1) }),
    draft('4', { groups: ['x', 'y'], cards: [] }),
  ];
  const packed = packPeople(people);
  t.deepEqual([...unpackPeople(structuredClone(packed))], people);
  t.is(packed.groups.length, 2);
  const plain = [draft('5')];
  t.deepEqual([...unpackPeople(packPeople(plain))], plain);
  t.deepEqual([...unpackPeople(packPeople([]))], []);
});

test('a text that would shift the others is refused', (t) => {
  t.throws(() => packPeople([draft('1', { office: 'a\nb' })]), { instanceOf: RangeError });
  t.throws(() => packPeople([draft('1', { cards: ['a\nb'] })]), { instanceOf: RangeError });
});

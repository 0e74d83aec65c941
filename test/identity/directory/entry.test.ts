// Entries as a server writes them: found without regard to case, several values, other scripts, and octets that are no entry.
import test from 'ava';
import { BerReader, BerWriter } from 'ldapts';
import { DirectoryEntry } from '../../../identity/directory/entry.ts';
import { random } from '../../random.ts';

const ENTRY = 0x64;
const SET = 0x31;

function written(dn: string, attributes: Readonly<Record<string, readonly (string | Buffer)[]>>): Buffer {
  const writer = new BerWriter();
  writer.startSequence(ENTRY);
  writer.writeString(dn);
  writer.startSequence();
  for (const [name, values] of Object.entries(attributes)) {
    writer.startSequence();
    writer.writeString(name);
    writer.startSequence(SET);
    for (const value of values) writer.writeBuffer(Buffer.from(value as string), 0x04);
    writer.endSequence();
    writer.endSequence();
  }
  writer.endSequence();
  writer.endSequence();
  return writer.buffer;
}

function parsed(octets: Buffer): DirectoryEntry {
  const reader = new BerReader(octets);
  reader.readSequence();
  const entry = new DirectoryEntry({ messageId: 1 });
  entry.parse(reader, []);
  return entry;
}

test('values are found by any case of the name, clean, in order, no more than asked for', (t) => {
  const long = 'x'.repeat(70_000);
  const guid = Buffer.from('65e94d9be21ff34abe9109ffe26c7eef', 'hex');
  const entry = parsed(
    written('CN=Anna Schäfer,DC=print', {
      sAMAccountName: ['anna'],
      'cn;lang-de': ['nobody asked'],
      sn: ['Schäfer'],
      card: [' ', 'one', 'two', 'three'],
      empty: [],
      objectGUID: [guid],
      long: [long],
      notText: [Buffer.from([0xff, 0x41])],
    }),
  );
  t.is(entry.dn, 'CN=Anna Schäfer,DC=print');
  t.is(entry.text('samaccountname'), 'anna');
  t.is(entry.text('SN'), 'Schäfer');
  t.is(entry.text('cn'), '');
  t.is(entry.text('cn;lang-de'), '');
  t.is(entry.text(''), '');
  t.is(entry.text('empty'), '');
  t.is(entry.octets('empty'), undefined);
  t.deepEqual(entry.texts('card', 3), ['one', 'two']);
  t.deepEqual(entry.texts('nothing', 3), []);
  t.deepEqual(entry.texts('long', 1, 100_000), [long]);
  t.deepEqual(entry.octets('objectguid'), guid);
  t.is(entry.text('notText'), '\ufffdA');
});

test('octets that are no entry are an error, however they are broken', (t) => {
  const whole = written('uid=a,dc=b', { uid: ['a'], mail: ['a@b', 'c@d'] });
  for (let length = 0; length < whole.length; length++) {
    t.throws(() => parsed(whole.subarray(0, length)), undefined, `cut at ${length}`);
  }
  const next = random(7);
  const pick = (most: number) => Math.floor(next() * most);
  for (let turn = 0; turn < 5000; turn++) {
    const broken = Buffer.from(whole);
    for (let each = 0; each <= pick(3); each++) broken[pick(broken.length)] = pick(256);
    try {
      const entry = parsed(broken);
      entry.texts('uid', 10);
      entry.texts('mail', 10);
      entry.octets('mail');
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) t.fail(String(error));
    }
  }
});

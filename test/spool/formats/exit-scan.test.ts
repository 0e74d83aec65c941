// Printer commands behind the head of a harmless document: found wherever the pieces of it are cut.
import test from 'ava';
import { EXIT, ExitScan, mustNotExit } from '../../../spool/formats/exit-scan.ts';

const octets = (text: string) => Buffer.from(text, 'latin1');

const foundIn = (document: Buffer, size: number): boolean => {
  const scan = new ExitScan();
  for (let at = 0; at < document.length; at += size)
    if (scan.finds(document.subarray(at, at + size))) return true;
  return false;
};

test('found in pieces of any size, at any place', (t) => {
  for (let place = 0; place <= 12; place++) {
    const document = octets(`${'%'.repeat(place)}${EXIT}@PJL`);
    for (let size = 1; size <= document.length; size++)
      t.true(foundIn(document, size), `at ${place}, by ${size}`);
  }
});

test('what only looks like it is not', (t) => {
  for (const like of ['\x1b%-1234', '\x1b%-12345\x1b%-12345', '%-12345X', EXIT.toLowerCase()])
    for (let size = 1; size <= like.length; size++)
      t.false(foundIn(octets(like), size), `${like} by ${size}`);
});

test('searched for in what only draws, unless programs are taken anyway', (t) => {
  const office = ['application/pdf', 'image/jpeg', 'application/octet-stream'];
  t.true(mustNotExit('application/pdf', office));
  t.true(mustNotExit('text/plain', [...office, 'text/plain']));
  t.false(mustNotExit('application/vnd.hp-PCL', [...office, 'application/vnd.hp-PCL']));
  t.false(mustNotExit('application/pdf', [...office, 'application/postscript']));
});

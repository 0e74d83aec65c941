// Holds the order of the rooms: an import may only point to a room further down the list.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'ava';

const ROOMS = ['daemon', 'config', 'panel-protocol', 'spool', 'drivers', 'identity', 'ipp', 'base'];
const ROOT = resolve(import.meta.dirname, '../..');
const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/** What `spool` may know of `drivers`: the printer port and the types in it. */
const PRINTER_PORT = new Set(['drivers/printers/port.ts', 'drivers/printers/description.ts']);

interface Import {
  readonly from: string;
  readonly to: string;
}

function sources(room: string): string[] {
  return readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(room, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => ({
    from: file,
    to: relative(ROOT, resolve(ROOT, dirname(file), match[1] ?? '')),
  }));
}

/** Undefined when the import is allowed, else why not. */
function objection({ from, to }: Import): string | undefined {
  const fromRoom = from.split('/')[0] ?? '';
  const toRoom = to.split('/')[0] ?? '';
  if (toRoom === 'package.json') return undefined;
  if (!ROOMS.includes(toRoom)) return `${from} imports ${to}, which is in no room`;
  if (ROOMS.indexOf(toRoom) < ROOMS.indexOf(fromRoom))
    return `${from} imports ${to}, against the order of the rooms`;
  if (fromRoom === 'spool' && toRoom === 'drivers' && !PRINTER_PORT.has(to)) {
    return `${from} imports ${to}; spool knows the printer port, never a driver`;
  }
  if (toRoom === 'config' && fromRoom !== 'config' && fromRoom !== 'daemon') {
    return `${from} imports ${to}; only daemon reads the configuration`;
  }
  return undefined;
}

test('every import points down the rooms', (t) => {
  const imports = ROOMS.flatMap(sources).flatMap(importsOf);
  t.true(imports.length > 50, 'found the imports');
  t.deepEqual(imports.map(objection).filter(Boolean), []);
});

test('the matrix objects to what it should', (t) => {
  t.regex(objection({ from: 'base/log.ts', to: 'ipp/model.ts' }) ?? '', /against the order/);
  t.regex(
    objection({ from: 'spool/release/queue.ts', to: 'drivers/printers/ipp.ts' }) ?? '',
    /never a driver/,
  );
  t.regex(objection({ from: 'spool/spool.ts', to: 'test/x.ts' }) ?? '', /in no room/);
  t.is(objection({ from: 'spool/spool.ts', to: 'drivers/printers/port.ts' }), undefined);
});

/** Lines. The panel protocol's README is its wire specification. */
const PAGE = 70;
const LONGER: Readonly<Record<string, number>> = { 'panel-protocol': 400 };

test('every room says what it is for, on at most a page', (t) => {
  for (const room of ROOMS) {
    const lines = readFileSync(join(ROOT, room, 'README.md'), 'utf8').split('\n').length;
    t.true(lines <= (LONGER[room] ?? PAGE), `${room}/README.md has ${lines} lines`);
  }
});

// The group `directories`: what is refused, what is warned of.
import test from 'ava';
import { parseConfig } from '../../config/load.ts';

const REST = `
queues: { print: {} }
printers: { folder: { uri: "file:///srv/output" } }
panels: { hall: { printer: folder, addresses: [127.0.0.1] } }
directories:
`;
const directory = (more: string) => `${REST}  office:
    servers: [ldaps://dc1.example.org, "ldap+starttls://[::1]:3890"]
    bind-name: svc@example.org
    password-file: /etc/holdfast/password
${more}`;

test('servers are read with their ports', (t) => {
  const [office] = parseConfig(directory(''), 'x.yaml').config.directories;
  t.deepEqual(office?.servers, [
    { host: 'dc1.example.org', port: 636, security: 'tls' },
    { host: '::1', port: 3890, security: 'starttls' },
  ]);
  t.is(office?.people, 'all');
});

test('a directory in the clear is refused', (t) => {
  const error = t.throws(() => parseConfig(directory('').replace('ldaps://', 'ldap://'), 'x.yaml'));
  t.regex(error?.message ?? '', /in the clear; must be `ldaps:/);
});

test('the names of other sources are refused', (t) => {
  t.throws(() => parseConfig(directory('').replace('office', 'local'), 'x.yaml'), {
    message: /another name/,
  });
});

test('attributes that people write themselves are warned of, and a choice of nobody', (t) => {
  const { warnings } = parseConfig(
    directory('    attributes: { cards: [employeeID, pager] }\n    people: groups\n'),
    'x.yaml',
  );
  const text = warnings.map(({ message }) => message).join('\n');
  t.regex(text, /people can write pager themselves/);
  t.notRegex(text, /employeeID themselves/);
  t.regex(text, /nobody is taken in/);
});

test('an age below two intervals would lock everybody out between syncs', (t) => {
  const wrong = directory('    interval: 6 h\n    max-age: { codes: 8 h, cards: 12 h }\n');
  const error = t.throws(() => parseConfig(wrong, 'x.yaml'));
  t.regex(
    error?.message ?? '',
    /x\.yaml:11:23 .*codes: is shorter than two intervals; must be at least 12 h/,
  );
  t.notRegex(error?.message ?? '', /cards/);
  const { config } = parseConfig(directory('    max-age: { codes: 8 h }\n'), 'x.yaml');
  t.deepEqual(config.directories[0]?.maxAge, { codes: 8 * 3_600_000 });
});

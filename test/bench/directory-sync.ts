/** A full sync of 20,000 people from OpenLDAP beside bare ldapts over the same; and polls that find nothing new. */
import { Client } from 'ldapts';
import { attributeNames, type DirectoryOptions } from '../../identity/directory/options.ts';
import { DirectoryReading } from '../../identity/directory/reader.ts';
import { SUFFIX, startSlapd } from '../peers/slapd.ts';
import { type Bench, type Figures, rounded } from './bench.ts';

const PEOPLE = 20_000;
const TURNS = 5;

export const bench: Bench = {
  summary: 'Reads a directory: in the sync worker, and with ldapts alone',
  // 0.8 × the speed of bare ldapts.
  atMost: { times_bare: 1.25, poll_s: 1 },
  async run(say) {
    await using slapd = await startSlapd(ldif());
    const options: DirectoryOptions = {
      name: 'office',
      kind: 'openldap',
      servers: [{ host: 'localhost', port: slapd.port, security: 'tls' }],
      ca: slapd.ca,
      bindName: `uid=p0,ou=people,${SUFFIX}`,
      password: 'pw',
      domain: '',
      bases: [],
      groups: [],
      people: 'all',
      includeDisabled: false,
      attributes: attributeNames('openldap', { cards: ['employeeNumber'] }),
      timeout: 60_000,
    };
    const times = { bare: [] as number[], sync: [] as number[], poll: [] as number[] };
    for (let turn = 0; turn < TURNS; turn++) {
      times.bare.push(await timed(() => bare(options)));
      let picture: Uint8Array | undefined;
      times.sync.push(
        await timed(async () => {
          picture = await read(options, undefined, PEOPLE);
        }),
      );
      times.poll.push(await timed(() => read(options, picture, 0)));
      say(
        `bare ${times.bare.at(-1)?.toFixed(2)} s, sync ${times.sync.at(-1)?.toFixed(2)} s, poll ${times.poll.at(-1)?.toFixed(3)} s`,
      );
    }
    const best = (all: readonly number[]) => Math.min(...all);
    const figures: Figures = {
      people: PEOPLE,
      bare_s: rounded(best(times.bare)),
      sync_s: rounded(best(times.sync)),
      times_bare: rounded(best(times.sync) / best(times.bare)),
      poll_s: rounded(best(times.poll)),
    };
    return figures;
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The same question, with what ldapts itself offers for it. */
async function bare({ servers: [server], ca, bindName, password, timeout, attributes }: DirectoryOptions) {
  await using client = new Client({ url: `ldaps://localhost:${server?.port}`, timeout, tlsOptions: { ca } });
  await client.bind(bindName, password);
  const names = Object.values(attributes)
    .flat()
    .filter((each) => each !== '');
  const { searchEntries } = await client.search(SUFFIX, {
    filter: '(&(uid=*)(|(objectClass=person)(objectClass=posixAccount)))',
    attributes: ['entryUUID', 'shadowExpire', 'pwdAccountLockedTime', 'userAccountControl', ...names],
    paged: { pageSize: 1000 },
  });
  if (searchEntries.length !== PEOPLE) throw new Error(`${searchEntries.length} people`);
}

async function read(options: DirectoryOptions, picture: Uint8Array | undefined, expected: number) {
  await using reading = new DirectoryReading({ options, picture, now: Date.now() }, () => {});
  let people = 0;
  for await (const _ of reading.delta.upserts) people++;
  if (people !== expected) throw new Error(`${people} people`);
  return reading.result.picture;
}

function ldif(): string {
  const entries = [
    `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: p\ndc: print\n`,
    `dn: ou=people,${SUFFIX}\nobjectClass: organizationalUnit\nou: people\n`,
  ];
  for (let at = 0; at < PEOPLE; at++) {
    entries.push(
      `dn: uid=p${at},ou=people,${SUFFIX}\nobjectClass: inetOrgPerson\nuid: p${at}\ncn: Given Family ${at}\nsn: Family ${at}\n` +
        `givenName: Given\ndisplayName: Given Family ${at}\nmail: p${at}@print.test\ndepartmentNumber: D${at % 20}\n` +
        `roomNumber: B${at % 7}\nemployeeNumber: ${100_000 + at}\nuserPassword: pw\n`,
    );
  }
  return entries.join('\n');
}

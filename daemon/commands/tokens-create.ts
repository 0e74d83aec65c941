/** `holdfast tokens create LABEL`: a secret address of the queues for a person, a machine, or an operator. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { canonicalNetwork, prefixLength } from '../../base/networks.ts';
import { printable } from '../../base/text.ts';
import { Days, Milliseconds, Minutes, parseDuration } from '../../base/units.ts';
import { parseNamingRule } from '../../identity/tokens/naming.ts';
import type { NewToken } from '../../identity/tokens/tokens.ts';
import { nameOf } from '../../spool/formats/media-types.ts';
import type { Gateway } from '../gateway.ts';
import { personNamed } from '../person-named.ts';
import { queueUris } from '../queue-uris.ts';
import { defineCommand, type Typed } from './command.ts';
import { type ListedToken, listedToken } from './listed-token.ts';

interface Arguments {
  readonly label: string;
  readonly kind: 'personal' | 'submitter' | 'operator';
  readonly person: string;
  readonly mayName: string;
  readonly networks: string[];
  readonly queues: string[];
  readonly formats: string[];
  /** Milliseconds from now. */
  readonly expires?: number | undefined;
}

interface Result extends ListedToken {
  /** Told here and never again. */
  readonly secret: string;
  /** What a client is to be given, one for each queue. */
  readonly uris: readonly string[];
  readonly warnings: readonly string[];
}

const SHORTEST_LIFE = Minutes(1);
const LONGEST_LIFE = Days(3660);
const LONGEST_LABEL = 64;
const MOST = 100;

const words = z.array(z.string().min(1).max(255)).max(MOST);

export const tokensCreate = defineCommand<Arguments, Result>({
  name: 'tokens create',
  summary: 'Make a secret address for a person, for a machine that prints for others, or for an operator',
  words: [['<label>', 'what you call it']],
  options: [
    ['--person <user>', 'whatever comes by it is theirs'],
    ['--submitter', 'of a print server or an ERP: its jobs belong to whom it names'],
    ['--may-name <users>', 'with --submitter: "all", or user names with commas; * stands for any characters'],
    ['--formats <types>', 'with --submitter: media types that only it may print, with commas'],
    ['--operator', 'may pause queues and cancel jobs over IPP'],
    ['--from <networks>', 'addresses and networks that it works from, with commas; a submitter needs some'],
    ['--queues <names>', 'queues that it works at, with commas; all unless told'],
    ['--expires <duration>', 'how long it works, such as "90 d"; until it is revoked unless told'],
  ],
  request: (typed) => ({ arguments: argumentsOf(typed) }),
  arguments: z.strictObject({
    label: z.string().min(1).max(LONGEST_LABEL),
    kind: z.enum(['personal', 'submitter', 'operator']),
    person: z.string().max(255),
    mayName: z.string().max(100_000),
    networks: words,
    queues: words,
    formats: words,
    expires: z.number().min(SHORTEST_LIFE).max(LONGEST_LIFE).optional(),
  }),
  async handle({ gateway, arguments: args }) {
    const life = args.expires === undefined ? undefined : Milliseconds(args.expires);
    const { token, secret } = await gateway.credentials.tokens.create(newToken(gateway, args), life);
    const names = token.queues.length > 0 ? token.queues : gateway.config.queues.map(({ name }) => name);
    const uris = names.map((name) => `${queueUris(gateway, name).secure}/${secret.reveal()}`);
    return {
      ...listedToken(gateway, { token }),
      secret: secret.reveal(),
      uris,
      warnings: token.networks.filter(isWide).map(wide),
    };
  },
  show: ({ id, uris, warnings }) =>
    [
      ...warnings.map((warning) => `warning: ${warning}`),
      `token ${id} made. Keep these addresses as you would a password: they are not shown again.`,
      ...uris.map((uri) => `  ${uri}`),
      '"holdfast connect show --token" tells how to add one to a computer or phone.',
      `"holdfast tokens revoke ${id}" ends it at once.`,
    ].join('\n'),
});

/** @throws Failure `bad-token` for options that do not go together */
function argumentsOf({ words: [label = ''], options }: Typed): Arguments {
  const kinds = {
    personal: options['person'],
    submitter: options['submitter'],
    operator: options['operator'],
  };
  const [kind, ...others] = (Object.keys(kinds) as (keyof typeof kinds)[]).filter((each) => kinds[each]);
  if (kind === undefined || others.length > 0) {
    throw bad('one of --person USER, --submitter and --operator says whose token it is');
  }
  if (kind !== 'submitter' && (options['mayName'] !== undefined || options['formats'] !== undefined)) {
    throw bad('--may-name and --formats are for --submitter');
  }
  if (kind === 'submitter' && (options['mayName'] === undefined || options['from'] === undefined)) {
    throw bad('--submitter needs --may-name (for whom it may print) and --from (where it stands)');
  }
  const expires = options['expires'];
  return {
    label: labelOf(label),
    kind,
    person: textOf(options['person']),
    mayName: textOf(options['mayName']),
    networks: listOf(options['from']),
    queues: listOf(options['queues']),
    formats: listOf(options['formats']),
    ...(expires === undefined ? {} : { expires: lifeOf(textOf(expires)) }),
  };
}

const textOf = (option: string | boolean | undefined): string => (typeof option === 'string' ? option : '');

const listOf = (option: string | boolean | undefined): string[] =>
  textOf(option)
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

function labelOf(text: string): string {
  const label = text.trim();
  if (label === '' || label.length > LONGEST_LABEL || printable(label) !== label) {
    throw bad(`the label must be a text of 1 to ${LONGEST_LABEL} characters`);
  }
  return label;
}

function lifeOf(text: string): Milliseconds {
  const life = parseDuration(text);
  if (life < SHORTEST_LIFE || life > LONGEST_LIFE) throw bad('--expires must be from 1 min to 3660 d');
  return life;
}

/** @throws Failure for people, queues, networks and formats that are not there */
function newToken(gateway: Gateway, args: Arguments): NewToken {
  const { label, kind, queues } = args;
  const unknown = queues.find((name) => !gateway.config.queues.some((queue) => queue.name === name));
  if (unknown !== undefined) throw bad(`there is no queue "${printable(unknown, 60)}"`);
  const base = {
    label,
    queues,
    networks: args.networks.map(networkOf),
  };
  switch (kind) {
    case 'personal':
      return { ...base, kind, person: personNamed(gateway.identity, args.person).id };
    case 'submitter':
      if (base.networks.length === 0) throw bad('a submitter needs networks that it works from');
      return { ...base, kind, mayName: parseNamingRule(args.mayName), formats: args.formats.map(formatOf) };
    case 'operator':
      return { ...base, kind };
    default:
      return kind satisfies never;
  }
}

function networkOf(text: string): string {
  try {
    const network = canonicalNetwork(text);
    if (prefixLength(network) > 0) return network;
    throw new Failure('bad-network', 'is every address there is; leave it out, or say from where');
  } catch (error) {
    if (error instanceof Failure) throw bad(`--from: "${printable(text, 60)}" ${error.message}`);
    throw error;
  }
}

/** Wider than any one network that somebody runs: 10.0.0.0/8 is the widest of IPv4, a /32 all that a provider has of IPv6. */
const isWide = (network: string): boolean => prefixLength(network) < (network.includes(':') ? 32 : 8);
const wide = (network: string): string =>
  `${network} is very wide: whoever learns the address can use it from anywhere there`;

function formatOf(text: string): string {
  const format = text.toLowerCase();
  if (nameOf(format) === undefined) throw bad(`"${printable(text, 60)}" is no format that is known here`);
  return format;
}

const bad = (message: string) => new Failure('bad-token', message);

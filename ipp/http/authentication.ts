/** Proves to a printer who asks: Basic (RFC 7617), only over TLS, and Digest (RFC 7616). */
import { createHash, randomBytes } from 'node:crypto';
import { Failure } from '../../base/errors.ts';
import type { Secret } from '../../base/secrets/secret.ts';

export interface Login {
  /** Without control characters. */
  readonly user: string;
  /** Asked when a printer wants it for the first time, and anew when it refuses. @throws Failure */
  password(): Promise<Secret<string>>;
}

/** Characters of a challenge that are looked at. */
const LONGEST = 4096;
/** The better first; names of RFC 7616 §3.3 and of node:crypto. */
const ALGORITHMS = [
  ['SHA-512-256', 'sha512-256'],
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
] as const;

type Challenge = {
  /** The printer says that it reads letters beyond ASCII as UTF-8 (`charset`). */
  readonly isUtf8: boolean;
} & (
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'digest';
      readonly algorithm: (typeof ALGORITHMS)[number];
      readonly realm: string;
      readonly nonce: string;
      readonly opaque: string | undefined;
      /** Undefined: of RFC 2069, without `qop`. */
      readonly qop: 'auth' | undefined;
    }
);

export class Authentication {
  readonly #login: Login;
  readonly #secure: boolean;
  readonly #newNonce: () => string;
  #challenge: Challenge | undefined;
  #password: Secret<string> | undefined;
  #count = 0;

  /**
   * @param secure whether the connection is encrypted
   * @param newNonce of the client's own
   */
  constructor(login: Login, secure: boolean, newNonce = () => randomBytes(16).toString('hex')) {
    this.#login = login;
    this.#secure = secure;
    this.#newNonce = newNonce;
  }

  /** The printer has asked for it: every request proves it, and documents wait until the printer wants them. */
  get active(): boolean {
    return this.#challenge !== undefined;
  }

  /**
   * Takes a 401's `WWW-Authenticate`.
   * @throws Failure `login-impossible` when nothing in it can be answered
   */
  async take(header: string): Promise<void> {
    const challenges = challengesIn(header);
    const digests = challenges.flatMap((each) => (each.scheme === 'digest' ? [each] : []));
    const best = ALGORITHMS.map((algorithm) => digests.find((each) => each.algorithm === algorithm));
    const basic = challenges.find(({ scheme }) => scheme === 'basic');
    const chosen = best.find((each) => each !== undefined) ?? (this.#secure ? basic : undefined);
    if (chosen === undefined) {
      const why =
        basic === undefined
          ? 'in a way that is not known here'
          : 'by Basic, over a connection that is not encrypted';
      throw new Failure('login-impossible', `wants a password ${why}`, { advice: 'Reach it over ipps:' });
    }
    this.#challenge = chosen;
    this.#count = 0;
    this.#password = await this.#login.password();
  }

  /** What may be wrong with a proof that is refused, beside the password. */
  get doubt(): string | undefined {
    const isSure = this.#challenge?.isUtf8 === true || isAscii(this.#login.user + this.#password?.reveal());
    return isSure
      ? undefined
      : 'it does not say how it reads letters beyond ASCII, such as ł or ü: choose a user and a password without any';
  }

  /**
   * The `Authorization` of the next request, an octet in each character; undefined as long as none is wanted. Letters go as UTF-8 in
   * NFC, where a printer says that it wants that (RFC 7616 §4, RFC 7617 §2.1), and where it says nothing, as browsers do.
   */
  header(method: string, path: string): string | undefined {
    const [challenge, password] = [this.#challenge, this.#password?.reveal().normalize('NFC')];
    if (challenge === undefined || password === undefined) return undefined;
    const user = this.#login.user.normalize('NFC');
    if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const { realm, nonce, opaque, qop, algorithm, isUtf8 } = challenge;
    const hash = (text: string) => createHash(algorithm[1]).update(text).digest('hex');
    this.#count++;
    const count = this.#count.toString(16).padStart(8, '0');
    const own = this.#newNonce();
    const [who, what] = [hash(`${user}:${realm}:${password}`), hash(`${method}:${path}`)];
    const proof = qop === undefined ? [who, nonce, what] : [who, nonce, count, own, qop, what];
    const fields = [
      isUtf8 && !isAscii(user) ? `username*=${extended(user)}` : `username=${quoted(octetsOf(user))}`,
      `realm=${quoted(realm)}, nonce=${quoted(nonce)}, uri=${quoted(path)}`,
      `algorithm=${algorithm[0]}, response="${hash(proof.join(':'))}"`,
      ...(qop === undefined ? [] : [`qop=${qop}, nc=${count}, cnonce="${own}"`]),
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ];
    return `Digest ${fields.join(', ')}`;
  }
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const octetsOf = (text: string): string => Buffer.from(text).toString('latin1');

/** An `ext-value` (RFC 8187 §3.2). */
const extended = (text: string): string =>
  `UTF-8''${octetsOf(text).replace(/[^\w!#$&+.^`|~-]/g, (octet) => `%${Buffer.from(octet, 'latin1').toString('hex').toUpperCase()}`)}`;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** A scheme, or a parameter of the scheme before it (RFC 9110 §11.6.1). */
const PART = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

function challengesIn(header: string): Challenge[] {
  const found: { scheme: string; fields: Map<string, string> }[] = [];
  for (const [, name = '', text, word] of header.slice(0, LONGEST).matchAll(PART)) {
    const value = text?.replace(/\\(.)/g, '$1') ?? word;
    if (value === undefined) found.push({ scheme: name.toLowerCase(), fields: new Map() });
    else found.at(-1)?.fields.set(name.toLowerCase(), value);
  }
  return found.flatMap(({ scheme, fields }) => challengeOf(scheme, fields) ?? []);
}

function challengeOf(scheme: string, fields: ReadonlyMap<string, string>): Challenge | undefined {
  const isUtf8 = fields.get('charset')?.toUpperCase() === 'UTF-8';
  if (scheme === 'basic') return { scheme, isUtf8 };
  const [realm, nonce] = [fields.get('realm'), fields.get('nonce')];
  const name = (fields.get('algorithm') ?? 'MD5').toUpperCase();
  const algorithm = ALGORITHMS.find(([each]) => each === name);
  if (scheme !== 'digest' || realm === undefined || nonce === undefined || algorithm === undefined)
    return undefined;
  // It goes back into a header.
  if (![realm, nonce, fields.get('opaque') ?? ''].every(isAscii)) return undefined;
  const offered = fields.get('qop')?.split(/\s*,\s*/);
  if (offered !== undefined && !offered.includes('auth')) return undefined;
  const qop = offered === undefined ? undefined : 'auth';
  return { scheme, isUtf8, algorithm, realm, nonce, opaque: fields.get('opaque'), qop };
}

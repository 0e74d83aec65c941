/** By which of a queue's three addresses a request comes in, and what it proves there; before its body is read. */
import { type BasicCredentials, parseBasic } from '../../base/http/basic.ts';
import type { RequestExchange } from '../../base/http/routes.ts';
import type { Milliseconds } from '../../base/units.ts';
import type { PasswordCheck } from '../../identity/passwords/password-check.ts';
import type { Person, PersonId } from '../../identity/person.ts';
import { mayName } from '../../identity/tokens/naming.ts';
import type { Token } from '../../identity/tokens/token.ts';
import type { Tokens } from '../../identity/tokens/tokens.ts';
import { HttpRefusal } from '../../ipp/http/http-refusal.ts';
import type { Queues } from '../queue.ts';
import type { Requester } from './ownership.ts';

/** What the entrance needs of identity. */
export interface Submitters {
  readonly passwords: Pick<PasswordCheck, 'verifyPassword'>;
  readonly tokens: Pick<Tokens, 'find' | 'isLive'>;
  person(id: PersonId): Person | undefined;
}

/** `/ipp/NAME`, `/ipp/NAME/auth`, `/ipp/NAME/TOKEN`; `nowhere` for a token that does not work here. */
export type EntranceKind = 'claimed' | 'auth' | 'token' | 'nowhere';

export interface Entrance {
  readonly kind: EntranceKind;
  /** What its addresses have behind the queue's name: empty, `/auth`, or `/` and the token. A secret. */
  readonly suffix: string;
  /** What was proved. */
  readonly proof: Omit<Requester, 'address' | 'claimedName'>;
  /** False once its token is revoked: a document under way is not taken any more. */
  isLive(): boolean;
}

const AUTH = 'auth';
const NO_PROOF = { operator: false, allowedFormats: [] } as const;
const always = () => true;

/** Of whoever proves nothing. */
export const OPEN_ENTRANCE: Entrance = { kind: 'claimed', suffix: '', proof: NO_PROOF, isLive: always };

/** Route parameters: `queue`, and `entrance` where something stands behind it. */
export async function enter(
  exchange: RequestExchange,
  queues: Queues,
  submitters: Submitters,
): Promise<Entrance> {
  const { queue, entrance } = exchange.parameters;
  if (queue !== undefined && !queues.has(queue)) return nowhere(exchange);
  if (entrance !== undefined && entrance !== AUTH)
    return enterByToken(exchange, entrance, queues, submitters);
  const kind = entrance === AUTH ? 'auth' : 'claimed';
  const suffix = entrance === AUTH ? `/${AUTH}` : '';
  // A password that came in the clear cannot be taken back, but it can be left unlooked at, and is never asked for.
  if (kind === 'auth' && !exchange.secure) throw wantsTls();
  const credentials = exchange.secure ? credentialsOf(exchange) : undefined;
  if (credentials === undefined) return { kind, suffix, proof: NO_PROOF, isLive: always };
  const person = await checkPassword(credentials, exchange.address, submitters);
  const proof = { ...NO_PROOF, verified: person.id, verifiedName: person.userName };
  return { kind, suffix, proof, isLive: () => submitters.person(person.id) !== undefined };
}

/** Who asks before sending a document hears at once that nobody takes it; others hear it in IPP. */
function nowhere({ request }: RequestExchange): Entrance {
  if (request.headers.expect !== undefined) throw new HttpRefusal(404, 'there is no such printer');
  return { ...OPEN_ENTRANCE, kind: 'nowhere' };
}

/** What `/auth` answers to a request that must prove who sends it, and does not. */
export function wantsPassword(): HttpRefusal {
  return new HttpRefusal(401, 'user name and password are wanted', {
    'WWW-Authenticate': 'Basic realm="Holdfast", charset="UTF-8"',
  });
}

function wantsTls(): HttpRefusal {
  return new HttpRefusal(426, 'this address is for TLS only: use ipps instead of ipp', {
    Upgrade: 'TLS/1.2, HTTP/1.1',
    Connection: 'close, Upgrade',
  });
}

function wait(milliseconds: Milliseconds, status: 429 | 503, message: string): HttpRefusal {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return new HttpRefusal(status, message, { 'Retry-After': `${seconds}` });
}

/** @throws HttpRefusal for a header that is there and cannot be read */
function credentialsOf({ request }: RequestExchange): BasicCredentials | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  const credentials = parseBasic(authorization);
  if (credentials === undefined) throw wantsPassword();
  return credentials;
}

async function checkPassword(
  { userName, password }: BasicCredentials,
  address: string,
  { passwords }: Submitters,
): Promise<Person> {
  const result = await passwords.verifyPassword(userName, password, address);
  if (result.right) return result.person;
  switch (result.reason) {
    case 'wrong':
      throw wantsPassword();
    case 'throttled':
      throw wait(result.wait, 429, 'too many wrong passwords; try again later');
    case 'busy':
      throw wait(result.wait, 503, 'too many passwords are being checked; try again');
    default:
      return result.reason satisfies never;
  }
}

function enterByToken(
  exchange: RequestExchange,
  secret: string,
  queues: Queues,
  submitters: Submitters,
): Entrance {
  const { address, secure, parameters } = exchange;
  const queue = parameters['queue'] ?? '';
  const confidential = secure || queues.get(queue)?.tokensWithoutTls === 'allow';
  const found = submitters.tokens.find(secret, { queue, address, confidential });
  // The same for every token, so that it tells nothing of this one.
  if (!confidential) throw wantsTls();
  if (!found.found) {
    if (found.wait > 0) throw wait(found.wait, 429, 'too many unknown addresses; try again later');
    return nowhere(exchange);
  }
  const { token } = found;
  const proof = proofOf(token, submitters);
  if (proof === undefined) return nowhere(exchange);
  return { kind: 'token', suffix: `/${secret}`, proof, isLive: () => submitters.tokens.isLive(token.id) };
}

/** Undefined when the token's person is gone. */
function proofOf(token: Token, submitters: Submitters): Entrance['proof'] | undefined {
  switch (token.kind) {
    case 'personal': {
      const person = submitters.person(token.person);
      if (person === undefined) return undefined;
      return { ...NO_PROOF, verified: person.id, verifiedName: person.userName };
    }
    case 'submitter': {
      const naming = { id: token.id, mayName: (_: PersonId, name: string) => mayName(token.mayName, name) };
      return { token: naming, operator: false, allowedFormats: token.formats };
    }
    case 'operator':
      return { ...NO_PROOF, operator: true };
    default:
      return token satisfies never;
  }
}

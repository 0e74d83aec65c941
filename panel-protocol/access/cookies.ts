/** The two cookies of a panel's browser: its key, and the secret with which it waits for one. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from '../../base/http/routes.ts';
import type { Milliseconds } from '../../base/units.ts';

export type CookieName = 'panel' | 'waiting';

/** Of a cookie header that is looked through; Node bounds all headers together. */
const LONGEST_HEADER = 8192;

/**
 * `__Host-` (RFC 6265bis §4.1.3.2): only this host can have set it, and over TLS; nobody on the way can plant another
 * panel's key. On loopback without TLS browsers do not take that name.
 */
const nameOf = (name: CookieName, secure: boolean): string => `${secure ? '__Host-' : ''}holdfast-${name}`;

export function readCookie({ request, secure }: Pick<Exchange, 'request' | 'secure'>, name: CookieName) {
  return valueIn(request, nameOf(name, secure));
}

function valueIn(request: IncomingMessage, name: string): string | undefined {
  const header = (request.headers.cookie ?? '').slice(0, LONGEST_HEADER);
  const pair = header
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

/** @param value letters, digits, `-` and `_` only; undefined makes the browser forget it */
export function setCookie(
  response: ServerResponse,
  secure: boolean,
  name: CookieName,
  value: string | undefined,
  life: Milliseconds,
): void {
  const age = value === undefined ? 0 : Math.floor(life / 1000);
  const parts = [
    `${nameOf(name, secure)}=${value ?? ''}`,
    'Path=/',
    `Max-Age=${age}`,
    'HttpOnly',
    'SameSite=Strict',
  ];
  response.appendHeader('Set-Cookie', [...parts, ...(secure ? ['Secure'] : [])].join('; '));
}

/** What a simulated printer wants before it answers: Basic (RFC 7617) or Digest (RFC 7616). */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface HttpRefusal {
  readonly status: number;
  readonly headers: string[];
}

export interface WantedLogin {
  readonly scheme: 'Basic' | 'Digest';
  readonly user: string;
  readonly password: string;
  /** Each nonce is good for one request. */
  readonly once?: true;
}

const REALM = 'printer';

export function challenge({ scheme }: WantedLogin, nonce: string): HttpRefusal {
  const more = scheme === 'Digest' ? `, nonce="${nonce}", qop="auth", algorithm=SHA-256` : '';
  return { status: 401, headers: ['WWW-Authenticate', `${scheme} realm="${REALM}"${more}`] };
}

/** RFC 7617, RFC 7616 §3.4. */
export function isLoggedIn(
  { headers, method, url }: IncomingMessage,
  { scheme, user, password }: WantedLogin,
  nonce: string,
): boolean {
  const sent = headers.authorization ?? '';
  if (scheme === 'Basic') return sent === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const fields = new Map([...sent.matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name, value]) => [name, value]));
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const parts = [nonce, fields.get('nc'), fields.get('cnonce'), 'auth', sha(`${method}:${url}`)];
  return fields.get('response') === sha([sha(`${user}:${REALM}:${password}`), ...parts].join(':'));
}

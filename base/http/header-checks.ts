/** What the headers of every request must be like, so that no route can forget to look. */
import type { IncomingMessage } from 'node:http';
import { authorityOf } from './request-target.ts';
import type { Refusal } from './routes.ts';
import { secureAddress, TLS_PROTOCOL } from './tls/upgrade.ts';

export interface HeaderRules {
  hostAllowed(host: string): boolean;
  /** Whether requests in the clear are sent to TLS. */
  readonly tlsRequired: boolean;
}

const OTHER_NAME: Refusal = {
  status: 421,
  text: 'this gateway has another name; add yours to gateway.host-names',
};

export function headerTrouble(request: IncomingMessage, rules: HeaderRules): Refusal | undefined {
  const { host, origin } = request.headers;
  // RFC 9112 §3.2: whoever stands between could have looked at the other one.
  if (hostsIn(request) > 1) return { status: 400, text: 'more than one Host' };
  const authority = authorityOf(request.url ?? '');
  if (
    (host !== undefined && !rules.hostAllowed(host)) ||
    (authority !== undefined && !rules.hostAllowed(authority))
  ) {
    return OTHER_NAME;
  }
  const secure = isSecure(request);
  if (origin !== undefined && !isSameOrigin(origin, host, secure)) {
    return { status: 403, text: 'asked by another site' };
  }
  return rules.tlsRequired && !secure ? encryptionNeeded(request) : undefined;
}

function hostsIn({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((each, index) => index % 2 === 0 && each.toLowerCase() === 'host').length;
}

export function isSecure(request: IncomingMessage): boolean {
  return 'encrypted' in request.socket;
}

/** RFC 9110 §15.5.22. Browsers do not know that status: they are led on. */
export function encryptionNeeded(request: IncomingMessage): Refusal {
  const location = secureAddress(request);
  return location === undefined
    ? { status: 426, text: 'only TLS is taken here', headers: { Upgrade: TLS_PROTOCOL } }
    : { status: 307, text: 'only TLS is taken here', headers: { Location: location } };
}

/** The page of the same host in the clear is another site: anybody on the way could have written it. */
function isSameOrigin(origin: string, host: string | undefined, secure: boolean): boolean {
  const url = URL.parse(origin);
  return url?.protocol === (secure ? 'https:' : 'http:') && url.host === host?.toLowerCase();
}

/** From plain HTTP to TLS on the same connection, and the answers to clients that must not go on in the clear. */
import type { IncomingMessage } from 'node:http';

/**
 * Whether the client asks to go on in TLS (RFC 2817 §3.2, as CUPS does with `encryption=required`). Only OPTIONS is
 * heard so: nothing has been said in the clear by then, and it has no body. On others the wish is passed over.
 */
export function asksForTls(request: IncomingMessage): boolean {
  const { upgrade = '', 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  const wanted = upgrade.split(',').some((each) => /^tls\/1\.\d$/i.test(each.trim()));
  return request.method === 'OPTIONS' && wanted && length === '0' && coding === undefined;
}

/** What `Upgrade` names: HTTP inside TLS; the version is settled by its handshake. */
export const TLS_PROTOCOL = 'TLS/1.2, HTTP/1.1';

export const SWITCHING = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${TLS_PROTOCOL}\r\n\r\n`;

/** The request once more, to be read inside TLS, where it is answered (RFC 2817 §3.3). */
export function asRead(request: IncomingMessage): Buffer {
  const { method, url, httpVersion, headers } = request;
  const host = headers.host === undefined ? '' : `Host: ${headers.host}\r\n`;
  return Buffer.from(`${method} ${url} HTTP/${httpVersion}\r\n${host}\r\n`, 'latin1');
}

/** Where a browser finds the same inside TLS, as the port is the same; undefined for what is not to be sent again. */
export function secureAddress(request: IncomingMessage): string | undefined {
  const { method, url = '', headers } = request;
  const repeatable = (method === 'GET' || method === 'HEAD') && headers.upgrade === undefined;
  return repeatable && headers.host !== undefined && url.startsWith('/')
    ? `https://${headers.host}${url}`
    : undefined;
}

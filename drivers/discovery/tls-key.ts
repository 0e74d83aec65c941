/** Which key a printer shows in a TLS handshake. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { fingerprintOf } from '../../ipp/http/connections.ts';
import { parsePrinterUri } from '../../ipp/http/printer-uri.ts';

/** Connects, shakes hands and closes. Resolves to the SHA-256 of its public key (SPKI, RFC 5280 §4.1), hex. @throws what is in the way */
export function readKey(uri: string, signal: AbortSignal): Promise<string> {
  const { host, port } = parsePrinterUri(uri);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      // Whoever it is: that is what is asked.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const stop = () => socket.destroy(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    socket.once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('the connection was closed in the TLS handshake'));
    });
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error('it has shown no certificate'));
      else resolve(fingerprintOf(certificate));
    });
  });
}

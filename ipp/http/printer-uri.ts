/** Where a printer's URI leads to (RFC 3510, RFC 7472). */
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';

export interface PrinterAddress {
  /** Over TLS. */
  readonly secure: boolean;
  /** A name, or a literal address without brackets. */
  readonly host: string;
  readonly port: number;
  /** With its query; begins with a slash. */
  readonly path: string;
}

const SCHEMES: Readonly<Record<string, { secure: boolean; port: number }>> = {
  ipp: { secure: false, port: 631 },
  ipps: { secure: true, port: 631 },
  http: { secure: false, port: 80 },
  https: { secure: true, port: 443 },
};

/** A password is not shown, even where it should not be. */
const CREDENTIALS = /\/\/[^/]*@/;

/** `ipp://printer.example.org/ipp/print`. @throws Failure `bad-uri` */
export function parsePrinterUri(uri: string): PrinterAddress {
  const bad = (problem: string): Failure =>
    new Failure('bad-uri', `${printable(uri.replace(CREDENTIALS, '//…@'), 200)}: ${problem}`, {
      advice: 'Write it like ipp://printer.example.org/ipp/print',
    });
  const [, name = '', rest = ''] = /^([a-z]+):(\/\/[^/].*)$/i.exec(uri) ?? [];
  const scheme = SCHEMES[name.toLowerCase()];
  if (scheme === undefined) throw bad('no ipp, ipps, http or https URI');
  // A scheme that the parser has no default port for keeps the port as it was written.
  if (!URL.canParse(`ipp:${rest}`)) throw bad('not a URI');
  const url = new URL(`ipp:${rest}`);
  if (url.username !== '' || url.password !== '') throw bad('credentials do not belong in a URI');
  if (url.hash !== '') throw bad('a URI of a printer has no fragment');
  return {
    secure: scheme.secure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase(),
    port: url.port === '' ? scheme.port : Number(url.port),
    path: `${url.pathname === '' ? '/' : url.pathname}${url.search}`,
  };
}

/** For messages: `printer.example.org:631`, `[fe80::1]:631`. */
export function hostAndPort({ host, port }: PrinterAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The Host header: without the port that HTTP has by itself (RFC 9110 §7.2). */
export function hostHeader(address: PrinterAddress): string {
  const full = hostAndPort(address);
  return address.port === (address.secure ? 443 : 80) ? full.slice(0, full.lastIndexOf(':')) : full;
}

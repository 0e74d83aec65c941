/** What a request to a printer is made of, and its HTTP head. */
import type { ClientRequest } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import type { Leniency } from '../codec/leniency.ts';
import type { CodecLimits } from '../codec/limits.ts';
import type { Connections } from './connections.ts';
import type { DocumentSource } from './document-source.ts';
import type { PrinterAddress } from './printer-uri.ts';
import type { ClientTimeouts } from './timeouts.ts';

/** What all requests of a client share. */
export interface ExchangeContext {
  readonly address: PrinterAddress;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly limits: CodecLimits;
  readonly leniency: Leniency;
  /** What the answers told of the printer. */
  readonly printer: { speaksHttp10: boolean };
}

export interface Sending {
  /** The encoded message. */
  readonly octets: Buffer;
  readonly document: DocumentSource | undefined;
  readonly timeouts: ClientTimeouts;
  readonly expectContinue: boolean;
  /** `Authorization`, where the printer wants one. */
  readonly authorization: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Its head says what follows; nothing is sent yet. */
export function openRequest({ connections }: ExchangeContext, sending: Sending): ClientRequest {
  const { octets, document, expectContinue, authorization } = sending;
  const request = connections.open();
  const documentLength = document === undefined ? 0 : document.length;
  if (documentLength === undefined) request.setHeader('Transfer-Encoding', 'chunked');
  else request.setHeader('Content-Length', octets.length + documentLength);
  if (authorization !== undefined) request.setHeader('Authorization', authorization);
  if (expectContinue) request.setHeader('Expect', '100-continue');
  return request;
}

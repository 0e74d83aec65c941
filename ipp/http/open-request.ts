/** What a request to a printer is made of, and its HTTP head. */
import { type ClientRequest, request } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import type { Leniency } from '../codec/leniency.ts';
import type { CodecLimits } from '../codec/limits.ts';
import type { Connections } from './connections.ts';
import type { DocumentSource } from './document-source.ts';
import { hostHeader, type PrinterAddress } from './printer-uri.ts';
import { MEDIA_TYPE } from './reply.ts';
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

/** Nothing is sent yet. */
export function openRequest({ address, connections }: ExchangeContext, sending: Sending): ClientRequest {
  return request({
    agent: connections.agent,
    host: address.host,
    port: address.port,
    path: address.path,
    method: 'POST',
    headers: { Host: hostHeader(address), 'User-Agent': 'Holdfast', ...bodyHeaders(sending) },
  });
}

function bodyHeaders({
  octets,
  document,
  expectContinue,
  authorization,
}: Sending): Record<string, string | number> {
  const documentLength = document === undefined ? 0 : document.length;
  return {
    'Content-Type': MEDIA_TYPE,
    ...(documentLength === undefined
      ? { 'Transfer-Encoding': 'chunked' }
      : { 'Content-Length': octets.length + documentLength }),
    ...(authorization === undefined ? {} : { Authorization: authorization }),
    ...(expectContinue ? { Expect: '100-continue' } : {}),
  };
}

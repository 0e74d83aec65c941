/** Stands between a print client and the gateway and keeps the documents that went by, as the client sent them. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RESPONSE_LIMITS } from '../../ipp/codec/limits.ts';
import { MessageScanner } from '../../ipp/codec/scanner.ts';

export class RecordingProxy implements AsyncDisposable {
  readonly #server: Server;
  /** What followed the attributes of each request that had something there, in order. */
  readonly documents: Buffer[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param target `localhost:PORT` of the gateway. */
  static async start(target: string): Promise<RecordingProxy> {
    const [host = '', port] = target.split(':');
    const proxy: RecordingProxy = new RecordingProxy(
      createServer((incoming, outgoing) => {
        const chunks: Buffer[] = [];
        const {
          'transfer-encoding': _chunked,
          'content-length': _length,
          expect: _expect,
          ...headers
        } = incoming.headers;
        const forwarded = httpRequest(
          { host, port, path: incoming.url, method: incoming.method, headers },
          (answer) => {
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(outgoing);
          },
        );
        forwarded.on('error', () => outgoing.destroy());
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => proxy.#keep(Buffer.concat(chunks)));
        incoming.pipe(forwarded);
      }),
    );
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(body: Buffer): void {
    const scanned = new MessageScanner(RESPONSE_LIMITS).push(body);
    if (scanned !== undefined && scanned.rest.length > 0) this.documents.push(Buffer.from(scanned.rest));
  }
}

/** A TCP proxy that breaks the connection after so many octets of the server's answers. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class CuttingProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #limit = Number.POSITIVE_INFINITY;
  #atLimit: (() => void) | undefined;
  /** Octets from the server since the last {@link cutAfter}. */
  passed = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(target: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
    const proxy: CuttingProxy = new CuttingProxy(
      createServer((client) => {
        const server = connect(target.port, target.host);
        const cut = () => {
          client.destroy();
          server.destroy();
        };
        for (const socket of [client, server]) {
          proxy.#sockets.add(socket);
          socket.on('error', cut);
          socket.on('close', () => {
            proxy.#sockets.delete(socket);
            cut();
          });
        }
        client.pipe(server);
        server.on('data', (chunk) => {
          proxy.passed += chunk.length;
          if (proxy.passed <= proxy.#limit) client.write(chunk);
          else if (proxy.#atLimit === undefined) cut();
          else proxy.#atLimit();
        });
      }),
    );
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Counts anew. @param instead what is done at the end of them; the connection stays, and nothing more passes */
  cutAfter(octets: number, instead?: () => void): void {
    this.#limit = octets;
    this.#atLimit = instead;
    this.passed = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

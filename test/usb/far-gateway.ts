/** The gateway and the printer of the whole way: on the host, as for a terminal elsewhere in the building. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { PrintClient } from '../daemon/print-client.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';

const OCTETS = 20_000;
/** Milliseconds from the swipe to the last octet at the printer; the terminal is emulated, and slow. */
const PATIENCE = 30_000;

export class FarGateway {
  readonly #gateway: GatewayProcess;
  readonly #sink: TcpSink;

  private constructor(gateway: GatewayProcess, sink: TcpSink) {
    this.#gateway = gateway;
    this.#sink = sink;
  }

  /** @param card of the one person whom it knows @param after run at the end */
  static async start(folder: string, card: string, after: (run: () => void) => void): Promise<FarGateway> {
    const sink = await TcpSink.start();
    const gateway = await GatewayProcess.start(
      { teardown: after },
      folder,
      `
queues:
  print: { claimed-names: trust }
printers:
  desk: { uri: "socket://127.0.0.1:${sink.port}", formats: [application/pdf] }
panels:
  desk: { printer: desk, sign-in: [badge], release-all: true }
`,
    );
    const people = join(folder, 'people.csv');
    await writeFile(
      people,
      `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CARD\nada@example.org,CREATE,ada,Ada,${card}\n`,
    );
    const { code, stderr } = await gateway.holdfast('people', 'import', people);
    if (code !== 0) throw new Error(stderr);
    return new FarGateway(gateway, sink);
  }

  get port(): number {
    return Number(this.#gateway.web.split(':')[1]);
  }

  /** All that it wrote. */
  get output(): string {
    return this.#gateway.output;
  }

  async approve(number: string): Promise<void> {
    const { code, stderr } = await this.#gateway.holdfast('panels', 'approve', number, '--name', 'desk');
    if (code !== 0) throw new Error(stderr);
  }

  /** Resolves when the gateway has it; nothing is printed then. */
  async hold(): Promise<void> {
    using client = new PrintClient(this.#gateway.ipp);
    await client.print(documentStream(OCTETS));
    if (this.#sink.connections > 0) throw new Error('it was printed before the swipe');
  }

  /** Resolves when the printer has all of the document that is held, octet by octet. */
  async printed(): Promise<void> {
    const end = performance.now() + PATIENCE;
    while (this.#sink.documents.length === 0) {
      if (performance.now() > end) throw new Error(`nothing was printed:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const wanted = Buffer.concat(await Array.fromAsync(documentStream(OCTETS).chunks()));
    const got = this.#sink.documents;
    if (got.length !== 1) throw new Error(`${got.length} documents were printed`);
    if (got[0]?.includes(wanted) !== true) throw new Error('what was printed is not what was sent');
  }
}

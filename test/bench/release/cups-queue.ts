/** A raw queue of a private cupsd: no filter stands between the document and the printer, so nothing slows it. */
import { systemClock } from '../../../base/clock.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { IppClient } from '../../../ipp/http/client.ts';
import { groupOf, type Message } from '../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read, readLeniently } from '../../../ipp/vocabulary/read.ts';
import { isSuccessful, statusName } from '../../../ipp/vocabulary/status.ts';
import { RawClient } from '../../ipp/http/raw-client.ts';
import type { Cups } from '../../peers/cups.ts';

/** Milliseconds between two looks whether a job has ended. */
const INTERVAL = 10;

export class CupsQueue implements Disposable {
  readonly #client: IppClient;
  readonly #port: number;
  readonly #path: string;
  readonly #uri: string;

  private constructor(port: number, name: string) {
    this.#port = port;
    this.#path = `/printers/${name}`;
    this.#uri = `ipp://127.0.0.1:${port}${this.#path}`;
    this.#client = new IppClient({ uri: this.#uri, clock: systemClock });
  }

  static async make(cups: Cups, name: string, printer: string): Promise<CupsQueue> {
    await cups.command('lpadmin', '-p', name, '-E', '-v', printer, '-m', 'raw');
    return new CupsQueue(cups.port, name);
  }

  /** Prints into the queue, which holds it. @returns its job-id */
  async hold(document: () => AsyncIterable<Uint8Array>): Promise<number> {
    const held = attributes({ 'job-hold-until': 'indefinite' });
    const answer = await this.#ask(
      request({
        operation: Operation.printJob,
        requestId: 1,
        attributes: this.#operation({
          'job-name': 'Document',
          'document-format': 'application/octet-stream',
        }),
        groups: [{ kind: 'job', attributes: held }],
      }),
      document(),
    );
    return read(groupOf(answer, 'job'), 'job-id') ?? 0;
  }

  /**
   * On a connection that stands already, as that of the gateway's panel does.
   * @returns of `performance.now()`: when the request was sent. `over`: cupsd has answered.
   */
  async release(job: number): Promise<{ readonly at: number; readonly over: Promise<void> }> {
    const named = this.#operation({ 'job-id': job });
    const octets = encodeMessage(
      request({ operation: Operation.releaseJob, requestId: 1, attributes: named }),
    );
    const head = [
      `POST ${this.#path} HTTP/1.1`,
      `Host: 127.0.0.1:${this.#port}`,
      'Content-Type: application/ipp',
      `Content-Length: ${octets.length}`,
    ];
    const client = await RawClient.connect(this.#port);
    const written = client.write(`${head.join('\r\n')}\r\n\r\n`, octets);
    const at = performance.now();
    const over = written
      .then(() => client.answer())
      .then(({ status, body }) => {
        const code = status === 200 && body.length > 4 ? body.readUInt16BE(2) : undefined;
        if (code === undefined || !isSuccessful(code)) throw new Error(`CUPS: HTTP ${status}, ${code}`);
      })
      .finally(() => client.destroy());
    return { at, over };
  }

  /** Waits until it has printed it, and its backend is gone. */
  async over(job: number): Promise<void> {
    for (;;) {
      const asked = this.#operation({ 'job-id': job, 'requested-attributes': ['job-state'] });
      const told = await this.#ask(
        request({ operation: Operation.getJobAttributes, requestId: 1, attributes: asked }),
      );
      const state = readLeniently(groupOf(told, 'job'), 'job-state') ?? 0;
      if (state === JobState.completed) return;
      if (state > JobState.completed || state === JobState.canceled)
        throw new Error(`CUPS: job-state ${state}`);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #operation(more: AttributesInput): AttributesInput {
    return { 'printer-uri': this.#uri, 'requesting-user-name': 'root', ...more };
  }

  async #ask(message: Message, document?: AsyncIterable<Uint8Array>): Promise<Message> {
    const answer = await this.#client.request(message, document === undefined ? {} : { document });
    if (!isSuccessful(answer.code)) throw new Error(`CUPS: ${statusName(answer.code)}`);
    return answer;
  }
}

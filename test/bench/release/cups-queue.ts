/** A raw queue of a private cupsd: no filter stands between the document and the printer, so nothing slows it. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
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
import type { Cups } from '../../peers/cups.ts';

/** Milliseconds between two looks whether a job has ended. */
const INTERVAL = 10;

export class CupsQueue implements Disposable {
  readonly #client: IppClient;
  readonly #port: number;
  readonly #uri: string;

  private constructor(port: number, name: string) {
    const uri = `ipp://127.0.0.1:${port}/printers/${name}`;
    this.#port = port;
    this.#uri = uri;
    this.#client = new IppClient({ uri, clock: systemClock });
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
    const { host, pathname } = new URL(this.#uri.replace('ipp:', 'http:'));
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/ipp\r\nContent-Length: ${octets.length}\r\nConnection: close\r\n\r\n`;
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    await once(socket, 'connect');
    const over = buffer(socket).then((answer) => {
      if (!answer.toString('latin1').startsWith('HTTP/1.1 200'))
        throw new Error(`CUPS: ${answer.toString('latin1')}`);
    });
    socket.write(Buffer.concat([Buffer.from(head), octets]));
    return { at: performance.now(), over };
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

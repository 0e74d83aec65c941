/** Prints to a gateway over its real port. */
import { systemClock } from '../../base/clock.ts';
import { IppClient } from '../../ipp/http/client.ts';
import { groupOf, type Message } from '../../ipp/model.ts';
import { type AttributesInput, attributes as attributesOf } from '../../ipp/vocabulary/build.ts';
import { request } from '../../ipp/vocabulary/messages.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { read } from '../../ipp/vocabulary/read.ts';
import { statusName } from '../../ipp/vocabulary/status.ts';
import type { DocumentStream } from '../simulators/document-stream.ts';

export class PrintClient implements Disposable {
  readonly #client: IppClient;
  readonly #uri: string;

  /** @param authority `localhost:PORT` */
  constructor(authority: string, queue = 'print') {
    this.#uri = `ipp://${authority}/ipp/${queue}`;
    this.#client = new IppClient({ uri: this.#uri, clock: systemClock });
  }

  /** Print-Job; resolves to the job-id once it is acknowledged. @throws Error with the status */
  async print(
    document: Pick<DocumentStream, 'chunks'>,
    name = 'Payslip',
    user = 'ada',
    ticket?: AttributesInput,
  ): Promise<number> {
    const answer = await this.ask(
      Operation.printJob,
      { 'job-name': name, 'document-format': 'application/pdf' },
      user,
      document,
      ticket,
    );
    const id = read(groupOf(answer, 'job'), 'job-id');
    if (id === undefined) throw new Error(`not printed: ${statusName(answer.code)}`);
    return id;
  }

  ask(
    operation: Operation,
    attributes: Parameters<typeof request>[0]['attributes'] & object,
    user = 'ada',
    document?: Pick<DocumentStream, 'chunks'>,
    ticket?: AttributesInput,
  ): Promise<Message> {
    const message = request({
      operation,
      requestId: 1,
      attributes: { 'printer-uri': this.#uri, 'requesting-user-name': user, ...attributes },
      ...(ticket === undefined
        ? {}
        : { groups: [{ kind: 'job' as const, attributes: attributesOf(ticket) }] }),
    });
    return this.#client.request(message, document === undefined ? {} : { document: document.chunks() });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

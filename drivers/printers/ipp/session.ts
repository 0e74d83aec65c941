/** Requests to one printer, as the driver makes them. */
import type { IppClient, IppRequestOptions } from '../../../ipp/http/client.ts';
import type { Group, Message } from '../../../ipp/model.ts';
import { Attributes } from '../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';
import { request } from '../../../ipp/vocabulary/messages.ts';
import type { Operation } from '../../../ipp/vocabulary/operations.ts';

export interface SessionRequest {
  readonly operation: Operation;
  /** After charset, language and printer-uri. */
  readonly attributes: AttributesInput;
  readonly job?: Attributes;
  readonly options?: IppRequestOptions;
}

/** Not answered with another word: `ipp://…`, and the name that our requests carry. */
export class PrinterSession {
  readonly #client: IppClient;
  readonly #uri: string;
  #lastRequestId = 0;

  constructor(client: IppClient, uri: string) {
    this.#client = client;
    this.#uri = uri;
  }

  /** The answer, whatever its status. @throws IppClientFailure */
  ask({ operation, attributes: more, job = new Attributes(), options }: SessionRequest): Promise<Message> {
    this.#lastRequestId = this.#lastRequestId === 2 ** 31 - 1 ? 1 : this.#lastRequestId + 1;
    const groups: Group[] = job.size === 0 ? [] : [{ kind: 'job', attributes: job }];
    const message = request({
      operation,
      requestId: this.#lastRequestId,
      attributes: attributes({ 'printer-uri': this.#uri, ...more }),
      groups,
    });
    return this.#client.request(message, options);
  }
}

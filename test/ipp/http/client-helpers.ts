/** What the tests of the client share. */
import type { ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { IppClient, type IppClientOptions } from '../../../ipp/http/client.ts';
import { IppClientFailure } from '../../../ipp/http/client-failure.ts';
import type { Message } from '../../../ipp/model.ts';
import { request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';

const attributes = { 'printer-uri': 'ipp://printer/ipp/print' };

export const GET_ATTRIBUTES: Message = request({
  operation: Operation.getPrinterAttributes,
  requestId: 1,
  attributes,
});
export const SEND_DOCUMENT: Message = request({
  operation: Operation.sendDocument,
  requestId: 1,
  attributes,
});

export function newClient(
  t: ExecutionContext,
  uri: string,
  options: Partial<IppClientOptions> = {},
): IppClient {
  const client = new IppClient({ uri, clock: systemClock, ...options });
  t.teardown(() => client.close());
  return client;
}

/** The failure that a request ends with. */
export async function failureOf(t: ExecutionContext, answer: Promise<unknown>): Promise<IppClientFailure> {
  const failure = await t.throwsAsync(answer, { instanceOf: IppClientFailure });
  if (failure === undefined) throw new Error('did not fail');
  return failure;
}

/** A document of these chunks that tells how far it was asked for. */
export class TestDocument implements AsyncIterable<Uint8Array> {
  readonly #chunks: readonly (string | Uint8Array | Promise<string> | Error)[];
  asked = 0;
  returned = false;

  constructor(...chunks: (string | Uint8Array | Promise<string> | Error)[]) {
    this.#chunks = chunks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of this.#chunks) {
        this.asked++;
        if (chunk instanceof Error) throw chunk;
        yield Buffer.from((await chunk) as string);
      }
    } finally {
      this.returned = true;
    }
  }
}

/** Requests to one printer, as the driver makes them, and what was learned of how it wants them. */
import type { IppClient, IppRequestOptions } from '../../../ipp/http/client.ts';
import type { Group, Message } from '../../../ipp/model.ts';
import { Attributes } from '../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';
import { request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { type Habits, plainUserName, toldHabits, USUAL } from './habits.ts';

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
  #habits = USUAL;
  #told: Attributes | undefined;

  constructor(client: IppClient, uri: string) {
    this.#client = client;
    this.#uri = uri;
  }

  /** How this printer is to be talked to, as far as it is known. */
  get habits(): Habits {
    return this.#client.speaksHttp10 ? { ...this.#habits, framing: 'length' } : this.#habits;
  }

  /** Something that has just worked. */
  learn(habits: Habits): void {
    this.#habits = habits;
  }

  /** What the printer told of itself last. */
  get told(): Attributes | undefined {
    return this.#told;
  }

  noteTold(printer: Attributes): void {
    this.#told = printer;
    this.#habits = toldHabits(this.#habits, printer);
  }

  /** True where the printer says of itself that it takes such documents, with Create-Job and Send-Document. */
  takes(format: string): boolean {
    if (this.#told === undefined || this.#habits.documents !== 'create-job') return false;
    const operations = readLeniently(this.#told, 'operations-supported') ?? [];
    const formats = readLeniently(this.#told, 'document-format-supported') ?? [];
    return operations.includes(Operation.sendDocument) && formats.includes(format);
  }

  /**
   * The answer, whatever its status. The user's name in it is written as the printer takes it.
   * @param habits {@link PrinterSession.habits} unless told
   * @throws IppClientFailure
   */
  ask(
    { operation, attributes: more, job = new Attributes(), options }: SessionRequest,
    habits: Habits = this.habits,
  ): Promise<Message> {
    this.#lastRequestId = this.#lastRequestId === 2 ** 31 - 1 ? 1 : this.#lastRequestId + 1;
    const groups: Group[] = job.size === 0 ? [] : [{ kind: 'job', attributes: job }];
    const [major = 2, minor = 0] = habits.version.split('.').map(Number);
    const userName = more['requesting-user-name'];
    const message = request({
      operation,
      requestId: this.#lastRequestId,
      version: { major, minor },
      attributes: attributes({
        'printer-uri': this.#uri,
        ...more,
        ...(userName !== undefined && habits.userNames === 'alphanumeric'
          ? { 'requesting-user-name': plainUserName(String(userName)) }
          : {}),
      }),
      groups,
    });
    return this.#client.request(message, options);
  }

  /** The next request gets a connection of its own: some printers hold on to a version that was said on one. */
  reconnect(): void {
    this.#client.dropIdle();
  }
}

/** The queues as IPP printers: takes a request from HTTP, finds what it is about, runs its operation, answers. */
import type { RequestExchange, Route } from '../../base/http/routes.ts';
import { Milliseconds } from '../../base/units.ts';
import { REQUEST_LIMITS } from '../../ipp/codec/limits.ts';
import { BODY_BOUNDS } from '../../ipp/http/bounds.ts';
import { type IppRequest, ippRoute } from '../../ipp/http/server.ts';
import { type Attributes, type Group, groupOf, type Message } from '../../ipp/model.ts';
import { answer } from '../../ipp/vocabulary/messages.ts';
import { operationName } from '../../ipp/vocabulary/operations.ts';
import { Status, statusName } from '../../ipp/vocabulary/status.ts';
import { type Answer, Call, type IntakeOptions } from './call.ts';
import { checkRequest } from './checks.ts';
import { HANDLERS } from './operations/table.ts';
import { QueueBoard } from './queue-board.ts';
import { Refusal } from './refusal.ts';
import { findTarget } from './target.ts';

/** The client hears that it was too slow before the listener cuts the idle connection. */
const STALL_SHARE = 0.8;

export class IntakeService {
  readonly #options: IntakeOptions;
  readonly #board: QueueBoard;
  readonly #requests;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#board = new QueueBoard(options, [...HANDLERS.keys()]);
    this.#requests = options.metrics.counter('ipp_requests_total', 'IPP requests by operation and status', [
      'operation',
      'status',
    ]);
  }

  get routes(): Route[] {
    const handle = (exchange: RequestExchange) => this.#exchange(exchange);
    return [
      { method: 'POST', path: '/ipp/:queue', authentication: 'anyone', handle },
      { method: 'POST', path: '/ipp/:queue/jobs/:job', authentication: 'anyone', handle },
    ];
  }

  #exchange(exchange: RequestExchange): Promise<void> {
    const { clock, limits } = this.#options;
    const { messageSize, documentSize, idleTime } = limits();
    const route = ippRoute(
      {
        clock,
        limits: { ...REQUEST_LIMITS, messageOctets: messageSize },
        bounds: { ...BODY_BOUNDS, documentOctets: documentSize, stall: Milliseconds(idleTime * STALL_SHARE) },
      },
      (request) => this.#answer(request, exchange),
    );
    return route(exchange);
  }

  async #answer(request: IppRequest, exchange: RequestExchange): Promise<Message> {
    const { message } = request;
    const result = await this.#run(request, exchange).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      this.#count(message, Status.serverErrorInternalError);
      throw error;
    });
    this.#count(message, result.status);
    const unsupported = unsupportedGroup(result.unsupported);
    if (!(result instanceof Refusal)) {
      return answer(message, result.status, { groups: [...unsupported, ...result.groups] });
    }
    this.#options.log.debug('ipp request refused', {
      operation: operationName(message.code),
      status: statusName(result.status),
      client: exchange.address,
      message: result.message,
    });
    return answer(message, result.status, { message: result.message, groups: unsupported });
  }

  /** @throws Refusal, and whatever the document's iteration throws. */
  async #run({ message, document }: IppRequest, exchange: RequestExchange): Promise<Answer> {
    checkRequest(message);
    const handler = HANDLERS.get(message.code);
    if (handler === undefined) {
      throw new Refusal(Status.serverErrorOperationNotSupported, 'this printer does not have that operation');
    }
    const { jobs, queues } = this.#options;
    const { queue, job } = findTarget(
      groupOf(message, 'operation'),
      exchange.parameters['queue'] ?? '',
      queues(),
      jobs,
    );
    const call = new Call({
      request: message,
      queue,
      job,
      address: exchange.address,
      authority: exchange.request.headers.host ?? 'localhost',
      secure: exchange.secure,
      body: document,
      intake: this.#options,
    });
    return handler(call, await this.#board.attributesOf(call));
  }

  #count(message: Message, status: number): void {
    // A label for every code that a client can think of would fill the memory.
    const operation = HANDLERS.has(message.code) ? operationName(message.code) : 'other';
    this.#requests.inc({ operation, status: statusName(status) });
  }
}

function unsupportedGroup(unsupported: Attributes | undefined): Group[] {
  return unsupported === undefined || unsupported.size === 0
    ? []
    : [{ kind: 'unsupported', attributes: unsupported }];
}

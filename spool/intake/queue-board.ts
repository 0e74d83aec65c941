/** What each queue says of itself at this moment; the large fixed part is made once for each description. */
import { isDeepStrictEqual } from 'node:util';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import { Attributes } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { offeredFormats, UNDECLARED } from '../formats/media-types.ts';
import { releaseActionsOf } from '../holding.ts';
import type { Queue } from '../queue.ts';
import type { CurrentFacts } from './attributes/facts.ts';
import { forFormat } from './attributes/for-format.ts';
import { stateOf, stateReasons } from './attributes/status.ts';
import type { Call, IntakeOptions } from './call.ts';
import { currentAttributes, fixedAttributes } from './queue-attributes.ts';

interface Fixed {
  readonly queue: Queue;
  readonly description: PrinterDescription;
  readonly documentSize: number;
  readonly documentTime: number;
  readonly dnsSdName: string;
  readonly attributes: Attributes;
  /** Milliseconds since 1970; when they became what they are. */
  readonly since: number;
}

interface SeenState {
  /** `printer-state` and all that stands beside it. */
  readonly state: readonly unknown[];
  readonly since: number;
}

export class QueueBoard {
  readonly #options: IntakeOptions;
  readonly #operations: readonly number[];
  readonly #fixed = new Map<string, Fixed>();
  readonly #states = new Map<string, SeenState>();
  readonly #startedAt: number;
  /** When something happened to a queue that may have changed its state. */
  readonly #changedAt = new Map<string, number>();

  /** @param operations ids that are answered. */
  constructor(options: IntakeOptions, operations: readonly number[]) {
    this.#options = options;
    this.#operations = operations;
    this.#startedAt = options.clock.now();
    const noteChange = (queue: string) => this.#changedAt.set(queue, options.clock.now());
    options.conditions.on('changed', noteChange);
    options.jobs.on('changed', ({ queue }) => noteChange(queue));
  }

  /** All attributes of the queue that the call is about, as they are for the document format that it names. */
  async attributesOf(call: Call): Promise<Attributes> {
    const { clock, room, jobs, conditions, printerReasons, describe } = this.#options;
    const { queue } = call;
    const hasRoom = await room.diskHasRoom();
    const { living, printing } = jobs.tallyOf(queue.name);
    const fixed = this.#fixedOf(queue);
    const facts = {
      addresses: call.addresses,
      webUri: call.webUri,
      queue,
      condition: conditions.of(queue.name),
      hasRoom,
      printerReasons: printerReasons(queue),
      printing: printing > 0,
      queuedJobs: living,
      supplies: describe(queue).supplies ?? [],
      upTime: clock.monotonic(),
      now: clock.now(),
    };
    const times = { config: fixed.since, state: this.#stateSince(facts) };
    const all = fixed.attributes.with(currentAttributes({ ...facts, times }));
    return forFormat(all.with(allowedFormats(call)), call.operation('document-format'));
  }

  /** Compared when somebody asks: a state that came and went in between has changed for nobody. */
  #stateSince(facts: Omit<CurrentFacts, 'times'>): number {
    const state = [stateOf(facts), stateReasons(facts), facts.condition.accepting];
    const seen = this.#states.get(facts.queue.name);
    if (seen !== undefined && isDeepStrictEqual(seen.state, state)) return seen.since;
    const since = seen === undefined ? this.#startedAt : (this.#changedAt.get(facts.queue.name) ?? facts.now);
    this.#states.set(facts.queue.name, { state, since });
    return since;
  }

  #fixedOf(queue: Queue): Fixed {
    const { describe, uuidOf, version, limits, clock, dnsSdName, hasPanel, heldTime } = this.#options;
    const description = describe(queue);
    const { documentSize, multipleOperationTimeOut: documentTime } = limits();
    const known = this.#fixed.get(queue.name);
    const name = dnsSdName(queue);
    if (
      known?.queue === queue &&
      known.description === description &&
      known.documentSize === documentSize &&
      known.documentTime === documentTime &&
      known.dnsSdName === name
    ) {
      return known;
    }
    const offered = { ...description, formats: offeredFormats(description.formats, queue.allowedFormats) };
    const attributes = fixedAttributes({
      queue,
      description: offered,
      uuid: uuidOf(queue),
      version,
      dnsSdName: name,
      operations: this.#operations,
      documentSize,
      documentTime,
      releaseActions: releaseActionsOf(queue, hasPanel(queue)),
      heldTime: heldTime(),
    });
    const same = known !== undefined && isDeepStrictEqual([...known.attributes], [...attributes]);
    const since = known === undefined ? this.#startedAt : same ? known.since : clock.now();
    const fixed = { queue, description, documentSize, documentTime, dnsSdName: name, attributes, since };
    this.#fixed.set(queue.name, fixed);
    return fixed;
  }
}

/** Whose token allows more formats than the open ones hears so, as far as the printers take them. */
function allowedFormats({ queue, requester, intake }: Call): Attributes {
  if (requester.allowedFormats.length === 0) return new Attributes();
  const formats = offeredFormats(intake.describe(queue).formats, [
    ...(queue.allowedFormats ?? []),
    ...requester.allowedFormats,
  ]);
  return attributes({ 'document-format-supported': [...formats, UNDECLARED] });
}

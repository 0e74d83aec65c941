/** What each queue says of itself at this moment; the large fixed part is made once for each description. */
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import { Attributes } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { offeredFormats, UNDECLARED } from '../formats/media-types.ts';
import type { Queue } from '../queue.ts';
import type { Call, IntakeOptions } from './call.ts';
import { currentAttributes, fixedAttributes } from './queue-attributes.ts';

interface Fixed {
  readonly queue: Queue;
  readonly description: PrinterDescription;
  readonly documentSize: number;
  readonly documentTime: number;
  readonly attributes: Attributes;
}

export class QueueBoard {
  readonly #options: IntakeOptions;
  readonly #operations: readonly number[];
  readonly #fixed = new Map<string, Fixed>();

  /** @param operations ids that are answered. */
  constructor(options: IntakeOptions, operations: readonly number[]) {
    this.#options = options;
    this.#operations = operations;
  }

  /** All attributes of the queue that the call is about. */
  async attributesOf(call: Call): Promise<Attributes> {
    const { clock, freeDisk, limits } = this.#options;
    const full = (await freeDisk()) < limits().freeDiskFloor;
    const { living, printing } = this.#options.jobs.tallyOf(call.queue.name);
    const current = currentAttributes({
      addresses: call.addresses,
      accepting: !full,
      reasons: full ? ['spool-area-full-error'] : [],
      printing: printing > 0,
      queuedJobs: living,
      upTime: clock.monotonic(),
      now: clock.now(),
    });
    const fixed = this.#fixedOf(call.queue);
    return fixed.with(allowedFormats(call)).with(current);
  }

  #fixedOf(queue: Queue): Attributes {
    const { describe, uuidOf, version, limits } = this.#options;
    const description = describe(queue);
    const { documentSize, multipleOperationTimeOut: documentTime } = limits();
    const known = this.#fixed.get(queue.name);
    if (
      known?.queue === queue &&
      known.description === description &&
      known.documentSize === documentSize &&
      known.documentTime === documentTime
    ) {
      return known.attributes;
    }
    const offered = { ...description, formats: offeredFormats(description.formats) };
    const facts = { queue, description: offered, uuid: uuidOf(queue), version, operations: this.#operations };
    const attributes = fixedAttributes({ ...facts, documentSize, documentTime });
    this.#fixed.set(queue.name, { queue, description, documentSize, documentTime, attributes });
    return attributes;
  }
}

/** Whose token allows more formats than the open ones hears so, as far as the printers take them. */
function allowedFormats({ queue, requester, intake }: Call): Attributes {
  if (requester.allowedFormats.length === 0) return new Attributes();
  const formats = offeredFormats(intake.describe(queue).formats, requester.allowedFormats);
  return attributes({ 'document-format-supported': [...formats, UNDECLARED] });
}

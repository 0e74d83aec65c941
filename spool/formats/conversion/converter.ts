/** Decides at release what a printer gets of a document, and makes it. */
import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import type { Metrics } from '../../../base/metrics.ts';
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import type { Trouble } from '../../../drivers/printers/port.ts';
import type { Attributes } from '../../../ipp/model.ts';
import type { PageCount } from '../pages/page-count.ts';
import {
  type ConversionBounds,
  type Enclosures,
  findEnclosures,
  type Programs,
  toolsOf,
} from './commands.ts';
import { Conversion } from './conversion.ts';
import { ownFormats, type Path, PDF, pathTo } from './paths.ts';
import { planFor } from './plan.ts';
import { served, serviceFor } from './served.ts';

export interface ConverterOptions {
  readonly programs: Programs;
  bounds(): ConversionBounds;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A document that is to be printed, and where. */
export interface Served {
  readonly format: string;
  readonly ticket: Attributes;
  /** Names of those of the ticket without which nothing may come out. */
  readonly required: readonly string[];
  readonly count: PageCount | undefined;
}

/** What the printer gets instead of the document. */
export interface Serving {
  /** Media type. */
  readonly format: string;
  /** What of them is still for the printer. */
  readonly ticket: Attributes;
  readonly required: readonly string[];
  /** Begins to make it; to be read, or let go of by `return`. */
  convert(document: AsyncIterable<Uint8Array>): Conversion;
}

/** - `as-is`: the document as it came. - `busy`: the gateway converts as much as it may. */
export type ServingDecision = Serving | 'as-is' | 'busy';

export class Converter {
  readonly #options: ConverterOptions;
  readonly #outcomes;
  readonly #firstSeconds;
  #underWay = 0;
  #enclosures: Promise<Enclosures> | undefined;

  constructor(options: ConverterOptions) {
    this.#options = options;
    const { metrics } = options;
    this.#outcomes = metrics.counter(
      'conversions_total',
      'Documents that were converted for a printer, by what was made of them and outcome',
      ['format', 'outcome'],
    );
    this.#firstSeconds = metrics.histogram(
      'conversion_first_octet_seconds',
      'From the begin of a conversion to the first octet that came out',
    );
    metrics.gauge('conversions_under_way', 'Documents that are being converted', () => this.#underWay);
  }

  /** A printer with the converters before it: what it can be served. @param told by itself. */
  serve(told: PrinterDescription): PrinterDescription {
    const { programs } = this.#options;
    const printer = served(told, toolsOf(programs));
    // It will be wanted, and somebody may stand there then.
    if (printer.converted?.includes(PDF)) void this.#enclosed().catch(() => {});
    return printer;
  }

  /**
   * @param printer what it told, as `served` says; undefined: never. Then it gets the document as it is.
   * @param refused formats that it has just refused, though it had said that it takes them.
   */
  decide(
    document: Served,
    printer: PrinterDescription | undefined,
    refused: readonly string[] = [],
  ): ServingDecision {
    const path = printer && this.#pathFor(document.format.toLowerCase(), printer, refused);
    if (printer === undefined || path === undefined) return 'as-is';
    const bounds = this.#options.bounds();
    if (this.#underWay >= bounds.atOnce) return 'busy';
    const plan = planFor({ ...document, path, printer });
    const options = { ...this.#options, bounds };
    return {
      format: path.to,
      ticket: plan.ticket,
      required: plan.required,
      convert: (source) => {
        const conversion = new Conversion(document.format.toLowerCase(), source, plan, {
          ...options,
          enclosures: () => this.#enclosed(),
          onFirst: (seconds) => this.#firstSeconds.observe(seconds),
          onEnd: (outcome) => {
            this.#underWay--;
            this.#outcomes.inc({ format: path.to, outcome });
          },
        });
        this.#underWay++;
        return conversion;
      },
    };
  }

  #enclosed(): Promise<Enclosures> {
    const { programs, log } = this.#options;
    this.#enclosures ??= findEnclosures(programs).then((found) => {
      log.info('documents are converted by child processes', {
        ghostscript: programs.ghostscript ?? 'not there',
        bubblewrap: found.ghostscript.bubblewrap ?? 'not there, or not allowed to run',
        prlimit: found.own.prlimit ?? 'not there',
      });
      return found;
    });
    return this.#enclosures;
  }

  #pathFor(format: string, printer: PrinterDescription, refused: readonly string[]): Path | undefined {
    if (refused.length > 0)
      return pathTo(format, ownFormats(printer), toolsOf(this.#options.programs), refused);
    const service = serviceFor(format, printer);
    return service.kind === 'converted' ? service.path : undefined;
  }
}

/** What went wrong with a conversion, in words of the printer port: another printer may take the document as it is. */
export function troubleOf(
  conversion: Conversion | undefined,
  count: PageCount | undefined,
): Trouble | undefined {
  const trouble = conversion?.trouble;
  if (trouble === undefined) return undefined;
  const isBroken = trouble.kind === 'child' && (count?.kind === 'damaged' || count?.kind === 'password');
  const reason = trouble.kind === 'document' || isBroken ? 'document-unreadable' : 'format-refused';
  return { reason, detail: `conversion (${trouble.kind}): ${trouble.detail}` };
}

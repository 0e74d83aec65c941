/** How long the largest requests that a client may send hold up the event loop: read, checked, and held against a queue. */
import { decodeMessage } from '../../ipp/codec/decode.ts';
import { encodeMessage } from '../../ipp/codec/encode.ts';
import { REQUEST_LIMITS } from '../../ipp/codec/limits.ts';
import {
  type Attribute,
  Attributes,
  type Group,
  groupOf,
  type Message,
  type Value,
} from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { request } from '../../ipp/vocabulary/messages.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { checkRequest } from '../../spool/intake/checks.ts';
import { checkTicket } from '../../spool/intake/ticket.ts';
import { type Bench, percentile } from './bench.ts';

const ROUNDS = 60;
const WARM_UP = 20;

const PRINTER = attributes({
  'job-creation-attributes-supported': ['copies', 'media', 'media-col', 'sides', 'page-ranges', 'job-name'],
});

const keyword = (index: number): Value => ({ syntax: 'keyword', value: `k${index}` });
const unknown = (index: number, values: Value[]): Attribute => ({ name: `x-${index}`, values });
const job = (list: Attribute[]): Group => ({ kind: 'job', attributes: new Attributes(list) });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

function nested(depth: number): Value {
  const inner: Value = depth <= 1 ? { syntax: 'integer', value: 1 } : nested(depth - 1);
  return { syntax: 'collection', value: new Attributes([{ name: 'm', values: [inner] }]) };
}

/** Each as large as a message may be, or with as much of one thing as it may have. */
const FLOODS: Readonly<Record<string, () => Group[]>> = {
  attributes: () => times(15, () => job(times(500, (index) => unknown(index, [keyword(1)])))),
  values: () => times(10, () => job([unknown(1, times(2000, keyword))])),
  'known-values': () => [
    job([
      {
        name: 'page-ranges',
        values: times(2000, (lower) => ({
          syntax: 'rangeOfInteger',
          value: { lower: lower * 2 + 1, upper: lower * 2 + 1 },
        })),
      },
    ]),
  ],
  collections: () =>
    times(8, () =>
      job(
        times(60, (index) =>
          unknown(
            index,
            times(4, () => nested(7)),
          ),
        ),
      ),
    ),
};

function measured(octets: Buffer): number {
  const samples = new Float64Array(ROUNDS);
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const begin = performance.now();
    try {
      const message = decodeMessage(octets, { limits: REQUEST_LIMITS });
      checkRequest(message);
      checkTicket(groupOf(message, 'job'), PRINTER);
    } catch {
      // A refusal costs its time too.
    }
    if (round >= 0) samples[round] = performance.now() - begin;
  }
  return percentile(samples.sort(), 0.5);
}

export const bench: Bench = {
  summary: 'The largest requests, from octets to a checked ticket (median, milliseconds)',
  atMost: { attributes: 25, values: 25, 'known-values': 25, collections: 25 },
  async run(say) {
    const figures: Record<string, number> = {};
    for (const [name, groups] of Object.entries(FLOODS)) {
      const message: Message = request({
        operation: Operation.validateJob,
        requestId: 1,
        attributes: { 'printer-uri': 'ipp://localhost/ipp/print' },
        groups: groups(),
      });
      const octets = encodeMessage(message);
      say(
        `  ${name}: ${Math.round(octets.length / 1024)} KiB of at most ${REQUEST_LIMITS.messageOctets / 1024}`,
      );
      figures[name] = measured(octets);
    }
    return figures;
  },
};

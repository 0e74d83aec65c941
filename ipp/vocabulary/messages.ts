/** Requests and answers with what every one of them begins with (RFC 8011 §4.1.4). */
import { printable } from '../../base/text.ts';
import { Attributes, type Group, type Message } from '../model.ts';
import { type AttributesInput, attributes } from './build.ts';
import type { Operation } from './operations.ts';
import { statusName } from './status.ts';

const CHARSET = 'utf-8';
const LANGUAGE = 'en';
/** RFC 8011 §4.1.6.2 */
const STATUS_MESSAGE_OCTETS = 255;

/** The operation group: charset and language first, then `more`. */
export function operationGroup(more: AttributesInput | Attributes = {}): Group {
  const rest = more instanceof Attributes ? more : attributes(more);
  const first = attributes({ 'attributes-charset': CHARSET, 'attributes-natural-language': LANGUAGE });
  return { kind: 'operation', attributes: first.with(rest) };
}

export interface RequestParts {
  readonly operation: Operation;
  /** 1 to 2^31-1 */
  readonly requestId: number;
  /** 2.0 unless told. */
  readonly version?: Message['version'];
  /** After charset and language; RFC 8011 wants the target (`printer-uri` …) first. */
  readonly attributes: AttributesInput | Attributes;
  readonly groups?: readonly Group[];
}

export function request(parts: RequestParts): Message {
  return {
    version: parts.version ?? { major: 2, minor: 0 },
    code: parts.operation,
    requestId: parts.requestId,
    groups: [operationGroup(parts.attributes), ...(parts.groups ?? [])],
  };
}

export interface AnswerParts {
  /** For the person who looks at the client's log; the status' own name unless told. Cut to 255 octets. */
  readonly message?: string;
  /** More operation attributes. */
  readonly attributes?: AttributesInput;
  readonly groups?: readonly Group[];
}

/**
 * An answer to a request, in the version that it came in, or in 2.0 when that is none of ours (RFC 8011 §4.1.8).
 *
 * @param to the header of the request
 */
export function answer(
  to: Pick<Message, 'version' | 'requestId'>,
  status: number,
  { message, attributes = {}, groups = [] }: AnswerParts = {},
): Message {
  const { major } = to.version;
  return {
    version: major === 1 || major === 2 ? to.version : { major: 2, minor: 0 },
    code: status,
    requestId: to.requestId,
    groups: [
      operationGroup({
        'status-message': shortened(message === undefined ? statusName(status) : printable(message)),
        ...attributes,
      }),
      ...groups,
    ],
  };
}

/** The text cut between characters so that it fits into a status-message. */
function shortened(text: string): string {
  let result = text;
  while (Buffer.byteLength(result) > STATUS_MESSAGE_OCTETS) {
    result = Array.from(result)
      .slice(0, -Math.ceil((Buffer.byteLength(result) - STATUS_MESSAGE_OCTETS) / 4))
      .join('');
  }
  return result;
}

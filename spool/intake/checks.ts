/** What every request must be before its operation is looked at, in the order of RFC 8011 §4.1. */
import type { Attribute, GroupKind, Message } from '../../ipp/model.ts';
import { groupOf } from '../../ipp/model.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { validateGroup } from '../../ipp/vocabulary/validate.ts';
import { Refusal, safeToEcho } from './refusal.ts';

const CHARSETS = new Set(['utf-8', 'us-ascii']);

/** @throws Refusal */
export function checkRequest(request: Message): void {
  const { version, requestId, groups } = request;
  if (version.major < 1 || version.major > 2) {
    throw new Refusal(Status.serverErrorVersionNotSupported, 'IPP versions 1.0 to 2.2 are supported');
  }
  if (requestId < 1) throw bad('request-id must be 1 or more');
  if (groups[0]?.kind !== 'operation') throw bad('the operation attributes must come first');
  checkOrder(groups.map(({ kind }) => kind));
  const operation = groupOf(request, 'operation');
  const [charset, language] = [...operation];
  checkCharset(charset);
  if (language?.name !== 'attributes-natural-language' || language.values[0]?.syntax !== 'naturalLanguage') {
    throw bad('attributes-natural-language must be the second attribute');
  }
  checkValues(request);
}

/**
 * Where a group stands in a request (RFC 8011 §4.1.4, RFC 3995 §11.1, PWG 5100.5 §4); what is not here stands in answers
 * only. Of the subscriptions there may be several.
 */
const PLACES: Readonly<Partial<Record<GroupKind, number>>> = {
  ...{ operation: 0, job: 1, printer: 1, resource: 1, system: 1, document: 2, subscription: 3 },
};

function checkOrder(kinds: readonly GroupKind[]): void {
  let before = -1;
  for (const kind of kinds) {
    const place = PLACES[kind];
    if (place === undefined) throw bad(`a request has no ${kind} group`);
    if (place < before || (place === before && kind !== 'subscription'))
      throw bad(`the ${kind} group is out of order, or there are two`);
    before = place;
  }
}

function checkCharset(attribute: Attribute | undefined): void {
  const value = attribute?.values[0];
  if (attribute?.name !== 'attributes-charset' || value?.syntax !== 'charset') {
    throw bad('attributes-charset must be the first attribute');
  }
  if (!CHARSETS.has(value.value.toLowerCase())) {
    throw new Refusal(Status.clientErrorCharsetNotSupported, 'utf-8 and us-ascii are supported', [attribute]);
  }
}

/** Operation attributes must be as the standard says; of job attributes, what is wrong is not supported (see ticket.ts). */
function checkValues(request: Message): void {
  for (const issue of validateGroup('operation', groupOf(request, 'operation'))) {
    switch (issue.kind) {
      case 'unknown-attribute':
      case 'wrong-group':
        break;
      case 'too-long':
        throw new Refusal(Status.clientErrorRequestValueTooLong, issue.problem, [
          safeToEcho(issue.attribute),
        ]);
      default:
        throw new Refusal(Status.clientErrorBadRequest, issue.problem, [safeToEcho(issue.attribute)]);
    }
  }
}

const bad = (message: string): Refusal => new Refusal(Status.clientErrorBadRequest, message);

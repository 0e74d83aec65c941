/** What every request must be before its operation is looked at, in the order of RFC 8011 §4.1. */
import type { Attribute, Message } from '../../ipp/model.ts';
import { groupOf } from '../../ipp/model.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { validateGroup } from '../../ipp/vocabulary/validate.ts';
import { Refusal } from './refusal.ts';

const CHARSETS = new Set(['utf-8', 'us-ascii']);

/** @throws Refusal */
export function checkRequest(request: Message): void {
  const { version, requestId, groups } = request;
  if (version.major < 1 || version.major > 2) {
    throw new Refusal(Status.serverErrorVersionNotSupported, 'IPP versions 1.0 to 2.2 are supported');
  }
  if (requestId < 1) throw bad('request-id must be 1 or more');
  if (groups[0]?.kind !== 'operation') throw bad('the operation attributes must come first');
  if (groups.filter((group) => group.kind === 'operation').length > 1)
    throw bad('there are two operation groups');
  const operation = groupOf(request, 'operation');
  const [charset, language] = [...operation];
  checkCharset(charset);
  if (language?.name !== 'attributes-natural-language' || language.values[0]?.syntax !== 'naturalLanguage') {
    throw bad('attributes-natural-language must be the second attribute');
  }
  checkValues(request);
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
        throw new Refusal(Status.clientErrorRequestValueTooLong, issue.problem, [issue.attribute]);
      default:
        throw new Refusal(Status.clientErrorBadRequest, issue.problem, [issue.attribute]);
    }
  }
}

const bad = (message: string): Refusal => new Refusal(Status.clientErrorBadRequest, message);

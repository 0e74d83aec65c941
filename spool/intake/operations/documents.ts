/** A job's documents: Get-Documents, Get-Document-Attributes and their kin (PWG 5100.5), Validate-Document (5100.13). */
import { type Attribute, Attributes } from '../../../ipp/model.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { documentAttributes, documentsOf } from '../document-attributes.ts';
import { checkDocument } from '../new-job.ts';
import { Refusal } from '../refusal.ts';
import { selectRequested } from '../requested.ts';

/** What a client gets that does not say what it wants (PWG 5100.5 §3.2.1). */
const BY_DEFAULT = ['document-number'];
/** Documents in one answer, whatever the client asks. */
const MOST = 1000;

export function getDocuments(call: Call): Answer {
  const requested = call.operation('requested-attributes') ?? BY_DEFAULT;
  const limit = Math.min(call.operation('limit') ?? MOST, MOST);
  const { job } = call;
  return ok(
    ...documentsOf(job)
      .slice(0, limit)
      .map((_document, index) => {
        const all = documentAttributes(call, job, index + 1);
        return {
          kind: 'document',
          attributes: selectRequested(all, requested, 'document-description'),
        } as const;
      }),
  );
}

export function getDocumentAttributes(call: Call): Answer {
  const all = documentAttributes(call, call.job, documentNumber(call));
  const requested = call.operation('requested-attributes');
  return ok({ kind: 'document', attributes: selectRequested(all, requested, 'document-description') });
}

/** What was sent stays as it was sent. */
export function setDocumentAttributes(call: Call): Answer {
  call.jobTo('hold');
  documentNumber(call);
  const named = [...call.group('document')].map(
    ({ name }): Attribute => ({ name, values: [{ syntax: 'not-settable' }] }),
  );
  throw new Refusal(
    Status.clientErrorAttributesNotSettable,
    'nothing of a document can be changed',
    new Attributes(named),
  );
}

/** A part of a job is not taken out of it: what comes out at the printer is what was sent, or nothing. */
export function cancelDocument(call: Call): Answer {
  call.jobTo('cancel');
  documentNumber(call);
  throw new Refusal(Status.clientErrorNotPossible, 'a document is cancelled together with its job');
}

/** What Send-Document would check, and no document. */
export function validateDocument(call: Call, printer: Attributes): Answer {
  checkDocument(call, printer);
  return ok();
}

function documentNumber(call: Call): number {
  const number = call.operation('document-number');
  if (number === undefined) throw new Refusal(Status.clientErrorBadRequest, 'document-number is missing');
  if (number > documentsOf(call.job).length) {
    throw new Refusal(Status.clientErrorNotFound, 'the job has no such document');
  }
  return number;
}

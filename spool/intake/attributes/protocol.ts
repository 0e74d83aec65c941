/** What the queue speaks: versions, operations, formats, what requests may hold. */
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { UNDECLARED } from '../../formats/media-types.ts';
import { COMPRESSIONS } from '../inflate.ts';
import { WHICH_JOBS } from '../which-jobs.ts';
import type { FixedFacts } from './facts.ts';
import { holdingCreationAttributes, holdingFeatures, SETTABLE } from './holding.ts';
import { TEMPLATE } from './template.ts';

const MAX = 2 ** 31 - 1;

/** `ipp-features-supported` (IANA IPP registry). */
const FEATURES = [
  'ipp-everywhere',
  // A print server: its papers need not be loaded (PWG 5100.14).
  'ipp-everywhere-server',
  'document-object',
  'page-overrides',
] as const;

export function protocol(facts: FixedFacts): Part {
  const { description, operations, documentSize, documentTime } = facts;
  const { formats } = description;
  const jpeg = formats.includes('image/jpeg');
  const kilobytes = { lower: 0, upper: Math.min(MAX, Math.ceil(documentSize / 1024)) };
  return {
    'charset-configured': 'utf-8',
    'charset-supported': ['utf-8', 'us-ascii'],
    'natural-language-configured': 'en',
    'generated-natural-language-supported': ['en'],
    'ipp-versions-supported': ['1.0', '1.1', '2.0', '2.1', '2.2'],
    'ipp-features-supported': [...FEATURES, ...holdingFeatures(facts)].sort(),
    'operations-supported': [...operations],
    'compression-supported': [...COMPRESSIONS],
    'document-format-default': formats.includes('application/pdf')
      ? 'application/pdf'
      : (formats[0] ?? UNDECLARED),
    'document-format-supported': [...formats, UNDECLARED],
    'pdf-versions-supported': formats.includes('application/pdf')
      ? ['adobe-1.7', 'iso-32000-1_2008']
      : undefined,
    'pdl-override-supported': 'attempted',
    'job-creation-attributes-supported': [...TEMPLATE, ...holdingCreationAttributes(facts)],
    'job-settable-attributes-supported': [...SETTABLE],
    'job-ids-supported': true,
    'job-k-octets-supported': kilobytes,
    'pdf-k-octets-supported': formats.includes('application/pdf') ? kilobytes : undefined,
    'jpeg-k-octets-supported': jpeg ? kilobytes : undefined,
    'jpeg-x-dimension-supported': jpeg ? { lower: 0, upper: 65_535 } : undefined,
    'jpeg-y-dimension-supported': jpeg ? { lower: 1, upper: 65_535 } : undefined,
    'jpeg-features-supported': jpeg ? ['none'] : undefined,
    'job-spooling-supported': 'spool',
    'multiple-document-jobs-supported': true,
    'multiple-operation-time-out': Math.max(1, Math.round(documentTime / 1000)),
    'multiple-operation-time-out-action': 'abort-job',
    'which-jobs-supported': Object.keys(WHICH_JOBS),
    'printer-get-attributes-supported': ['document-format'],
    'printer-settable-attributes-supported': ['printer-message-from-operator'],
    'identify-actions-default': ['display'],
    'identify-actions-supported': ['display'],
    'preferred-attributes-supported': false,
    'document-charset-default': 'utf-8',
    'document-charset-supported': ['utf-8'],
    'document-natural-language-default': 'en',
    'document-natural-language-supported': ['en'],
    'document-creation-attributes-supported': ['compression', 'document-format', 'document-name'],
    'job-mandatory-attributes-supported': false,
    'job-privacy-attributes': ['job-template', 'job-name', 'job-originating-user-name'],
    'job-privacy-scope': 'owner',
    'requesting-user-uri-supported': false,
  };
}

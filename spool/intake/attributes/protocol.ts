/** What the queue speaks: versions, operations, formats, what requests may hold. */
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { UNDECLARED } from '../../formats/media-types.ts';
import { COMPRESSIONS } from '../inflate.ts';
import type { FixedFacts } from './facts.ts';
import { TEMPLATE } from './template.ts';

const MAX = 2 ** 31 - 1;

export function protocol({ description, operations, documentSize, documentTime }: FixedFacts): Part {
  const { formats } = description;
  return {
    'charset-configured': 'utf-8',
    'charset-supported': ['utf-8', 'us-ascii'],
    'natural-language-configured': 'en',
    'generated-natural-language-supported': ['en'],
    'ipp-versions-supported': ['1.0', '1.1', '2.0'],
    'ipp-features-supported': ['job-release'],
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
    'job-creation-attributes-supported': [...TEMPLATE],
    'job-settable-attributes-supported': ['job-hold-until'],
    'job-ids-supported': true,
    'job-k-octets-supported': { lower: 0, upper: Math.min(MAX, Math.ceil(documentSize / 1024)) },
    'job-spooling-supported': 'spool',
    'multiple-document-jobs-supported': false,
    'multiple-operation-time-out': Math.max(1, Math.round(documentTime / 1000)),
    'multiple-operation-time-out-action': 'abort-job',
    'which-jobs-supported': ['completed', 'not-completed', 'all'],
    'printer-get-attributes-supported': ['document-format'],
    'requesting-user-uri-supported': false,
  };
}

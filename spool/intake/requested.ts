/** `requested-attributes`: the part of a group that the client asked for (RFC 8011 §4.2.5.1). */
import type { Attribute, Attributes } from '../../ipp/model.ts';
import { JOB_TEMPLATE } from '../../ipp/vocabulary/job-template.ts';

/** Only given when it is named itself: it may be large (PWG 5100.7 §6.3.1.1). */
const ONLY_BY_NAME = new Set(['media-col-database']);

/** `copies-default`, `media-col-supported`: the job template attributes of a printer. */
const TEMPLATE_PART = /^(.+?)-(?:default|supported|ready|database)$/;
const SUPPORTED_PARTS = /^(?:media|finishing|job-(?:hold-until|retain-until|delay-output-until))-/;

/** What a client calls the attributes that are no job template attributes (PWG 5100.5 §3.2 for documents). */
type GroupName = 'printer-description' | 'job-description' | 'document-description';

/**
 * @param requested undefined means everything.
 * @param groupName everything that is no job template attribute.
 */
export function selectRequested(
  attributes: Attributes,
  requested: readonly string[] | undefined,
  groupName: GroupName,
): Attributes {
  const wanted = new Set(requested ?? ['all']);
  const all = wanted.has('all');
  const template = all || wanted.has('job-template') || wanted.has('document-template');
  const description = all || wanted.has(groupName);
  return attributes.filter((attribute) => {
    if (wanted.has(attribute.name)) return true;
    if (ONLY_BY_NAME.has(attribute.name)) return false;
    return isTemplate(attribute, groupName) ? template : description;
  });
}

function isTemplate({ name }: Attribute, groupName: GroupName): boolean {
  if (groupName !== 'printer-description') return isJobTemplate(name);
  const [, base] = TEMPLATE_PART.exec(name) ?? [];
  return base !== undefined && (isJobTemplate(base) || SUPPORTED_PARTS.test(name));
}

/** `job-hold-until` may stand among the operation attributes too, and so in another part of the vocabulary. */
const isJobTemplate = (name: string): boolean => name in JOB_TEMPLATE || name === 'job-hold-until';

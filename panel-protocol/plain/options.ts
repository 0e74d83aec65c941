/** How documents shall be printed: the fields that the printer supports, and what was changed in them. */
import type { Form } from './forms.ts';
import type { JobOptions } from './view.ts';

/** Attributes with one value, in the order in which they are shown. */
export const CHOICES = ['sides', 'print-color-mode', 'media-source'] as const;

/** Only what differs from how the document was sent; an empty value leaves it as it was. */
export function changesOf(form: Form, options: JobOptions | undefined): Record<string, unknown> {
  if (options === undefined) return {};
  const { supported, current } = options;
  const changes: Record<string, unknown> = {};
  const copies = wholeNumber(form.text('copies'));
  if (copies !== undefined && copies <= (supported.copies ?? 0) && copies !== (current.copies ?? 1)) {
    changes['copies'] = copies;
  }
  const first = wholeNumber(form.text('first-page'));
  if (first !== undefined && first > 1) changes['first-page'] = first;
  for (const name of CHOICES) {
    const value = form.text(name);
    if (supported[name]?.includes(value) && value !== current[name]) changes[name] = value;
  }
  const finishing = form.text('finishings');
  if (supported.finishings?.includes(finishing) && finishing !== (current.finishings?.[0] ?? 'none')) {
    changes['finishings'] = [finishing];
  }
  return changes;
}

function wholeNumber(text: string): number | undefined {
  return /^[1-9][0-9]{0,8}$/.test(text.trim()) ? Number(text) : undefined;
}

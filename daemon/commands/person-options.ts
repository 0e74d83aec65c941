/** What `people add` and `people set` let be said of a person. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { LANGUAGES } from '../../base/i18n/languages.ts';
import { attributesOf } from '../../identity/import/cells.ts';
import {
  LONGEST_ATTRIBUTE,
  LONGEST_TEXT,
  MOST_ATTRIBUTES,
  MOST_GROUPS,
} from '../../identity/people/draft.ts';
import type { LocalChanges } from '../../identity/people/local.ts';
import { endOf } from './dates.ts';

const TEXTS = {
  displayName: ['--display-name <name>', 'shown at the panel'],
  givenName: ['--given-name <name>', 'first name'],
  familyName: ['--family-name <name>', 'last name'],
  email: ['--email <address>', 'e-mail address'],
  department: ['--department <name>', 'department'],
  office: ['--office <name>', 'office or building'],
  costCenter: ['--cost-center <name>', 'cost center'],
} as const;
type Text = keyof typeof TEXTS;

export const PERSON_OPTIONS: readonly (readonly [string, string])[] = [
  ...Object.values(TEXTS),
  ['--language <language>', `of mail and panels: ${LANGUAGES.join(', ')}`],
  ['--groups <names>', 'with commas, in place of those before'],
  ['--attributes <list>', 'name=value,name=value, or as JSON; name= takes one away'],
  ['--restricted', 'marks the person, as PaperCut does'],
  ['--until <date>', 'last day on which they sign in, such as 2026-12-31; "never" takes it away'],
];

const text = z.string().max(LONGEST_TEXT).optional();

export const personArguments = z.strictObject({
  ...(Object.fromEntries(Object.keys(TEXTS).map((name) => [name, text])) as Record<Text, typeof text>),
  userName: text,
  language: z.enum(LANGUAGES).optional(),
  groups: z.array(z.string().min(1).max(LONGEST_TEXT)).max(MOST_GROUPS).optional(),
  attributes: z
    .record(z.string().min(1).max(LONGEST_TEXT), z.string().max(LONGEST_ATTRIBUTE))
    .refine((attributes) => Object.keys(attributes).length <= MOST_ATTRIBUTES)
    .optional(),
  restricted: z.boolean().optional(),
  enabled: z.boolean().optional(),
  guest: z.boolean().optional(),
  expiresAt: z.number().nullable().optional(),
});

export type PersonArguments = z.infer<typeof personArguments>;

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** @throws Failure `bad-option` */
export function personChanges(options: Options): PersonArguments {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(TEXTS)) if (typeof options[name] === 'string') given[name] = options[name];
  const { language, groups, until, restricted, attributes } = options;
  if (typeof language === 'string') {
    if (!(LANGUAGES as readonly string[]).includes(language))
      throw bad(`--language is one of ${LANGUAGES.join(', ')}`);
    given['language'] = language;
  }
  if (typeof groups === 'string') {
    given['groups'] = groups
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  }
  if (typeof attributes === 'string') given['attributes'] = attributesTyped(attributes);
  if (restricted !== undefined) given['restricted'] = restricted === true;
  if (typeof until === 'string') given['expiresAt'] = until === 'never' ? null : endOf(until, '--until');
  return given as PersonArguments;
}

function attributesTyped(text: string): Record<string, string> {
  if (text.trimStart().startsWith('{')) {
    const attributes = attributesOf(text);
    if (attributes !== undefined) return attributes;
  }
  const pairs = text.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    if (at < 1) throw bad('--attributes is name=value,name=value, or {"name":"value"}');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

/** What was left out stands nowhere: exact optional properties. */
export function asChanges(args: PersonArguments): LocalChanges {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as LocalChanges;
}

const bad = (message: string) => new Failure('bad-option', message);

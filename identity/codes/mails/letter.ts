/** The mail that brings somebody their code: the template of their language, filled in. */
import type { Language } from '../../../base/i18n/languages.ts';
import type { PersonProfile } from '../../people/draft.ts';
import type { MailedCode } from './seal.ts';
import { DEFAULT_TEMPLATES, dateOf, fill, type MailTemplate, validityOf, type Written } from './templates.ts';

export interface CodeMailSettings {
  readonly gateway: string;
  /** Of people whose language is not known. */
  readonly language: Language;
  readonly perMinute: number;
  readonly templates: ReadonlyMap<Language, MailTemplate>;
}

/** @param profile of whoever gets it */
export function writtenFor(
  profile: PersonProfile,
  { code, expiresAt }: MailedCode,
  settings: CodeMailSettings,
): Written {
  const language = profile.language === '' ? settings.language : profile.language;
  const ends = [expiresAt, profile.expiresAt].filter((end) => end !== undefined);
  const end = ends.length === 0 ? undefined : Math.min(...ends);
  return fill(settings.templates.get(language) ?? DEFAULT_TEMPLATES[language], {
    id_number: code,
    full_name: profile.displayName,
    first_name: profile.givenName,
    last_name: profile.familyName,
    user_name: profile.userName,
    email: profile.email,
    department: profile.department,
    office: profile.office,
    cost_center: profile.costCenter,
    expires: dateOf(end, language),
    validity: validityOf(end, language),
    gateway: settings.gateway,
  });
}

/** Panels in a configuration: where each stands, whence it connects, and how people sign in there. */
import { z } from 'zod';
import { LANGUAGES } from '../base/i18n/languages.ts';
import { Minutes, Seconds } from '../base/units.ts';
import { network } from './addresses.ts';
import { group } from './groups.ts';
import { printerName } from './printer-names.ts';
import { choice, duration, flag, listOf, single, WrongValue } from './values.ts';
import { kindOf, mustBe, quoted } from './wording.ts';

/** A person has to choose from them at a small screen. */
const MOST_PRINTERS = 100;

const SIGN_IN_ALLOWED = 'a list of `badge`, `badge-and-pin`, `code` and `password`';
const BIND_ALLOWED = '`never`, or a list of `by-sign-in` and `by-activation`';

/** What white letters on it need to be readable (WCAG 2.2, 1.4.3). */
const LEAST_CONTRAST = 4.5;
const COLOR = /^#[0-9A-Fa-f]{6}$/;

/** Contrast of a colour (`#rrggbb`) with white, 1 to 21 (WCAG 2.2, relative luminance). */
export function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

const color = () =>
  single({
    allowed: `a dark colour such as "#00596b", on which white letters can be read (contrast ${LEAST_CONTRAST} or more)`,
    json: { pattern: COLOR.source },
    read: (text) => {
      if (!COLOR.test(text)) throw new WrongValue(`${quoted(text)} is no colour`);
      const contrast = contrastWithWhite(text);
      if (contrast < LEAST_CONTRAST) {
        // Rounded down, so that 4.49 does not read as enough.
        throw new WrongValue(`${text} has a contrast of ${(Math.floor(contrast * 10) / 10).toFixed(1)}`);
      }
      return text.toLowerCase();
    },
  });

const language = () => choice(LANGUAGES);
const sessionTimeout = () => duration(Seconds(5), Minutes(10));
const signIn = () => listOf(choice(['badge', 'code', 'badge-and-pin', 'password']), SIGN_IN_ALLOWED);
const markJobs = () => choice(['all', 'none']);
const plainHttp = () => choice(['refuse', 'allow']);
const bindCards = () =>
  z
    .union([z.literal('never'), listOf(choice(['by-sign-in', 'by-activation']), BIND_ALLOWED)], {
      error: (issue) => mustBe(kindOf(issue.input), BIND_ALLOWED),
    })
    .meta({ allowed: BIND_ALLOWED });

const MEANINGS = {
  color:
    'The colour of buttons and of the bar at the top of its page, from the next time that a browser loads it.',
  language: 'The language that its page begins in.',
  sessionTimeout: 'A person is signed out this long after the last touch.',
  signIn:
    'The ways to sign in. `badge`: a badge alone. `badge-and-pin`: a badge, and then a PIN. `code`: a code that is typed. `password`: user name and password, of the directory or kept here; never over plain HTTP.',
  markJobs: 'Which jobs are marked when the list of a person opens.',
  bindCards:
    'Whether a person can make an unknown badge their own here. `by-sign-in`: by signing in with code or password at once. `by-activation`: with a code that is mailed to them. They are told by mail that it happened.',
  changePin: 'Whether people can set and change their PIN here.',
  releaseAll:
    'Whether a badge at a reader without a screen prints all jobs of its person at once. `false`: such a reader only signs in at the screen of the panel.',
  plainHttp:
    'Whether the panel may connect without TLS, so that anybody on the way can read codes and act in the name of who stands there. `refuse`: its page is opened over `https:`, and the browser has to trust the certificate; a browser that comes in the clear is sent on there. This machine itself (loopback) needs no TLS.',
};

const asDefaults = { byDefault: 'that of `panel-defaults`' };

export const panel = group({
  printer: printerName()
    .exactOptional()
    .meta({ byDefault: 'none; this key or `printers` must be given' })
    .describe('The printer that it stands at: what is released here comes out there.'),
  printers: listOf(printerName(), 'a list of names of printers, such as [mfp-1, mfp-2]', MOST_PRINTERS)
    .exactOptional()
    .meta({ byDefault: 'none; this key or `printer` must be given' })
    .describe('In place of `printer`: printers that people choose from. A session begins at the first.'),
  addresses: listOf(network(), 'a list of addresses or networks, such as [10.1.2.4, 10.1.3.0/24]')
    .default([])
    .meta({ byDefault: 'none' })
    .describe(
      'Addresses that are this panel without more proof, usually the address of the printer itself. Whoever has such an address is the panel, so codes have half their budget of wrong ones there. Without this key only devices that were enrolled for it (`holdfast panels approve`), or its secret path, are the panel.',
    ),
  color: color().exactOptional().meta(asDefaults).describe(MEANINGS.color),
  language: language().exactOptional().meta(asDefaults).describe(MEANINGS.language),
  'session-timeout': sessionTimeout().exactOptional().meta(asDefaults).describe(MEANINGS.sessionTimeout),
  'sign-in': signIn().exactOptional().meta(asDefaults).describe(MEANINGS.signIn),
  'mark-jobs': markJobs().exactOptional().meta(asDefaults).describe(MEANINGS.markJobs),
  'bind-cards': bindCards().exactOptional().meta(asDefaults).describe(MEANINGS.bindCards),
  'change-pin': flag().exactOptional().meta(asDefaults).describe(MEANINGS.changePin),
  'release-all': flag().exactOptional().meta(asDefaults).describe(MEANINGS.releaseAll),
  'plain-http': plainHttp().exactOptional().meta(asDefaults).describe(MEANINGS.plainHttp),
});

export const panelDefaults = group({
  color: color().prefault('#00596b').describe(MEANINGS.color),
  language: language()
    .exactOptional()
    .meta({ byDefault: 'what the browser asks for' })
    .describe(MEANINGS.language),
  'session-timeout': sessionTimeout().prefault('60 s').describe(MEANINGS.sessionTimeout),
  'sign-in': signIn().prefault(['badge', 'code']).describe(MEANINGS.signIn),
  'mark-jobs': markJobs().prefault('all').describe(MEANINGS.markJobs),
  'bind-cards': bindCards().prefault('never').describe(MEANINGS.bindCards),
  'change-pin': flag().prefault(false).describe(MEANINGS.changePin),
  'release-all': flag().prefault(false).describe(MEANINGS.releaseAll),
  'plain-http': plainHttp().prefault('refuse').describe(MEANINGS.plainHttp),
});

type Defaults = z.output<typeof panelDefaults>;

const NO_WAYS: readonly ('by-sign-in' | 'by-activation')[] = [];

/** As the rooms want it. */
function forRooms<Ways extends Defaults>({ markJobs, bindCards, plainHttp, ...rest }: Ways) {
  return {
    ...rest,
    marked: markJobs,
    bindCards: bindCards === 'never' ? NO_WAYS : bindCards,
    plainHttp: plainHttp === 'allow',
  };
}

/** A panel with all that it leaves to the defaults. */
export function wholePanel(
  { name, printer, printers, addresses, ...own }: z.output<typeof panel> & { readonly name: string },
  defaults: Defaults,
) {
  return { name, printers: printers ?? [printer ?? ''], addresses, ...forRooms({ ...defaults, ...own }) };
}

/** What a panel has of which the configuration knows nothing. */
export function wholeDefaults(defaults: Defaults) {
  return forRooms(defaults);
}

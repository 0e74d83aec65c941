/** The configuration's part on a queue: what people print to, who may, and where it comes out. */
import { z } from 'zod';
import { group } from './groups.ts';
import { printerName } from './printer-names.ts';
import { choice, flag, listOf, mediaType, placeText, shownText } from './values.ts';
import { kindOf, mustBe } from './wording.ts';

const PRINTERS_ALLOWED = '`all`, or a list of names of printers, such as [mfp-1, mfp-2]';

export const queue = group({
  info: shownText()
    .optional()
    .meta({ byDefault: 'its name' })
    .describe('What clients call the queue (`printer-info`).'),
  location: placeText('Where clients are told that it is (`printer-location`).'),
  announce: flag()
    .prefault(true)
    .describe('Whether clients find the queue by themselves; see `gateway.discovery`.'),
  printers: z
    .union([z.literal('all'), listOf(printerName(), PRINTERS_ALLOWED)], {
      error: (issue) => mustBe(kindOf(issue.input), PRINTERS_ALLOWED),
    })
    .meta({ allowed: PRINTERS_ALLOWED })
    .prefault('all')
    .describe(
      'Where jobs of this queue may come out. `all`, unless `release` is `immediately`, has the printers that were pinned (`holdfast printers pin`) too.',
    ),
  release: choice(['at-panel', 'immediately'])
    .prefault('at-panel')
    .describe(
      '`at-panel`: a job is held until its owner signs in at a panel and takes it. `immediately`: it is printed at once, on the one printer that the queue then must have.',
    ),
  authentication: choice(['optional', 'required'])
    .prefault('optional')
    .describe(
      'Who may print here. `required`: only people who prove who they are, with their password at `/ipp/NAME/auth` or with a token, and machines with a submitter token; `/ipp/NAME` by itself then takes no jobs. `optional`: what a client that proves nothing may do is said by the next keys.',
    ),
  'tokens-without-tls': choice(['refuse', 'allow'])
    .prefault('refuse')
    .describe(
      'Whether a token works over `ipp:`, where everybody on the way can read it and then print in its name. `allow` it only for computers that do not trust the certificate of the gateway (Windows then adds no printer over TLS), in a network that is yours.',
    ),
  'claimed-names': choice(['trust', 'ignore'])
    .prefault('ignore')
    .describe(
      'What the user name that a client claims is worth. `trust`: when it is exactly the user name of one person, the job is theirs. Anybody can claim any name, so trust it only where all computers are yours. `ignore`: it proves nothing.',
    ),
  plaintext: choice(['refuse', 'accept'])
    .prefault('refuse')
    .describe(
      'Whether jobs of this queue may go to pinned printers without TLS, which are known by their address and by what they say of themselves, and nothing of that is proved. It says nothing of printers of this file.',
    ),
  'allowed-formats': listOf(mediaType(), 'a list of media types, such as [application/postscript]')
    .default([])
    .meta({ byDefault: 'none' })
    .describe(
      'Printer languages that anybody may send to this queue, where its printers take them. PostScript, PCL and PJL are programs: they can change the settings of a printer for everybody. Better allow them to one machine, by its submitter token.',
    ),
  'unowned-jobs': choice(['refuse', 'claimable'])
    .prefault('refuse')
    .describe(
      'What becomes of a job whose owner is not known. `refuse`: the client hears an error. `claimable`: it is taken, and whoever signs in at a panel of these printers may make it theirs; panels show its time, its pages and the computer it came from, never its name.',
    ),
});

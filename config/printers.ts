/** The configuration's part on a printer: where it is, and what it cannot tell of itself. */
import { group } from './groups.ts';
import { printerName } from './printer-names.ts';
import { printerUri } from './printer-uri.ts';
import { snmp } from './snmp.ts';
import { absolutePath, choice, listOf, mediaType, placeText, shownText } from './values.ts';

/** What a folder takes unless told otherwise: the formats that driverless clients send. */
const FOLDER_FORMATS = ['application/pdf', 'image/jpeg', 'image/pwg-raster', 'image/urf'];

/** Longer lists nobody walks along. */
const MOST_NEAR = 20;

/** A printer as it is written, or as it was pinned; whatever is not said has its default. */
export const printer = group({
  uri: printerUri().describe(
    'How it is reached: `ipp:` and `ipps:` (most printers since 2010), `socket:` (AppSocket, "port 9100"; only with `pjl` it says whether a page came out), `usb:` (at a USB port of this machine), or `file:` (a folder that gets the documents as files).',
  ),
  info: shownText()
    .optional()
    .meta({ byDefault: 'its name' })
    .describe('What people call the printer; panels show it.'),
  location: placeText('Where it stands; panels show it.'),
  near: listOf(printerName(), 'a list of names of printers, such as [mfp-2, mfp-3]', MOST_NEAR)
    .default([])
    .meta({ byDefault: 'those with the same `location`, then all others in the order of this file' })
    .describe(
      'Other printers, the nearest first. A panel names the first of them that can do what this one cannot: "no stapler here; the 2nd floor has one".',
    ),
  formats: listOf(mediaType(), 'a list of media types, such as [application/pdf]')
    .optional()
    .meta({ byDefault: `for \`file:\` ${FOLDER_FORMATS.join(', ')}` })
    .describe(
      'The formats that it takes as they are, when it cannot be asked. `socket:` needs it: see the data sheet of the printer, as a wrong one prints garbage. A `usb:` printer mostly tells it in its device id. Not for `ipp:` and `ipps:`, which tell it themselves.',
    ),
  user: shownText()
    .exactOptional()
    .meta({ byDefault: 'none' })
    .describe('For `ipp:` and `ipps:` printers that want a login: the user name.'),
  'password-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'none' })
    .describe(
      'With `user`: the file whose first line is the password, readable by the service only. It is shown as a digest; a printer that wants it as it is (Basic) gets it over `ipps:` only.',
    ),
  snmp: snmp
    .exactOptional()
    .meta({ byDefault: 'not' })
    .describe(
      'Asks the printer over SNMP too: toner and paper, jams, pages made in its life. Many printers tell more there than over IPP, and `socket:` printers tell nothing else.',
    ),
  pjl: choice(['off', 'on', 'auto'])
    .exactOptional()
    .meta({ byDefault: 'off; for `usb:` auto' })
    .describe(
      'Whether a `socket:` or `usb:` printer speaks PJL, as nearly all office printers do. With it the printer tells how many pages came out and what keeps it from printing, and is told copies, sides and tray. `auto`: a `usb:` printer says it in its device id; a `socket:` printer is asked once after each start, and one that does not speak it may print the question on a page.',
    ),
});

export function wholePrinter<
  Printer extends {
    name: string;
    info?: string | undefined;
    uri: { scheme: string };
    formats?: string[] | undefined;
  },
>(each: Printer) {
  return {
    ...each,
    info: each.info ?? each.name,
    /** What a printer takes that cannot be asked; empty for one that can. */
    formats: each.formats ?? (each.uri.scheme === 'file' ? FOLDER_FORMATS : []),
  };
}

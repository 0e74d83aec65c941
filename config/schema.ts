/** The configuration's one schema: keys, types, bounds, defaults and meanings. All else is made from it. */
import { join } from 'node:path';
import { z } from 'zod';
import { Days, Minutes } from '../base/units.ts';
import {
  everyAddress,
  hostName,
  IPP_PORT,
  listenAddress,
  MOST_LISTENING,
  network,
  READER_PORT,
  WEB_PORT,
} from './addresses.ts';
import { alerts } from './alerts.ts';
import { codes } from './codes.ts';
import { directory } from './directories.ts';
import { group, named } from './groups.ts';
import { limits } from './limits.ts';
import { mail } from './mail.ts';
import { panel, panelDefaults, wholeDefaults, wholePanel } from './panels.ts';
import { printerName } from './printer-names.ts';
import { printerUri } from './printer-uri.ts';
import { type ReaderConfig, reader } from './readers.ts';
import { snmp } from './snmp.ts';
import {
  absolutePath,
  choice,
  duration,
  flag,
  interfaceName,
  listOf,
  mediaType,
  shownText,
} from './values.ts';
import { kindOf, mustBe } from './wording.ts';

/** What a folder takes unless told otherwise: the formats that driverless clients send. */
const FOLDER_FORMATS = ['application/pdf', 'image/jpeg', 'image/pwg-raster', 'image/urf'];

/** All of them stand in the certificate, which every client gets. */
const MOST_HOST_NAMES = 100;

/** A socket's address is at most 107 octets long (unix(7)). */
const SOCKET_PATH_OCTETS = 107;

/** RFC 6409 §3.1, RFC 8314 §3.3. */
const SUBMISSION_PORT = 587;
const SMTPS_PORT = 465;

const LISTEN_ALLOWED = 'a list of addresses with ports, such as ["0.0.0.0:631", "[::]:631"], or `systemd`';

const READER_LISTEN_ALLOWED = 'a list of addresses with ports, such as ["0.0.0.0:8633"]';

const listener = (port: number, meaning: string, plain: string) =>
  group({
    listen: z
      .union([z.literal('systemd'), listOf(listenAddress(), LISTEN_ALLOWED, MOST_LISTENING)], {
        error: (issue) => mustBe(kindOf(issue.input), LISTEN_ALLOWED),
      })
      .meta({ allowed: LISTEN_ALLOWED })
      .prefault(everyAddress(port))
      .describe(meaning),
    encryption: choice(['offered', 'required'])
      .prefault('offered')
      .describe(
        `\`offered\`: the port takes TLS and plain connections alike. \`required\`: TLS only; ${plain}`,
      ),
  }).prefault({});

const INTERFACES_ALLOWED = '`all`, or a list of names of interfaces, such as [eth0]';

const discovery = group({
  announce: flag()
    .prefault(true)
    .describe(
      'Whether computers and phones find the queues by themselves (DNS-SD over multicast DNS; AirPrint, Mopria).',
    ),
  interfaces: z
    .union([z.literal('all'), listOf(interfaceName(), INTERFACES_ALLOWED, 100)], {
      error: (issue) => mustBe(kindOf(issue.input), INTERFACES_ALLOWED),
    })
    .meta({ allowed: INTERFACES_ALLOWED })
    .prefault('all')
    .describe(
      'The network interfaces on which they are announced, and on which printers are looked for. `all` are those that reach other machines. Multicast DNS stays within a network (VLAN): for others there is `holdfast connect dns-zone`.',
    ),
  browse: flag()
    .prefault(true)
    .describe(
      'Whether printers of these networks are looked for, to be listed by `holdfast printers discover`. A printer that was found gets no job before somebody has pinned it.',
    ),
  'printer-networks': listOf(network(), 'a list of addresses or networks, such as [10.2.0.0/16]', 100)
    .default([])
    .meta({ byDefault: 'none' })
    .describe(
      'Networks beyond those of the interfaces whose printers are asked what they can do when they are announced here, as by a reflector of multicast DNS. A printer that is announced with any other address is listed, and never connected to.',
    ),
})
  .prefault({})
  .describe('How clients find the queues.');

const readerLines = group({
  listen: listOf(listenAddress(), READER_LISTEN_ALLOWED, MOST_LISTENING)
    .prefault(everyAddress(READER_PORT))
    .describe(
      'Where readers of the kind `network-lines` connect (TCP, without TLS: keys and cards can be read on the way, so keep it to a network of its own). It is open only while there is such a reader.',
    ),
})
  .prefault({})
  .describe('The port for network readers that send lines.');

const gateway = group({
  name: shownText()
    .prefault('Holdfast')
    .describe('What this gateway is called, on panels and in the lists of printers that clients show.'),
  'state-directory': absolutePath()
    .prefault('/var/lib/holdfast')
    .describe(
      'Where jobs, people and everything else that must survive a restart lie. Readable by the service only.',
    ),
  'key-file': absolutePath()
    .optional()
    .meta({ byDefault: '`gateway.key` in the state directory' })
    .describe(
      'The file of the key under which all else is sealed. On another disk than the state, a stolen disk or backup of either tells nothing. It is made at the first start. Keep a copy in a safe: without it, held jobs and codes are lost.',
    ),
  'control-socket': absolutePath(SOCKET_PATH_OCTETS)
    .prefault('/run/holdfast/control.sock')
    .describe('Where the `holdfast` commands reach the running gateway. Who may open it rules the gateway.'),
  'host-names': listOf(hostName(), 'a list of names, such as [print.example.org]', MOST_HOST_NAMES)
    .default([])
    .meta({ byDefault: 'none' })
    .describe(
      'Names under which clients and panels reach this gateway, beside its addresses and the name of this machine. Requests under any other name are refused, so that no web page can reach it by a name of its own (DNS rebinding).',
    ),
  discovery,
  ipp: listener(
    IPP_PORT,
    'Where print clients connect (IPP). Port 0 takes any free port. `systemd`: the sockets with the name `ipp` that systemd has opened (`holdfast.socket`).',
    'a plain request is answered with 426 Upgrade Required, which CUPS follows by itself; other clients need an `ipps:` address.',
  ),
  web: listener(
    WEB_PORT,
    'Where panels and monitoring connect (HTTP). Port 0 takes any free port. `systemd`: the sockets with the name `web`.',
    'a browser that comes in the clear is sent on to `https:`. Each panel has to trust the certificate then.',
  ),
  'reader-lines': readerLines,
  tls: group({
    certificate: absolutePath()
      .exactOptional()
      .meta({ byDefault: 'one that the gateway makes and renews' })
      .describe(
        'A PEM file with the certificate of this server, followed by those that lead to its issuer. It is taken anew when the file changes.',
      ),
    key: absolutePath()
      .exactOptional()
      .meta({ byDefault: 'kept in the state directory, sealed' })
      .describe(
        'A PEM file with its private key, without a passphrase, readable by the service and not by everybody.',
      ),
  })
    .prefault({})
    .describe('The certificate that both ports show to clients that speak TLS.'),
  log: group({
    level: choice(['debug', 'info', 'warn', 'error'])
      .prefault('info')
      .describe('Events of this level and of those after it are logged.'),
    format: choice(['json', 'text'])
      .prefault('json')
      .describe('`json` for the journal and log collectors, `text` for a person at a terminal.'),
  })
    .prefault({})
    .describe('What the gateway tells of its work.'),
});

/** Longer lists nobody walks along. */
const MOST_NEAR = 20;

const PRINTERS_ALLOWED = '`all`, or a list of names of printers, such as [mfp-1, mfp-2]';

const place = (meaning: string) => shownText().default('').meta({ byDefault: 'none' }).describe(meaning);

const queue = group({
  info: shownText()
    .optional()
    .meta({ byDefault: 'its name' })
    .describe('What clients call the queue (`printer-info`).'),
  location: place('Where clients are told that it is (`printer-location`).'),
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

/** A printer as it is written, or as it was pinned; whatever is not said has its default. */
export const printer = group({
  uri: printerUri().describe(
    'How it is reached: `ipp:` and `ipps:` (most printers since 2010), `socket:` (AppSocket, "port 9100"; only with `pjl` it says whether a page came out), `usb:` (at a USB port of this machine), or `file:` (a folder that gets the documents as files).',
  ),
  info: shownText()
    .optional()
    .meta({ byDefault: 'its name' })
    .describe('What people call the printer; panels show it.'),
  location: place('Where it stands; panels show it.'),
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

const retention = group({
  held: duration(Minutes(1), Days(366))
    .prefault('72 h')
    .describe(
      'A job that nobody took is deleted, beyond recovery, this long after it came, or after the time until which its sender holds it.',
    ),
  history: duration(Minutes(1), Days(366))
    .prefault('24 h')
    .describe('How long a job is still listed after its end. Its document is gone at once.'),
  'printer-history': duration(Days(1), Days(3660))
    .prefault('365 d')
    .describe('How long it is kept what became of printers: their troubles and their levels.'),
});

const sections = group({
  gateway: gateway
    .prefault({})
    .describe('The gateway itself. A change here, other than of `log.level`, takes a restart.'),
  queues: named(queue, 1).describe(
    'What people print to. The name is the last part of the address `/ipp/NAME`.',
  ),
  printers: named(printer, 0)
    .prefault({})
    .describe(
      'Where jobs come out. What stands here is taken at its word. Printers that were found on the network or imported are pinned by command (`holdfast printers`), and stand beside these; a name that both have is the one of this file.',
    ),
  panels: named(panel, 0)
    .prefault({})
    .describe('Where people sign in and take their jobs. The page of a panel is `/panel/NAME`.'),
  'panel-defaults': panelDefaults
    .prefault({})
    .describe(
      'What holds for every panel that does not say otherwise, and for those that are enrolled only.',
    ),
  readers: named(reader, 0)
    .prefault({})
    .describe('Card readers that this machine has, or that reach it over the network.'),
  directories: named(directory, 0)
    .prefault({})
    .describe(
      'Where people come from, beside files and commands. The name is the source of its people: under another name they are other people. A change here takes a restart.',
    ),
  limits: limits
    .prefault({})
    .describe('Every bound. The defaults suit a hospital; a limit that is hit is logged and counted.'),
  retention: retention.prefault({}).describe('How long things are kept.'),
  codes: codes.prefault({}).describe('The codes that people type at panels.'),
  mail: mail.exactOptional().describe('The mail server. Without it no mail is sent.'),
  alerts: alerts
    .prefault({})
    .describe('Who is told of what goes wrong: toner, paper, jams, the gateway itself.'),
});

function wholePrinter<
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

export const schema = sections.transform(
  ({
    gateway,
    queues,
    printers,
    panels,
    panelDefaults,
    readers,
    directories,
    limits,
    retention,
    codes,
    mail,
    alerts,
  }) => {
    const printerNames = printers.map(({ name }) => name);
    return {
      gateway: { ...gateway, keyFile: gateway.keyFile ?? join(gateway.stateDirectory, 'gateway.key') },
      queues: queues.map((each) => ({
        ...each,
        info: each.info ?? each.name,
        printers: each.printers === 'all' ? printerNames : each.printers,
        /** Printers that are pinned later belong to it too. */
        everyPrinter: each.printers === 'all',
      })),
      printers: printers.map(wholePrinter),
      panels: panels.map((each) => wholePanel(each, panelDefaults)),
      panelDefaults: wholeDefaults(panelDefaults),
      readers: readers as readonly ReaderConfig[],
      directories,
      limits,
      retention,
      codes,
      alerts: {
        ...alerts,
        recipients: alerts.recipients.map((each) => ({
          ...each,
          language: each.language ?? alerts.language,
        })),
      },
      ...(mail === undefined
        ? {}
        : { mail: { ...mail, port: mail.port ?? (mail.tls === 'implicit' ? SMTPS_PORT : SUBMISSION_PORT) } }),
    };
  },
);

/** A whole configuration, every default filled in; durations in milliseconds, sizes in octets. */
export type Config = z.output<typeof schema>;
export type GatewayConfig = Config['gateway'];
export type QueueConfig = Config['queues'][number];
export type PrinterConfig = Config['printers'][number];

/** A printer that is not in the file, with the defaults of one that is. @throws ZodError for what no file could say */
export function printerOf(
  name: string,
  keys: {
    readonly uri: string;
    readonly info?: string;
    readonly location?: string;
    readonly formats?: string[];
  },
): PrinterConfig {
  return wholePrinter({ name, ...printer.parse(keys) });
}

export type PanelConfig = Config['panels'][number];
export type PanelDefaultsConfig = Config['panelDefaults'];
export type LimitsConfig = Config['limits'];
export type AlertsConfig = Config['alerts'];
export type RetentionConfig = Config['retention'];

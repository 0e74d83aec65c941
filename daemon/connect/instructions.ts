/** What to do on each system to add a queue. */
import type { Connection } from './connection.ts';
import { forPowerShell, forShell } from './quoting.ts';

export interface Instructions {
  readonly system: string;
  /** What to do, in order; a command to be copied stands as `command`. */
  readonly steps: readonly ({ readonly text: string } | { readonly command: string })[];
}

type Steps = Instructions['steps'];

const text = (line: string) => ({ text: line });
const command = (line: string) => ({ command: line });

export function instructionsFor(connection: Connection): Instructions[] {
  return [
    { system: 'Windows 10 and 11', steps: windows(connection) },
    { system: 'macOS', steps: macos(connection) },
    { system: 'Linux (CUPS)', steps: linux(connection) },
    { system: 'iPhone and iPad', steps: ios(connection) },
    { system: 'Android', steps: android(connection) },
    { system: 'ChromeOS', steps: chromeos(connection) },
  ];
}

function windows(connection: Connection): Steps {
  const { host, port, path, name, entrance, plain } = connection;
  if (entrance === 'password') {
    return [
      text(
        'Windows asks for no password when it prints: give each person a token instead ("holdfast tokens create").',
      ),
    ];
  }
  const url = (scheme: string) => `${scheme}://${host}:${port}/${path}`;
  const add = (scheme: string) =>
    command(`Add-Printer -Name ${forPowerShell(name)} -IppURL ${forPowerShell(url(scheme))}`);
  return [
    ...(connection['self-signed']
      ? [
          text(
            'Trust the certificate first ("holdfast certificate export gateway.cer"), in PowerShell as administrator, or by group policy:',
          ),
          command('Import-Certificate -FilePath gateway.cer -CertStoreLocation Cert:\\LocalMachine\\Root'),
        ]
      : []),
    text('In PowerShell as administrator:'),
    add('https'),
    text(
      `Or: Settings, Bluetooth & devices, Printers & scanners, Add device, Add manually, "IPP printer": ${url('https')}`,
    ),
    ...(plain === null
      ? []
      : [text('Where the certificate cannot be trusted, without encryption:'), add('http')]),
  ];
}

function macos(connection: Connection): Steps {
  return [
    ...found(connection, 'System Settings, Printers & Scanners, Add Printer: choose'),
    text(
      `By hand: System Settings, Printers & Scanners, Add Printer, the globe; address ${authority(connection)}, protocol "AirPrint" (or "IPP"), queue ${connection.path}. Or in a terminal:`,
    ),
    lpadmin(connection),
    ...signIn(connection),
    text('Managed Macs: "holdfast connect profile FILE".'),
  ];
}

function linux(connection: Connection): Steps {
  return [
    ...found(connection, 'print dialogs list it as'),
    ...listedByCups(connection),
    text('By hand, as root or a member of lpadmin:'),
    lpadmin(connection),
    ...signIn(connection),
  ];
}

function ios(connection: Connection): Steps {
  return [
    ...found(connection, 'Print, Select Printer: choose'),
    text(
      'Anywhere else, and for a token: install the profile that "holdfast connect profile FILE" writes, by device management, mail or a web page.',
    ),
    ...(connection['self-signed']
      ? [
          text(
            'A profile that was not installed by device management has to be trusted: Settings, General, About, Certificate Trust Settings.',
          ),
        ]
      : []),
    ...signIn(connection),
  ];
}

function android(connection: Connection): Steps {
  return [
    ...found(connection, 'Print, All printers: choose'),
    text(`By hand: the app "Mopria Print Service", Add printer, ${connection.secure}`),
    ...(connection.entrance === 'claimed'
      ? []
      : [
          text(
            'The print service that comes with Android knows no addresses but /ipp/print, and no passwords.',
          ),
        ]),
  ];
}

function chromeos(connection: Connection): Steps {
  return [
    ...found(connection, 'Settings, Printers: save'),
    text(
      `By hand, or for all users in the admin console: Settings, Printers, Add; address ${authority(connection)}, protocol IPPS, queue ${connection.path}`,
    ),
  ];
}

const authority = ({ host, port }: Connection): string => `${host}:${port}`;

function lpadmin({ queue, secure, entrance }: Connection) {
  const asking = entrance === 'password' ? ' -o auth-info-required=username,password' : '';
  return command(`lpadmin -p ${forShell(queue)} -E -v ${forShell(secure)} -m everywhere${asking}`);
}

function found({ announced, name }: Connection, how: string): Steps {
  return announced ? [text(`In the same network it is found: ${how} "${name}".`)] : [];
}

/** CUPS names what it finds by the letters and digits of ASCII; what stands between them becomes one `_`. */
function listedByCups({ announced, name }: Connection): Steps {
  const listed = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '');
  return announced && listed !== '' ? [text(`"lpstat -e" and "lp -d" call it ${listed}.`)] : [];
}

const signIn = ({ entrance }: Connection): Steps =>
  entrance === 'password' ? [text('At the first job the user name and password are asked for.')] : [];

/** The configuration's part on the gateway itself: where it listens, what it announces, where it keeps its state. */
import { z } from 'zod';
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
import { group } from './groups.ts';
import { absolutePath, choice, flag, interfaceName, listOf, shownText } from './values.ts';
import { kindOf, mustBe } from './wording.ts';

/** All of them stand in the certificate, which every client gets. */
const MOST_HOST_NAMES = 100;

/** A socket's address is at most 107 octets long (unix(7)). */
const SOCKET_PATH_OCTETS = 107;

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

export const gateway = group({
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

/** Where the gateway listens: ports that clash with one another, and printers that are the gateway itself. */
import { isIPv4 } from 'node:net';
import {
  everyAddress,
  IPP_PORT,
  type ListenAddress,
  MOST_LISTENING,
  parseListenAddress,
  WEB_PORT,
} from './addresses.ts';
import { at, itemsOf, readable } from './plain.ts';
import type { PrinterUri } from './printer-uri.ts';
import { atValue, type Finding, formatPath, mustBe, type Path } from './wording.ts';
import type { Plain } from './yaml-reader.ts';

interface Listening {
  readonly path: Path;
  readonly address: ListenAddress;
  /** False for what is listened on by default. */
  readonly given: boolean;
}

/** Two sockets cannot have one port of one address, nor one of all addresses and one of a single one. */
export function checkListening(root: Plain): Finding[] {
  const all = [...listenersOf(root, 'ipp', IPP_PORT), ...listenersOf(root, 'web', WEB_PORT)];
  const ordered = [...all.filter(({ given }) => !given), ...all.filter(({ given }) => given)];
  return ordered.flatMap((each, index) => {
    const other = ordered.slice(0, index).find(({ address }) => clash(address, each.address));
    if (other === undefined) return [];
    const where = `${formatPath(other.path)}${other.given ? '' : ' (by default)'}`;
    return [atValue(each.path, mustBe(`the port is taken by ${where}`, 'another port or address'))];
  });
}

function clash(a: ListenAddress, b: ListenAddress): boolean {
  if (a.port === 0 || a.port !== b.port || isIPv4(a.host) !== isIPv4(b.host)) return false;
  return a.host === b.host || [a.host, b.host].some((host) => host === '0.0.0.0' || host === '::');
}

/** Tells whether a printer is this gateway, so that a job released to it would come back. */
export function loopDetector(root: Plain): (uri: PrinterUri) => boolean {
  const listening = [
    ...listenersOf(root, 'ipp', IPP_PORT).map(({ address }) => address),
    // Where systemd listens is not known here; IPP's own port is likely.
    ...(listenOf(root, 'ipp') === 'systemd' ? everyAddress(IPP_PORT).map(parseListenAddress) : []),
  ];
  const ports = new Set(listening.map(({ port }) => port));
  const hosts = new Set([
    ...['localhost', '::1'],
    ...itemsOf(at(at(root, 'gateway'), 'host-names')).map((each) => String(each).toLowerCase()),
    ...listening.map(({ host }) => host),
  ]);
  return (uri) => {
    if (uri.scheme !== 'ipp' && uri.scheme !== 'ipps') return false;
    const here = hosts.has(uri.host) || (isIPv4(uri.host) && uri.host.startsWith('127.'));
    return here && ports.has(uri.port);
  };
}

function listenersOf(root: Plain, name: 'ipp' | 'web', port: number): Listening[] {
  const path = ['gateway', name, 'listen'];
  const listed = listenOf(root, name);
  const texts = listed === undefined ? everyAddress(port) : itemsOf(listed).slice(0, MOST_LISTENING);
  return texts.flatMap((text, index) => {
    const address = readable(parseListenAddress, text);
    return address === undefined ? [] : [{ path: [...path, index], address, given: listed !== undefined }];
  });
}

const listenOf = (root: Plain, name: 'ipp' | 'web'): Plain | undefined =>
  at(at(at(root, 'gateway'), name), 'listen');

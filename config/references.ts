/**
 * What one key says of another: names that must exist, keys that go together. Looks at the plain values, so that these
 * errors are told together with all others; a value of the wrong type is passed over, as the schema tells of it.
 */
import { isLanguage, LANGUAGES } from '../base/i18n/languages.ts';
import { formatDuration, Milliseconds, parseDuration } from '../base/units.ts';
import { checkAlerts } from './alerts.ts';
import { checkListening, loopDetector } from './listening.ts';
import { checkPanels } from './panel-checks.ts';
import { at, entriesOf, itemsOf, readable } from './plain.ts';
import { checkPrinterNames } from './printer-names.ts';
import { type PrinterUri, parsePrinterUri } from './printer-uri.ts';
import { checkReaders } from './reader-checks.ts';
import { checkSnmp } from './snmp.ts';
import { atKey, atValue, type Finding, mustBe, oneOf, quoted } from './wording.ts';
import type { Plain } from './yaml-reader.ts';

export function checkReferences(root: Plain): Finding[] {
  const printers = entriesOf(at(root, 'printers'));
  const known = new Set(printers.map(([name]) => name));
  const isOurselves = loopDetector(root);
  return [
    ...['queues', 'printers', 'panels', 'readers', 'directories'].flatMap((section) =>
      checkCapitals(section, at(root, section)),
    ),
    ...entriesOf(at(root, 'queues')).flatMap(([name, queue]) => checkQueue(name, queue, known)),
    ...printers.flatMap(([name, printer]) => [
      ...checkPrinter(name, printer, isOurselves),
      ...checkNear(name, printer, known),
    ]),
    ...checkPanels(root, known),
    ...checkReaders(root, known),
    ...entriesOf(at(root, 'directories')).flatMap(([name, directory]) => [
      ...checkSource(name),
      ...checkAges(name, directory),
    ]),
    ...checkAlerts(root, known),
    ...checkListening(root),
    ...checkTls(at(at(root, 'gateway'), 'tls')),
    ...checkNewPeople(root),
    ...entriesOf(at(at(at(root, 'codes'), 'mail'), 'templates')).flatMap(([name]) => checkLanguage(name)),
  ];
}

/** What people who come from elsewhere are marked with. */
const RESERVED_SOURCES = ['local', 'here'];

function checkSource(name: string): Finding[] {
  if (!RESERVED_SOURCES.includes(name.toLowerCase())) return [];
  return [atKey(['directories', name], mustBe('stands for people who are kept here only', 'another name'))];
}

/** Between two syncs that go well nobody must be locked out. */
function checkAges(name: string, directory: Plain): Finding[] {
  const text = at(directory, 'interval');
  const interval = typeof text === 'string' ? parseDuration(text) : undefined;
  if (interval === undefined) return [];
  return entriesOf(at(directory, 'max-age')).flatMap(([kind, value]) => {
    const age = typeof value === 'string' ? parseDuration(value) : undefined;
    if (age === undefined || age >= 2 * interval) return [];
    return [
      atValue(
        ['directories', name, 'max-age', kind],
        mustBe(
          'is shorter than two intervals',
          `at least ${formatDuration(Milliseconds(2 * interval))}, or a shorter interval`,
        ),
      ),
    ];
  });
}

function checkLanguage(name: string): Finding[] {
  if (isLanguage(name)) return [];
  return [
    atKey(['codes', 'mail', 'templates', name], mustBe('is no language of Holdfast', oneOf(LANGUAGES))),
  ];
}

function checkNewPeople(root: Plain): Finding[] {
  if (at(at(root, 'codes'), 'for-new-people') === undefined || at(root, 'mail') !== undefined) return [];
  const path = ['codes', 'for-new-people'];
  return [atKey(path, mustBe('mails codes, and there is no mail server', 'left out, or beside mail'))];
}

function checkTls(tls: Plain | undefined): Finding[] {
  const pairs = [
    ['certificate', 'key'],
    ['key', 'certificate'],
  ] as const;
  return pairs
    .filter(([name, other]) => at(tls, name) !== undefined && at(tls, other) === undefined)
    .map(([name, other]) =>
      atKey(['gateway', 'tls', name], mustBe(`stands without ${other}`, `left out, or beside ${other}`)),
    );
}

/** Names that only differ in capitals are one name to many clients (DNS-SD, Windows). */
function checkCapitals(section: string, entries: Plain | undefined): Finding[] {
  const seen = new Map<string, string>();
  return entriesOf(entries).flatMap(([name]) => {
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (twin === undefined) return [];
    return [atKey([section, name], mustBe(`is ${quoted(twin)} in other capitals`, 'another name'))];
  });
}

function checkQueue(name: string, queue: Plain, known: ReadonlySet<string>): Finding[] {
  const path = ['queues', name, 'printers'];
  const printers = at(queue, 'printers') ?? 'all';
  const findings = checkPrinterNames(path, printers, known);
  const number = printers === 'all' ? known.size : itemsOf(printers).length;
  const none = printers === 'all' && number === 0;
  if (at(queue, 'release') === 'immediately' && (number > 1 || none)) {
    const wrong = `needs one printer, and the queue has ${number}`;
    const allowed = 'at-panel, or the printers of the queue a list of one';
    findings.push(atValue(['queues', name, 'release'], mustBe(wrong, allowed)));
  }
  return findings;
}

/** Other printers, once each. */
function checkNear(name: string, printer: Plain, known: ReadonlySet<string>): Finding[] {
  const path = ['printers', name, 'near'];
  const near = at(printer, 'near');
  const itself = itemsOf(near).indexOf(name);
  return [
    ...checkPrinterNames(path, near, known),
    ...(itself === -1 ? [] : [atValue([...path, itself], 'is this printer; must be another')]),
  ];
}

const OF_LOGIN = ['user', 'password-file'] as const;

/** Both or none, where there is something to log in to. */
function checkLogin(path: readonly string[], printer: Plain, scheme: PrinterUri['scheme']): Finding[] {
  const given = OF_LOGIN.filter((key) => at(printer, key) !== undefined);
  if (scheme !== 'ipp' && scheme !== 'ipps') {
    return given.map((key) =>
      atKey([...path, key], mustBe(`is not for ${scheme}: printers`, 'left out, or beside an ipp: address')),
    );
  }
  if (given.length === 0) return [];
  return OF_LOGIN.filter((key) => !given.includes(key)).map((key) =>
    atValue([...path, key], mustBe('is missing', 'given together with the other of the two')),
  );
}

function checkPrinter(name: string, printer: Plain, isOurselves: (uri: PrinterUri) => boolean): Finding[] {
  const path = ['printers', name];
  const findings: Finding[] = [];
  if (name === 'all') findings.push(atKey(path, mustBe('stands for every printer', 'another name')));
  const uri = readable(parsePrinterUri, at(printer, 'uri'));
  if (uri === undefined) return findings;
  findings.push(...checkSnmp([...path, 'snmp'], at(printer, 'snmp'), 'host' in uri));
  const hasFormats = at(printer, 'formats') !== undefined;
  if (uri.scheme === 'socket' && !hasFormats) {
    const wrong = 'is missing, and a socket cannot be asked';
    findings.push(
      atValue([...path, 'formats'], mustBe(wrong, 'a list of media types, such as [application/pdf]')),
    );
  }
  if ((uri.scheme === 'ipp' || uri.scheme === 'ipps') && hasFormats) {
    const wrong = `is not for ${uri.scheme}: printers, which tell it themselves`;
    findings.push(atKey([...path, 'formats'], mustBe(wrong, 'left out')));
  }
  if (uri.scheme !== 'socket' && uri.scheme !== 'usb' && at(printer, 'pjl') !== undefined) {
    const wrong = `is not for ${uri.scheme}: printers`;
    findings.push(atKey([...path, 'pjl'], mustBe(wrong, 'left out, or beside a socket: or usb: address')));
  }
  findings.push(...checkLogin(path, printer, uri.scheme));
  if (isOurselves(uri)) {
    const wrong = 'leads back to this gateway';
    findings.push(atValue([...path, 'uri'], mustBe(wrong, 'the address of a printer')));
  }
  return findings;
}

/** What one key of a panel says of another: one place for its printers, ways to sign in that go together. */
import { at, entriesOf, itemsOf } from './plain.ts';
import { checkPrinterName, checkPrinterNames, standsTwice } from './printer-names.ts';
import { atKey, atValue, type Finding, mustBe, type Path } from './wording.ts';
import type { Plain } from './yaml-reader.ts';

export function checkPanels(root: Plain, known: ReadonlySet<string>): Finding[] {
  const defaults = at(root, 'panel-defaults');
  return [
    ...checkWays(['panel-defaults'], defaults, undefined),
    ...entriesOf(at(root, 'panels')).flatMap(([name, panel]) => [
      ...checkPrinters(['panels', name], panel, known),
      ...checkWays(['panels', name], panel, defaults),
    ]),
  ];
}

function checkPrinters(path: Path, panel: Plain, known: ReadonlySet<string>): Finding[] {
  const one = at(panel, 'printer');
  const several = at(panel, 'printers');
  const findings = [
    ...checkPrinterName([...path, 'printer'], one, known),
    ...checkPrinterNames([...path, 'printers'], several, known),
  ];
  if (one !== undefined && several !== undefined) {
    findings.push(atKey([...path, 'printers'], mustBe('stands beside printer', 'left out, or in its place')));
  }
  // A panel that is no group is told of by the schema.
  if (one === undefined && several === undefined && (panel === null || isGroup(panel))) {
    findings.push(atValue([...path, 'printer'], mustBe('is missing', 'the name of a printer')));
  }
  return findings;
}

/** Where a clash is told: at the panel's own key, as the defaults are right for others. */
function checkWays(path: Path, panel: Plain | undefined, defaults: Plain | undefined): Finding[] {
  const own = (key: string) => at(panel, key) !== undefined;
  const setting = (key: string) => at(panel, key) ?? at(defaults, key);
  const ways = itemsOf(setting('sign-in'));
  const findings = (['sign-in', 'bind-cards'] as const).flatMap((key) =>
    itemsOf(at(panel, key)).flatMap((each, index, all) =>
      typeof each === 'string' && all.indexOf(each) < index ? [standsTwice([...path, key, index])] : [],
    ),
  );
  if (own('sign-in') && ways.includes('badge') && ways.includes('badge-and-pin')) {
    const index = ways.indexOf('badge-and-pin');
    const wrong = 'stands beside badge, which asks for no PIN';
    findings.push(atValue([...path, 'sign-in', index], mustBe(wrong, 'left out, or in its place')));
  }
  if (ways.includes('password') && setting('plain-http') === 'allow') {
    const wrong = 'would show passwords to the network: password is a way to sign in here';
    if (own('plain-http')) findings.push(atValue([...path, 'plain-http'], mustBe(wrong, 'refuse')));
    else if (own('sign-in')) {
      const index = ways.indexOf('password');
      const message = mustBe('stands where plain-http is allowed', 'left out, or with plain-http: refuse');
      findings.push(atValue([...path, 'sign-in', index], message));
    }
  }
  return findings;
}

const isGroup = (value: Plain): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

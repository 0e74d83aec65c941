/** What a configuration allows and yet is hardly meant. */
import { selfWritable } from '../identity/directory/options.ts';
import type { DirectoryConfig } from './directories.ts';
import type { AlertsConfig, Config, PanelConfig, PrinterConfig, QueueConfig } from './schema.ts';
import { atKey, atValue, didYouMean, type Finding, quoted } from './wording.ts';

export function warningsOf({
  queues,
  printers,
  panels,
  readers,
  directories,
  mail,
  alerts,
}: Config): Finding[] {
  const withPanel = new Set([
    ...panels.flatMap(({ printers }) => printers),
    ...readers.flatMap(({ printer }) => printer ?? []),
  ]);
  const panelsByName = new Map(panels.map((panel) => [panel.name, panel]));
  // Queues with `printers: all` share one list, which need not be looked through for each of them.
  const inQueue = new Set([...new Set(queues.map((queue) => queue.printers))].flat());
  return [
    ...queues.flatMap((queue) => [
      ...warnOfRefusal(queue),
      ...warnOfNoEffect(queue),
      ...warnOfNoPanel(queue, withPanel),
    ]),
    ...printers
      .filter(({ name }) => !inQueue.has(name))
      .map(({ name }) => atKey(['printers', name], 'no queue prints here')),
    ...panels.flatMap((panel) => warnOfPanel(panel, mail !== undefined)),
    ...readers.flatMap((reader) => warnOfReader(reader, panelsByName)),
    ...warnOfTwins(printers),
    ...directories.flatMap(warnOfDirectory),
    ...warnOfUnknown(alerts, printers),
  ];
}

/** Printers that somebody is told of may have been pinned: no file knows them. */
function warnOfUnknown(
  { recipients, printerGroups }: AlertsConfig,
  printers: readonly PrinterConfig[],
): Finding[] {
  const known = new Set(printers.map(({ name }) => name));
  const named = new Set([...known, ...printerGroups.map(({ name }) => name)]);
  const lists = [
    ...printerGroups.map((each) => ['printer-groups', each.name, each.printers, known] as const),
    ...recipients.map((each) => ['recipients', each.name, each.printers, named] as const),
  ];
  return lists.flatMap(([section, name, list, there]) => {
    const unknown = list === 'all' ? [] : list.filter((each) => !there.has(each));
    const [first] = unknown;
    if (first === undefined) return [];
    const hint = didYouMean(first, there);
    const more = unknown.length === 1 ? '' : `, nor ${unknown.length - 1} more of these`;
    const message = `no printer of this file has the name ${quoted(first)}${hint}${more}: unless it was pinned by that name, nobody is told of it here`;
    return [atValue(['alerts', section, name, 'printers'], message)];
  });
}

function warnOfRefusal({ name, authentication, claimedNames, unownedJobs }: QueueConfig): Finding[] {
  if (authentication === 'required' || claimedNames === 'trust' || unownedJobs === 'claimable') return [];
  const message =
    'takes only jobs that come with a password or a token; if that is meant, set authentication: required';
  return [atKey(['queues', name], message)];
}

function warnOfNoEffect({ name, authentication, claimedNames }: QueueConfig): Finding[] {
  if (authentication === 'optional' || claimedNames === 'ignore') return [];
  return [
    atValue(
      ['queues', name, 'claimed-names'],
      'has no effect: this queue takes no claims, see authentication',
    ),
  ];
}

function warnOfNoPanel({ name, release, printers }: QueueConfig, withPanel: ReadonlySet<string>): Finding[] {
  if (release === 'immediately' || printers.some((printer) => withPanel.has(printer))) return [];
  const message =
    'its jobs are held and can be taken nowhere, unless a panel was enrolled: none of this file stands at any of its printers';
  return [atKey(['queues', name], message)];
}

function warnOfPanel({ name, signIn, bindCards, releaseAll }: PanelConfig, hasMail: boolean): Finding[] {
  const path = ['panels', name];
  const takesBadges = signIn.includes('badge') || signIn.includes('badge-and-pin');
  const findings: Finding[] = [];
  if (!takesBadges && bindCards.length > 0)
    findings.push(atKey(path, 'bind-cards has no effect: no badge is a way to sign in here'));
  if (bindCards.includes('by-activation') && !hasMail)
    findings.push(atKey(path, 'bind-cards: by-activation has no effect: there is no mail server, see mail'));
  if (!takesBadges && releaseAll)
    findings.push(atKey(path, 'release-all has no effect: no badge is a way to sign in here'));
  if (
    takesBadges &&
    bindCards.includes('by-sign-in') &&
    !signIn.includes('code') &&
    !signIn.includes('password')
  ) {
    findings.push(
      atKey(path, 'bind-cards: by-sign-in has no effect: neither code nor password is a way to sign in here'),
    );
  }
  return findings;
}

function warnOfReader(
  { name, panel }: Config['readers'][number],
  panels: ReadonlyMap<string, PanelConfig>,
): Finding[] {
  if (panel === undefined) return [];
  const path = ['readers', name, 'panel'];
  const found = panels.get(panel);
  if (found === undefined) {
    const hint = didYouMean(panel, panels.keys());
    const message = `no panel of this file has the name ${quoted(panel)}${hint}: unless one was enrolled by it, no swipe here signs in`;
    return [atValue(path, message)];
  }
  if (found.signIn.some((way) => way === 'badge' || way === 'badge-and-pin')) return [];
  return [atValue(path, 'no badge is a way to sign in there, so that no swipe here does')];
}

function warnOfTwins(printers: readonly PrinterConfig[]): Finding[] {
  const names = new Map<string, string>();
  return printers.flatMap(({ name, uri }) => {
    const key = JSON.stringify(uri);
    const twin = names.get(key);
    if (twin !== undefined) return [atValue(['printers', name, 'uri'], `is the uri of ${twin} too`)];
    names.set(key, name);
    return [];
  });
}

function warnOfDirectory({ name, kind, attributes, people, groups }: DirectoryConfig): Finding[] {
  const path = ['directories', name];
  const self = (['cards', 'codes'] as const).flatMap((what) =>
    (kind === 'active-directory' ? selfWritable(attributes[what] ?? []) : []).map((attribute) =>
      atValue(
        [...path, 'attributes', what],
        `people can write ${attribute} themselves in Active Directory, and so make up ${what}; take one that they cannot, such as employeeID`,
      ),
    ),
  );
  if (people !== 'groups' || groups.length > 0) return self;
  return [...self, atValue([...path, 'people'], 'no group is named, so nobody is taken in')];
}

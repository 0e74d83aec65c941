/** Panels as the configuration and the enrolments together say; where both know one, the configuration holds. */
import { Failure } from '../base/errors.ts';
import { printable } from '../base/text.ts';
import { isName } from '../config/groups.ts';
import type { PanelRegistry } from '../panel-protocol/access/registry.ts';
import type { Panel } from '../panel-protocol/ports.ts';
import type { LiveConfig } from './live-config.ts';

/** What comes before the name of a reader that stands at a printer; no name of a panel has a colon. */
const AT_PRINTER = 'reader:';

/** The panel whose session a reader takes part in; where it stands at a printer, one without a screen. */
export const panelOfReader = ({ name, panel }: { readonly name: string; readonly panel?: string }): string =>
  panel ?? `${AT_PRINTER}${name}`;

export function panelNamed(name: string, live: LiveConfig, registry: PanelRegistry): Panel | undefined {
  const configured = live.panels.get(name);
  if (configured !== undefined) return configured;
  const defaults = live.current.panelDefaults;
  const printer = name.startsWith(AT_PRINTER)
    ? live.readers.get(name.slice(AT_PRINTER.length))?.printer
    : undefined;
  // No address and no device is it, so that nothing but the reader ever gets in.
  if (printer !== undefined)
    return { ...defaults, name, printers: [printer], addresses: [], releaseAll: true };
  const enrolled = registry.panel(name);
  if (enrolled === undefined) return undefined;
  return { ...defaults, name, printers: enrolled.printers, addresses: [] };
}

/** Which panel a device is to be. */
export interface PanelPlace {
  readonly panel: string;
  /** Given when the panel is new. */
  readonly printers?: readonly string[];
}

export interface KnownPanels {
  readonly live: Pick<LiveConfig, 'printers' | 'panels'>;
  readonly registry: Pick<PanelRegistry, 'panel' | 'panels'>;
}

/**
 * The panel that an administrator means: one that exists, or a new one at these printers.
 * @param wanted `name` empty: it is called as its first printer; `printers` empty: those that the panel has
 * @throws Failure `bad-panel` saying what is wrong
 */
export function placeFor(
  known: KnownPanels,
  wanted: { readonly name: string; readonly printers: readonly string[] },
): PanelPlace {
  const [first = ''] = wanted.printers;
  const name = wanted.name === '' ? first : wanted.name;
  const there = printersOf(known, name);
  for (const printer of wanted.printers) {
    if (!known.live.printers.some((each) => each.name === printer)) {
      throw bad(`there is no printer "${printable(printer, 63)}"`);
    }
  }
  if (new Set(wanted.printers).size < wanted.printers.length) throw bad('a printer is named twice');
  if (there === undefined) {
    if (wanted.printers.length === 0) {
      throw bad(
        `there is no panel "${printable(name, 63)}"`,
        'For a new one, say where it stands: --printer P, or --printers P,Q',
      );
    }
    checkFree(known, name);
    return { panel: name, printers: wanted.printers };
  }
  if (wanted.name === '') {
    throw bad(
      `there is a panel "${name}" already`,
      `--name ${name} makes the device one more of that panel; any other --name makes a new panel`,
    );
  }
  if (wanted.printers.length > 0 && wanted.printers.join() !== there.join()) {
    throw bad(
      `the panel "${name}" stands at ${there.join(', ')}`,
      'Leave --printer out, or give another --name',
    );
  }
  return { panel: name };
}

/** @throws Failure `bad-panel` for a name that no panel can have, or one has */
export function checkFree({ live, registry }: KnownPanels, name: string): void {
  if (!isName(name)) {
    throw bad(
      'a name is 1 to 63 letters (a to z), digits, ".", "_" and "-", and begins with a letter or digit',
    );
  }
  const all = [...live.panels.keys(), ...registry.panels().map((each) => each.name)];
  const twin = all.find((each) => each.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) throw bad(`there is a panel "${twin}" already`);
}

export function printersOf({ live, registry }: KnownPanels, name: string): readonly string[] | undefined {
  return (live.panels.get(name) ?? registry.panel(name))?.printers;
}

const bad = (message: string, advice?: string) =>
  new Failure('bad-panel', message, advice === undefined ? {} : { advice });

/** Printers as the administrator sees them. What others said of themselves stands here as they said it, made safe to show. */
import { displayable } from '../../base/text.ts';
import type { FoundPrinter } from '../found-printers.ts';
import type { FoundState } from '../found-state.ts';
import type { Gateway } from '../gateway.ts';
import { uriText } from '../uri-text.ts';

export interface ShownFound {
  readonly id: string;
  readonly name: string;
  readonly 'make-and-model': string | null;
  readonly location: string | null;
  readonly host: string;
  readonly address: string | null;
  /** How it would be reached. */
  readonly uri: string | null;
  readonly uuid: string | null;
  readonly services: readonly string[];
  readonly formats: readonly string[];
  readonly color: boolean | null;
  readonly duplex: boolean | null;
  readonly state: FoundState;
  /** Which printer of ours it is, or says that it is. */
  readonly printer: string | null;
  /** SHA-256 of its public key, hex. */
  readonly key: string | null;
  /** Why it was not asked, or did not answer. */
  readonly trouble: string | null;
  /** Milliseconds since 1970. */
  readonly heard: number;
}

/** What it answered counts more than what it announced. */
export function shownFound({ device, answer, state, printer }: FoundPrinter): ShownFound {
  const { id, name, host, address, uri, uuid, txt, services, heardAt } = device;
  const told = answer.description;
  const model = told?.makeAndModel ?? txt.makeAndModel;
  const formats = told === undefined || told.formats.length === 0 ? txt.formats : told.formats;
  return {
    id,
    name,
    'make-and-model': shownModel(model),
    location: txt.note ?? null,
    host,
    address: address ?? null,
    uri: uri ?? null,
    uuid: uuid ?? null,
    services: services.map(({ type, port }) => `${type.slice(1)}:${port}`),
    formats: formats.slice(0, 50).map((each) => displayable(each, 127)),
    color: told?.colorModes.includes('color') ?? txt.color ?? null,
    duplex: told === undefined ? (txt.duplex ?? null) : told.sides.some((each) => each.startsWith('two')),
    state,
    printer: printer ?? null,
    key: answer.key ?? null,
    trouble: answer.trouble ?? null,
    heard: heardAt,
  };
}

export interface ShownPrinter {
  readonly name: string;
  readonly info: string;
  readonly location: string;
  readonly uri: string;
  readonly 'known-by': 'configuration' | 'pin';
  /**
   * `verified`: it must show the pinned key. `not-verifiable`: pinned without TLS. `wrong-key`: it is not the device that was
   * pinned. `any`: of the configuration, without a pin.
   */
  readonly pin: 'verified' | 'not-verifiable' | 'wrong-key' | 'any';
  readonly key: string | null;
  readonly uuid: string | null;
  /** Milliseconds since 1970. */
  readonly pinned: number | null;
  readonly state: string;
  readonly trouble: string | null;
}

export function shownPrinters({ live, pins, board, config }: Gateway): ShownPrinter[] {
  const configured = new Set(config.printers.map(({ name }) => name));
  return live.printers.map((printer) => {
    const { name, info, location, uri, key, pinned } = printer;
    const pin = pins.get(name);
    const known = board.get(name);
    const isWrong = known?.wrongKey === true;
    return {
      name,
      info,
      location,
      uri: uriText(uri),
      'known-by': configured.has(name) ? 'configuration' : 'pin',
      pin: isWrong
        ? 'wrong-key'
        : key !== undefined
          ? 'verified'
          : pinned === undefined
            ? 'any'
            : 'not-verifiable',
      key: key ?? null,
      uuid: pin?.uuid ?? null,
      pinned: pinned === undefined && key === undefined ? null : (pin?.pinnedAt ?? null),
      state: known?.state ?? 'unknown',
      trouble: known?.trouble === undefined ? null : displayable(known.trouble, 300),
    };
  });
}

/** What a printer calls itself. */
export const shownModel = (model: string | undefined): string | null =>
  model === undefined ? null : displayable(model, 127);

/** `1a2b:3c4d:…`, sixteen groups, as people compare it. */
export const fingerprint = (key: string): string => key.match(/.{1,4}/g)?.join(':') ?? '';

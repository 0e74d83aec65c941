/** Toner and its kin, in the form of PWG 5100.13 §5.6.39; alerts in that of PWG 5100.9. */
import type { Supply } from '../../../drivers/printers/description.ts';
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';

/** Some is left, nobody knows how much (RFC 3805 `prtMarkerSuppliesLevel`): true of printers that do not tell. */
const SOME_IS_LEFT = -3;
const UNTOLD: Supply = { name: 'Toner or ink', type: 'other', colorant: 'none', level: SOME_IS_LEFT };

export function supplies(told: readonly Supply[]): Part {
  const all = told.length === 0 ? [UNTOLD] : told;
  return {
    'printer-supply': all.map((supply, index) => Buffer.from(encode(supply, index + 1))),
    'printer-supply-description': all.map((supply) => supply.name),
  };
}

function encode({ type, colorant, level }: Supply, index: number): string {
  const classOf = /^waste/i.test(type) ? 'receptacleThatIsFilled' : 'supplyThatIsConsumed';
  return [
    `index=${index}`,
    `class=${classOf}`,
    `type=${type}`,
    'unit=percent',
    'maxcapacity=100',
    `level=${level}`,
    `colorantname=${colorant}`,
    '',
  ].join(';');
}

/** One for each reason that is more than a report; an empty one says that there is none (IPP/2.2 wants the attribute). */
export function alerts(reasons: readonly string[]): Part {
  const told = reasons.filter((reason) => reason !== 'none' && !reason.endsWith('-report'));
  if (told.length === 0) return { 'printer-alert': [Buffer.alloc(0)], 'printer-alert-description': [''] };
  return {
    'printer-alert': told.map((reason) =>
      Buffer.from(`code=${codeOf(reason)};severity=${severityOf(reason)}`),
    ),
    'printer-alert-description': told.map((reason) => reason.replaceAll('-', ' ')),
  };
}

/** `toner-low-warning` → `tonerLow` */
function codeOf(reason: string): string {
  return reason
    .replace(/-(?:warning|error)$/, '')
    .replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

const severityOf = (reason: string): string => (reason.endsWith('-warning') ? 'warning' : 'critical');

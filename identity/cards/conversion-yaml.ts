/** A conversion as it is written in the configuration. */
import type { BitWindow, Conversion, ConversionStep } from './conversion.ts';

/** One step as plain data: a word, or one key with what the step needs. */
export type PlainStep = string | Readonly<Record<string, unknown>>;

/** What the YAML of these steps parses to. */
export function plainConversion(conversion: Conversion): PlainStep[] {
  return conversion.map(plainStep);
}

/** The YAML of these steps, a line each. */
export function conversionYaml(conversion: Conversion): string {
  if (conversion.length === 0) return '[]';
  return plainConversion(conversion)
    .map((step) => `- ${typeof step === 'string' ? step : entry(step)}`)
    .join('\n');
}

function plainStep(step: ConversionStep): PlainStep {
  switch (step.kind) {
    case 'match':
      return { match: step.pattern.source };
    case 'decimal-to-hex':
      return step.digits === 0 ? step.kind : { [step.kind]: step.digits };
    case 'bits':
      return { bits: plainWindow(step.window) };
    case 'facility-and-number':
      return {
        [step.kind]: {
          facility: plainWindow(step.facility),
          number: plainWindow(step.number),
          digits: step.digits,
        },
      };
    case 'pad':
      return { pad: step.digits };
    default:
      return step.kind;
  }
}

const plainWindow = ({ first, length }: BitWindow) => ({ first, length });

/** Flow style, which is also JSON but for bare words. A single-quoted scalar keeps backslashes as they are. */
function entry(step: Readonly<Record<string, unknown>>): string {
  return Object.entries(step)
    .map(([key, value]) => `${key}: ${flow(value)}`)
    .join(', ');
}

function flow(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'object' && value !== null) return `{ ${entry({ ...value })} }`;
  return String(value);
}

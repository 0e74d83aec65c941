/** What a printer says of itself in its IEEE 1284 device id: `MFG:Acme;MDL:Laser 9;CMD:PJL,PCL,PDF;`. */

export interface DeviceId {
  readonly make: string;
  readonly model: string;
  /** Languages, in capitals, in its own order. */
  readonly commands: readonly string[];
}

const LONGEST = 2048;

/** What is missing is empty; nothing is refused. */
export function parseDeviceId(text: string): DeviceId {
  const fields = new Map<string, string>();
  for (const field of text.slice(0, LONGEST).split(';')) {
    const at = field.indexOf(':');
    const name = field.slice(0, at).trim().toUpperCase();
    if (at > 0 && !fields.has(name)) fields.set(name, field.slice(at + 1).trim());
  }
  const first = (...names: string[]) => names.map((name) => fields.get(name)).find(Boolean) ?? '';
  return {
    make: first('MFG', 'MANUFACTURER'),
    model: first('MDL', 'MODEL'),
    commands: first('CMD', 'COMMAND SET')
      .split(',')
      .map((each) => each.trim().toUpperCase())
      .filter((each) => each !== ''),
  };
}

/** The first that fits counts. Makers write these words as they like. */
const LANGUAGES: readonly (readonly [word: RegExp, format: string])[] = [
  [/^PDF/, 'application/pdf'],
  [/^(?:POSTSCRIPT|PS|PS[23])\b|^BR-SCRIPT|^KPDL/, 'application/postscript'],
  [/^PCL ?XL|^PCL ?6/, 'application/vnd.hp-pclxl'],
  [/^PCL/, 'application/vnd.hp-pcl'],
  [/^URF/, 'image/urf'],
  [/^PWG/, 'image/pwg-raster'],
  [/^JPE?G/, 'image/jpeg'],
];

/** Media types of what it takes as it is, once each. */
export function formatsOf({ commands }: DeviceId): readonly string[] {
  const formats = commands.flatMap((command) => LANGUAGES.find(([word]) => word.test(command))?.[1] ?? []);
  return [...new Set(formats)];
}

export const speaksPjl = ({ commands }: DeviceId): boolean => commands.includes('PJL');

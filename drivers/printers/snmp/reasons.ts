/** The MIBs' words for what is wrong as `printer-state-reasons` (PWG 5107.3 maps them the same way). */

/** Bits of `hrPrinterDetectedErrorState`, from the highest of the first octet (RFC 2790, RFC 3805 §2.2.13.2). */
const DETECTED: readonly (readonly [reason: string, grave: boolean])[] = [
  ['media-low', false],
  ['media-empty', true],
  ['toner-low', false],
  ['toner-empty', true],
  ['door-open', true],
  ['media-jam', true],
  ['offline', true],
  ['service-needed', false],
  ['input-tray-missing', true],
  ['output-tray-missing', true],
  ['marker-supply-missing', true],
  ['output-area-almost-full', false],
  ['output-area-full', true],
  ['input-tray-empty', false],
  ['maintenance-due', false],
];

/** @param goesOn the printer says itself that it is only a warning (`hrDeviceStatus` 3) */
export function detectedReasons(state: Uint8Array, goesOn: boolean): string[] {
  return DETECTED.flatMap(([reason, grave], bit) => {
    const octet = state[bit >> 3] ?? 0;
    if ((octet & (0x80 >> (bit & 7))) === 0) return [];
    return [`${reason}-${grave && !goesOn ? 'error' : 'warning'}`];
  });
}

/** `PrtAlertCodeTC` (RFC 3805). Those that are no trouble, such as `powerUp`, are not here. */
const ALERTS: ReadonlyMap<number, string> = new Map([
  [3, 'cover-open'],
  [5, 'interlock-open'],
  [8, 'media-jam'],
  [22, 'offline'],
  [30, 'subunit-failed'],
  [501, 'door-open'],
  [801, 'input-tray-missing'],
  [807, 'media-low'],
  [808, 'media-empty'],
  [809, 'media-needed'],
  [810, 'media-needed'],
  [901, 'output-tray-missing'],
  [902, 'output-area-almost-full'],
  [903, 'output-area-full'],
  [1001, 'fuser-under-temp'],
  [1002, 'fuser-over-temp'],
  [1101, 'toner-empty'],
  [1102, 'marker-supply-empty'],
  [1103, 'marker-supply-empty'],
  [1104, 'toner-low'],
  [1105, 'marker-supply-low'],
  [1106, 'marker-supply-low'],
  [1107, 'marker-waste-almost-full'],
  [1108, 'marker-waste-almost-full'],
  [1109, 'marker-waste-full'],
  [1110, 'marker-waste-full'],
  [1111, 'opc-near-eol'],
  [1112, 'opc-life-over'],
  [1113, 'developer-low'],
  [1114, 'developer-empty'],
  [1115, 'marker-supply-missing'],
]);

/** `PrtAlertSeverityLevelTC`: 3 critical; 4 warning; 5 a warning that comes and goes. */
const CRITICAL = 3;
const WARNINGS = [4, 5];

/** Undefined for what is no trouble. */
export function alertReason(code: number, severity: number): string | undefined {
  const gravity = severity === CRITICAL ? 'error' : WARNINGS.includes(severity) ? 'warning' : undefined;
  if (gravity === undefined) return undefined;
  const reason = ALERTS.get(code);
  // What it cannot name keeps it from printing all the same.
  if (reason === undefined) return gravity === 'error' ? 'other-error' : undefined;
  return `${reason}-${gravity}`;
}

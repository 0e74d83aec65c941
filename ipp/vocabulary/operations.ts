/** Operation ids (IANA IPP registry, "operations-supported"). */
import { kebabCase } from './names.ts';

export const Operation = {
  // RFC 8011 §4
  printJob: 0x0002,
  printUri: 0x0003,
  validateJob: 0x0004,
  createJob: 0x0005,
  sendDocument: 0x0006,
  sendUri: 0x0007,
  cancelJob: 0x0008,
  getJobAttributes: 0x0009,
  getJobs: 0x000a,
  getPrinterAttributes: 0x000b,
  holdJob: 0x000c,
  releaseJob: 0x000d,
  restartJob: 0x000e,
  pausePrinter: 0x0010,
  resumePrinter: 0x0011,
  purgeJobs: 0x0012,
  // RFC 3380
  setPrinterAttributes: 0x0013,
  setJobAttributes: 0x0014,
  getPrinterSupportedValues: 0x0015,
  // RFC 3995, RFC 3996
  createPrinterSubscriptions: 0x0016,
  createJobSubscriptions: 0x0017,
  getSubscriptionAttributes: 0x0018,
  getSubscriptions: 0x0019,
  renewSubscription: 0x001a,
  cancelSubscription: 0x001b,
  getNotifications: 0x001c,
  // RFC 3998
  enablePrinter: 0x0022,
  disablePrinter: 0x0023,
  pausePrinterAfterCurrentJob: 0x0024,
  holdNewJobs: 0x0025,
  releaseHeldNewJobs: 0x0026,
  deactivatePrinter: 0x0027,
  activatePrinter: 0x0028,
  restartPrinter: 0x0029,
  shutdownPrinter: 0x002a,
  startupPrinter: 0x002b,
  reprocessJob: 0x002c,
  cancelCurrentJob: 0x002d,
  suspendCurrentJob: 0x002e,
  resumeJob: 0x002f,
  promoteJob: 0x0030,
  scheduleJobAfter: 0x0031,
  // PWG 5100.5
  cancelDocument: 0x0033,
  getDocumentAttributes: 0x0034,
  getDocuments: 0x0035,
  setDocumentAttributes: 0x0037,
  // PWG 5100.7
  cancelJobs: 0x0038,
  cancelMyJobs: 0x0039,
  resubmitJob: 0x003a,
  closeJob: 0x003b,
  // PWG 5100.13
  identifyPrinter: 0x003c,
  validateDocument: 0x003d,
  // PWG 5100.11-2024
  getUserPrinterAttributes: 0x0066,
} as const;
export type Operation = (typeof Operation)[keyof typeof Operation];

const names = new Map<number, string>(
  Object.entries(Operation).map(([key, code]) => [code, registeredName(key)]),
);

/** `printJob` → `Print-Job`, `printUri` → `Print-URI` */
function registeredName(key: string): string {
  const words = kebabCase(key).split('-');
  return words
    .map((word) => (word === 'uri' ? 'URI' : `${word[0]?.toUpperCase()}${word.slice(1)}`))
    .join('-');
}

/** `Print-Job`; an operation that is not in {@link Operation} by its number, `0x4001`. */
export function operationName(code: number): string {
  return names.get(code) ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** Operations whose request is followed by a document. */
const withDocument: ReadonlySet<number> = new Set([Operation.printJob, Operation.sendDocument]);
const withoutDocument: ReadonlySet<number> = new Set(
  Object.values(Operation).filter((code) => !withDocument.has(code)),
);

/** True for an operation that is known to carry nothing behind its attributes. */
export function hasNoDocument(code: number): boolean {
  return withoutDocument.has(code);
}

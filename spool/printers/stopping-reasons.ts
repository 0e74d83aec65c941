/** Which `printer-state-reasons` keep a printer from printing (RFC 8011 §5.4.12). */

/** Where a reason says nothing of how grave it is. One that does ends in `-error`, `-warning` or `-report`. */
const STOPPING = new Set([
  'cover-open',
  'door-open',
  'fuser-over-temp',
  'fuser-under-temp',
  'input-tray-missing',
  'interlock-open',
  'marker-supply-empty',
  'marker-waste-full',
  'media-empty',
  'media-jam',
  'media-needed',
  'output-area-full',
  'output-tray-missing',
  'paused',
  'shutdown',
  'toner-empty',
]);

export const isStopping = (reason: string): boolean => reason.endsWith('-error') || STOPPING.has(reason);

/** What a printer cannot do, and what it can: for screens that are rare. */

export const CONFLICTS = [
  {
    attribute: 'finishings',
    value: 'staple',
    nearest: { 'printer-name': 'mfp-5', 'printer-info': 'MFP 5', 'printer-location': 'Second floor' },
  },
];
export const OPTIONS = {
  type: 'options',
  'job-id': 2,
  supported: {
    copies: 99,
    sides: ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'],
    'print-color-mode': ['monochrome', 'color'],
    'media-source': ['auto', 'tray-1', 'by-pass-tray'],
    finishings: ['none', 'staple', 'punch'],
    'first-page': 12,
  },
  current: { copies: 1, sides: 'one-sided', 'print-color-mode': 'monochrome', 'media-source': 'auto' },
} as const;

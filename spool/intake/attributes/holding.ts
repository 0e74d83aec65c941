/** On which terms a queue holds, releases and keeps jobs (PWG 5100.7, PWG 5100.11). */
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { END_KEYWORDS, TIME_KEYWORDS } from '../../hold-times.ts';
import { ENCRYPTIONS, PASSWORD_LENGTH } from '../../release/job-passwords.ts';
import { LONGEST_WAIT } from '../holding/waits.ts';
import type { FixedFacts } from './facts.ts';

const DIGITS = 'iana_us-ascii_digits';

export function holding({ releaseActions, heldTime }: FixedFacts): Part {
  const held = Math.max(1, Math.floor(heldTime / 1000));
  const waits = { lower: 0, upper: Math.floor(LONGEST_WAIT / 1000) };
  return {
    'job-hold-until-default': 'no-hold',
    'job-hold-until-supported': ['no-hold', 'indefinite', ...TIME_KEYWORDS],
    'job-hold-until-time-supported': waits,
    'job-delay-output-until-default': 'no-delay-output',
    'job-delay-output-until-supported': ['no-delay-output', 'indefinite', ...TIME_KEYWORDS],
    'job-delay-output-until-time-supported': waits,
    'job-cancel-after-default': held,
    'job-cancel-after-supported': { lower: 1, upper: held },
    'job-retain-until-default': 'none',
    'job-retain-until-supported': ['none', 'indefinite', ...END_KEYWORDS],
    'job-retain-until-interval-supported': { lower: 0, upper: held },
    'job-retain-until-time-supported': { lower: 0, upper: held },
    'job-release-action-default': releaseActions[0],
    'job-release-action-supported': [...releaseActions],
    ...passwords(releaseActions.includes('job-password')),
    'job-storage-access-supported': ['owner'],
    'job-storage-disposition-supported': ['none', 'print-and-store', 'store-only'],
    'job-storage-supported': ['job-storage-access', 'job-storage-disposition'],
  };
}

function passwords(supported: boolean): Part {
  if (!supported) return {};
  return {
    'job-password-encryption-supported': [...ENCRYPTIONS],
    'job-password-length-supported': { ...PASSWORD_LENGTH },
    'job-password-repertoire-configured': [DIGITS],
    'job-password-repertoire-supported': [DIGITS],
    'job-password-supported': PASSWORD_LENGTH.upper,
  };
}

/** What a job creation request may hold of it. */
export function holdingCreationAttributes({ releaseActions }: FixedFacts): string[] {
  return [
    ...['job-cancel-after', 'job-delay-output-until', 'job-delay-output-until-time'],
    ...['job-hold-until', 'job-hold-until-time'],
    ...(releaseActions.includes('job-password') ? ['job-password', 'job-password-encryption'] : []),
    ...['job-release-action', 'job-retain-until', 'job-retain-until-interval', 'job-retain-until-time'],
    'job-storage',
  ];
}

/** What Set-Job-Attributes may change. */
export const SETTABLE = [
  'job-delay-output-until',
  'job-delay-output-until-time',
  'job-hold-until',
  'job-hold-until-time',
] as const;

/** `ipp-features-supported`: what is wholly there. Proofs are not. */
export function holdingFeatures({ releaseActions }: FixedFacts): string[] {
  return releaseActions.some((action) => action !== 'none')
    ? ['job-release', 'job-storage']
    : ['job-storage'];
}

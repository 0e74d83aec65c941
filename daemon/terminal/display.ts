/** Two lines and a keypad: what they show, and what a key means. Pure. */
import { randomUUID } from 'node:crypto';
import type { ServerMessage, WireJob } from '../../panel-protocol/server-messages.ts';

/** Characters of a line; the displays that are soldered to keypads have 16 or 20. */
export const LINE = 20;

export interface Shown {
  readonly session: 'away' | 'elsewhere' | 'idle' | 'pin' | 'jobs' | 'releasing' | 'done' | 'other';
  readonly printer: string;
  readonly person: string;
  /** The person's own. */
  readonly jobs: ReadonlyMap<number, string>;
  readonly printed: number;
  readonly failed: number;
  /** What went wrong with the last key; until the next message. */
  readonly note: string;
}

export const NOTHING: Shown = {
  session: 'away',
  printer: '',
  person: '',
  jobs: new Map(),
  printed: 0,
  failed: 0,
  note: '',
};

const NOTES: Readonly<Record<string, string>> = {
  'credential-unknown': 'Unknown code',
  'card-unknown': 'Unknown card',
  'pin-wrong': 'Wrong PIN',
  throttled: 'Please wait',
  internal: 'Gateway failed',
  'not-enrolled': 'No panel any more',
};

/** What is shown after a message; undefined: the connection was lost. */
export function hear(shown: Shown, message: ServerMessage | undefined): Shown {
  if (message === undefined) {
    const session = shown.session === 'elsewhere' ? 'elsewhere' : 'away';
    return { ...NOTHING, session, printer: shown.printer, note: shown.session === 'away' ? shown.note : '' };
  }
  switch (message.type) {
    case 'welcome':
      return { ...NOTHING, session: 'idle', printer: message.printer['printer-info'] };
    case 'bye':
      return message.reason === 'taken-over'
        ? { ...NOTHING, session: 'elsewhere', printer: shown.printer }
        : { ...NOTHING, printer: shown.printer, note: NOTES[message.reason] ?? '' };
    case 'session':
      return atSession(shown, message);
    case 'error':
      return { ...shown, note: NOTES[message.code] ?? 'Not possible' };
    case 'jobs': {
      const before = message.offset === 0 ? [] : shown.jobs;
      return { ...shown, jobs: new Map([...before, ...message.jobs.filter(isOwn).map(named)]) };
    }
    case 'job':
      if (!isOwn(message.job)) return shown;
      return { ...shown, jobs: new Map([...shown.jobs, named(message.job)]) };
    case 'job-gone':
      return { ...shown, jobs: new Map([...shown.jobs].filter(([id]) => id !== message['job-id'])) };
    case 'outcome': {
      const good = message.outcome === 'completed' || message.outcome === 'delivered';
      return good
        ? { ...shown, printed: shown.printed + 1 }
        : { ...shown, failed: shown.failed + (message.operation === 'release' ? 1 : 0) };
    }
    default:
      return shown;
  }
}

function atSession(shown: Shown, message: Extract<ServerMessage, { type: 'session' }>): Shown {
  const person = message.person?.['display-name'] ?? shown.person;
  switch (message.session) {
    case 'idle':
      return { ...NOTHING, session: 'idle', printer: shown.printer, note: shown.note };
    case 'pin':
      return { ...shown, session: 'pin', note: '' };
    case 'jobs':
    case 'done':
      return { ...shown, session: message.session, person, note: '' };
    case 'releasing':
      return { ...shown, session: 'releasing', person, printed: 0, failed: 0, note: '' };
    default:
      return { ...shown, session: 'other' };
  }
}

/** Nobody sees here which documents are meant: never what others sent, as where a badge releases all. */
const isOwn = ({ claimable, owner }: WireJob): boolean => !claimable && owner === undefined;

const named = (job: WireJob): [number, string] => [
  job['job-id'],
  job['job-name'] ?? job['job-originating-host-name'],
];

export function lines({ session, printer, person, jobs, printed, failed, note }: Shown): [string, string] {
  const whole = (first: string, second: string): [string, string] => [cut(first), cut(second)];
  switch (session) {
    case 'away':
      return whole(printer || 'Holdfast', note || 'Gateway not reached');
    case 'elsewhere':
      return whole('Used elsewhere now', 'Enter: use it here');
    case 'idle':
      return whole(printer, note || 'Code, then Enter');
    case 'pin':
      return whole('PIN, then Enter', note);
    case 'jobs':
      return whole(
        `${person}: ${jobs.size}`,
        note || (jobs.size > 0 ? 'Enter prints, * out' : 'Nothing waits, * out'),
      );
    case 'releasing':
      return whole('Printing', note || `${printed} done`);
    case 'done':
      return whole(failed > 0 ? `${failed} not printed` : `${printed} printed`, note || 'Enter: more, * out');
    case 'other':
      return whole(printer, note || 'Use the other panel');
  }
}

/** What a line of the keypad asks for; `come-back`: the panel itself; undefined: nothing. */
export function key(
  shown: Shown,
  typed: string,
): Readonly<Record<string, unknown>> | 'come-back' | undefined {
  const text = typed.trim();
  if (shown.session === 'elsewhere') return 'come-back';
  if (text === '*')
    return shown.session === 'idle' || shown.session === 'away' ? undefined : { type: 'logout' };
  switch (shown.session) {
    case 'idle':
      return text === '' ? undefined : { type: 'credential', kind: 'code', value: text };
    case 'pin':
      return text === '' ? undefined : { type: 'credential', kind: 'pin', value: text };
    case 'jobs':
      return jobsToPrint(shown, text);
    case 'done':
      return { type: 'jobs' };
    default:
      return undefined;
  }
}

/** Enter prints all, a number the one at that place. */
function jobsToPrint({ jobs }: Shown, text: string): Readonly<Record<string, unknown>> | undefined {
  const ids = [...jobs.keys()];
  const chosen = text === '' ? ids : ids.slice(Number(text) - 1, Number(text));
  if (chosen.length === 0 || !/^\d{0,3}$/.test(text)) return undefined;
  return { type: 'release', key: randomUUID(), 'job-ids': chosen };
}

/** By code points, so that no character is cut in two. */
const cut = (text: string): string => [...text].slice(0, LINE).join('');

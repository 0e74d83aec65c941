/** What the machine wants told, as messages of the wire. */
import { displayable } from '../../base/text.ts';
import type { JobId, JobProgress } from '../../spool/job.ts';
import { JOBS_PER_MESSAGE, NAME_LENGTH } from '../bounds.ts';
import type { Role } from '../client-messages.ts';
import { firstPrinter, type Panel, type SeenJob } from '../ports.ts';
import type { EndReason, May, ServerMessage } from '../server-messages.ts';
import {
  type FindPrinter,
  localDateTime,
  wireJob,
  wireNearest,
  wirePrinter,
  wireReasons,
} from '../wire-job.ts';
import type { WireCurrent, WireSupported } from '../wire-schemas.ts';
import type { Notice } from './effects.ts';
import { waysOf } from './signing-in.ts';
import { isSignedIn, type Listing, type PanelState } from './state.ts';

export interface MessageContext {
  readonly panel: Panel;
  readonly state: PanelState;
  /** What the gateway is called. */
  readonly gateway: string;
  readonly find: FindPrinter;
  /** Of the gateway's own page. */
  readonly page: string;
  /** Seconds; undefined when nobody is signed in. */
  readonly timeLeft: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** For the panel's screen. */
export function messagesOf(notice: Notice, context: MessageContext): Iterable<ServerMessage> {
  switch (notice.kind) {
    case 'session':
      return [stateMessage(context, 'screen', notice.reason)];
    case 'left':
      return [{ type: 'session', session: 'idle' }];
    case 'jobs':
      return jobsMessages(notice.listing, context);
    case 'job':
      return [{ type: 'job', job: wireJob(notice.listed, context.find) }];
    case 'job-gone':
      return [{ type: 'job-gone', 'job-id': notice.job }];
    case 'progress':
      return [progressMessage(notice.job, notice.progress)];
    case 'outcome':
      return [outcomeMessage(notice, context)];
  }
}

function outcomeMessage(
  { job, operation, outcome }: Extract<Notice, { kind: 'outcome' }>,
  { state, find }: MessageContext,
): ServerMessage {
  const told = { type: 'outcome' as const, 'job-id': job, operation };
  const nearest = isSignedIn(state) ? state.listed.get(job)?.nearest : undefined;
  if (nearest === undefined || outcome.outcome !== 'not-printed') return { ...told, ...outcome };
  return { ...told, ...outcome, nearest: wireNearest(nearest, find) };
}

export function welcomeMessage(
  { panel, gateway, page, find }: MessageContext,
  { role = 'screen', secure }: { readonly role?: Role; readonly secure: boolean },
): ServerMessage {
  const first = firstPrinter(panel);
  return {
    type: 'welcome',
    version: 1,
    name: displayable(gateway, NAME_LENGTH),
    panel: panel.name,
    role,
    'sign-in': waysOf(panel, secure),
    marked: panel.marked,
    ...(panel.language === undefined ? {} : { language: panel.language }),
    page,
    printer: wirePrinter(first, find(first)),
    printers: panel.printers.map((name) => wirePrinter(name, find(name))),
  };
}

/** A reader hears no more than the state's name. */
export function stateMessage(
  { panel, state, timeLeft }: MessageContext,
  role: Role,
  reason?: EndReason,
): ServerMessage {
  const message = { type: 'session', session: state.name } as const;
  if (role === 'reader') return message;
  const may = mayOf(state, panel);
  return {
    ...message,
    ...(isSignedIn(state)
      ? {
          person: {
            'display-name': displayable(state.person.displayName, NAME_LENGTH),
            ...(state.language === undefined ? {} : { language: state.language }),
          },
          'printer-name': displayable(state.printer, NAME_LENGTH),
          ...(state.pinSet === undefined ? {} : { 'pin-set': state.pinSet }),
        }
      : {}),
    ...(may.length === 0 ? {} : { may }),
    ...(timeLeft === undefined ? {} : { 'time-left': timeLeft }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function mayOf(state: PanelState, { bindCards, changePin }: Panel): readonly May[] {
  if (state.name === 'bind') return bindCards.map((way) => `bind-${way}` as const);
  return isSignedIn(state) && changePin ? ['set-pin'] : [];
}

/** What a claimable job asks for is not told. */
export function optionsMessage(
  { job, claimable }: SeenJob,
  { supported, current }: { readonly supported: WireSupported; readonly current: WireCurrent },
): ServerMessage {
  return { type: 'options', 'job-id': job.id, supported, current: claimable ? {} : current };
}

/** The list in parts of a bounded size; one empty part when there are no jobs. */
function* jobsMessages(listing: Listing, { now, find }: MessageContext): Generator<ServerMessage> {
  const { jobs, omitted } = listing;
  let offset = 0;
  do {
    yield {
      type: 'jobs',
      offset,
      total: jobs.length,
      omitted,
      'printer-current-time': localDateTime(now),
      jobs: jobs.slice(offset, offset + JOBS_PER_MESSAGE).map((each) => wireJob(each, find)),
    };
    offset += JOBS_PER_MESSAGE;
  } while (offset < jobs.length);
}

function progressMessage(job: JobId, progress: readonly JobProgress[]): ServerMessage {
  return Object.assign({ type: 'progress' as const, 'job-id': job }, ...progress.map(progressFields));
}

function progressFields(progress: JobProgress): Partial<Extract<ServerMessage, { type: 'progress' }>> {
  switch (progress.kind) {
    case 'sent':
      return { 'job-k-octets-processed': Math.ceil(progress.octets / 1024) };
    case 'impressions':
      return { 'job-impressions-completed': progress.completed };
    case 'printer-state':
      return { 'printer-state-reasons': wireReasons(progress.reasons) };
    case 'waiting':
      return { waiting: progress.reason };
  }
}

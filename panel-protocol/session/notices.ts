/** What the machine wants told, as messages of the wire. */
import { displayable } from '../../base/text.ts';
import type { JobId, JobProgress } from '../../spool/job.ts';
import { JOBS_PER_MESSAGE, NAME_LENGTH } from '../bounds.ts';
import { firstPrinter, type Panel } from '../ports.ts';
import type { EndReason, ServerMessage } from '../server-messages.ts';
import { type FindPrinter, localDateTime, wireJob, wirePrinter, wireReasons } from '../wire-job.ts';
import type { Listing, Notice, PanelState } from './state.ts';

export interface NoticeContext {
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

export function messagesOf(notice: Notice, context: NoticeContext): Iterable<ServerMessage> {
  switch (notice.kind) {
    case 'welcome':
      return [welcomeMessage(context)];
    case 'session':
      return [sessionMessage(context, notice.reason)];
    case 'jobs':
      return jobsMessages(notice.listing, context);
    case 'job':
      return [{ type: 'job', job: wireJob(notice.listed, context.find) }];
    case 'job-gone':
      return [{ type: 'job-gone', 'job-id': notice.job }];
    case 'progress':
      return [progressMessage(notice.job, notice.progress)];
    case 'outcome':
      return [{ type: 'outcome', 'job-id': notice.job, operation: notice.operation, ...notice.outcome }];
  }
}

function welcomeMessage({ panel, gateway, page, find }: NoticeContext): ServerMessage {
  const first = firstPrinter(panel);
  return {
    type: 'welcome',
    version: 1,
    name: displayable(gateway, NAME_LENGTH),
    panel: panel.name,
    role: 'screen',
    'sign-in': panel.signIn,
    marked: panel.marked,
    ...(panel.language === undefined ? {} : { language: panel.language }),
    page,
    printer: wirePrinter(first, find(first)),
    printers: panel.printers.map((name) => wirePrinter(name, find(name))),
  };
}

function sessionMessage({ state, timeLeft }: NoticeContext, reason: EndReason | undefined): ServerMessage {
  return {
    type: 'session',
    session: state.name,
    ...('person' in state
      ? { person: { 'display-name': displayable(state.person.displayName, NAME_LENGTH) } }
      : {}),
    ...(timeLeft === undefined ? {} : { 'time-left': timeLeft }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The list in parts of a bounded size; one empty part when there are no jobs. */
function* jobsMessages(listing: Listing, { now, find }: NoticeContext): Generator<ServerMessage> {
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

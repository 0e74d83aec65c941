/** What a pressed button does: messages to the gateway, or another form. */
import { randomBytes } from 'node:crypto';
import { LISTED_JOBS } from '../bounds.ts';
import type { Form } from './forms.ts';
import { changesOf } from './options.ts';
import type { Order } from './places.ts';
import { type Answer, type Asked, type PlainSession, TYPED_LENGTH } from './session.ts';
import { isReleasable, wantsPin } from './words.ts';

type Action = (session: PlainSession, form: Form) => Promise<void> | void;

/** Does what the form asks for. A button that is not on any page does nothing. */
export async function act(session: PlainSession, form: Form): Promise<void> {
  const { pressed } = form;
  const digit = form.text('key');
  if (/^[0-9]$/.test(digit)) {
    session.typed = (session.typed + typedIn(form) + digit).slice(0, TYPED_LENGTH);
    return;
  }
  if (session.place === undefined && session.view.signedIn) remember(session, form);
  if (Object.hasOwn(ACTIONS, pressed)) await ACTIONS[pressed]?.(session, form);
}

const ACTIONS: Readonly<Record<string, Action>> = {
  erase(session, form) {
    session.typed = (session.typed + typedIn(form)).slice(0, -1);
  },
  back(session) {
    session.place = undefined;
    session.typed = '';
  },
  'way-code': go('code'),
  'way-password': go('password'),
  'way-activation': go('activation'),
  'way-ask-activation': go('ask-activation'),
  'set-pin': go('set-pin'),
  printers: go('printers'),
  'sign-out': async (session) => {
    await ask(session, { type: 'logout' });
  },
  code: (session, form) => credential(session, 'code', typedOf(session, form)),
  pin: (session, form) => credential(session, 'pin', typedOf(session, form)),
  badge: (session, form) => credential(session, 'badge', form.text('value').trim()),
  activation: (session, form) => credential(session, 'activation', form.text('value').trim()),
  password: (session, form) =>
    credential(session, 'password', form.text('value'), form.text('user-name').trim()),
  async 'ask-activation'(session, form) {
    const answer = await ask(session, {
      type: 'request-activation',
      'user-name': form.text('user-name').trim(),
    });
    if (answer?.type !== 'ok') return;
    session.note = { kind: 'said', key: 'activation-sent' };
    session.place = { name: 'activation' };
  },
  async 'save-pin'(session, form) {
    const value = form.text('value');
    if (value !== form.text('again')) {
      session.note = { kind: 'said', key: 'pins-differ' };
      return;
    }
    const current = form.text('current');
    const answer = await ask(session, { type: 'set-pin', value, ...(current === '' ? {} : { current }) });
    if (answer?.type !== 'ok') return;
    session.note = { kind: 'said', key: 'pin-saved' };
    session.place = undefined;
  },
  async 'choose-printer'(session, form) {
    const answer = await ask(session, { type: 'choose-printer', 'printer-name': form.text('printer-name') });
    if (answer?.type === 'ok') session.place = undefined;
  },

  // The list.
  'next-page': (session) => {
    session.page++;
  },
  'previous-page': (session) => {
    session.page = Math.max(0, session.page - 1);
  },
  list: async (session) => {
    await ask(session, { type: 'jobs' });
  },
  'mark-all': (session) => {
    for (const job of session.view.jobs) {
      if (isReleasable(job) && !job.claimable) session.marked.add(job['job-id']);
    }
  },
  'mark-none': (session) => session.marked.clear(),
  print: (session) => begin(session, { jobs: marked(session), keep: false }),
  'print-keep': (session) => begin(session, { jobs: marked(session), keep: true }),
  'print-all': (session) => begin(session, { jobs: allOf(session), keep: false }),
  async options(session) {
    const jobs = marked(session);
    if (nothing(session, jobs)) return;
    session.view.options = undefined;
    await ask(session, { type: 'options', 'job-id': jobs[0] });
    session.place = { name: 'options', jobs };
  },
  delete(session) {
    const jobs = marked(session).filter((id) => session.view.job(id)?.claimable === false);
    if (!nothing(session, jobs)) session.place = { name: 'delete', jobs };
  },
  stop(session) {
    const under = [...session.view.released].filter(([, { outcome }]) => outcome === undefined);
    if (under.length > 0) session.place = { name: 'stop', jobs: under.map(([id]) => id) };
  },
  async 'delete-now'(session) {
    const { place } = session;
    if (place?.name !== 'delete' && place?.name !== 'stop') return;
    session.place = undefined;
    await ask(session, { type: 'cancel', 'job-ids': place.jobs });
  },
  async 'print-options'(session, form) {
    const { place, view } = session;
    if (place?.name !== 'options') return;
    const changes = changesOf(form, view.options);
    await begin(session, {
      jobs: place.jobs,
      keep: form.text('keep') !== '',
      ...(Object.keys(changes).length === 0 ? {} : { changes }),
    });
  },
  async 'print-anyway'(session) {
    if (session.place?.name === 'conflicts') await checkPin(session, session.place.order);
  },
  async 'job-password'(session, form) {
    if (session.place?.name === 'job-password') {
      await release(session, session.place.order, typedOf(session, form));
    }
  },
};

function go(name: 'code' | 'password' | 'activation' | 'ask-activation' | 'set-pin' | 'printers'): Action {
  return (session) => {
    session.typed = '';
    session.place = { name };
  };
}

/** The list's page as it was posted: what is marked on it, and what is not. */
function remember(session: PlainSession, form: Form): void {
  if (form.text('list') === '') return;
  const now = new Set(form.ids('job'));
  for (const id of form.ids('list')) {
    if (now.has(id)) session.marked.add(id);
    else session.marked.delete(id);
  }
}

/** Asks, and notes what went wrong. */
async function ask(session: PlainSession, message: Asked): Promise<Answer | undefined> {
  session.note = undefined;
  const answer = await session.ask(message);
  if (answer?.type === 'error') {
    const { code, 'retry-after': wait } = answer;
    const { kind } = message;
    // A badge always goes to the gateway: others have held theirs there, or none.
    const locks = code === 'throttled' && typeof kind === 'string' && kind !== 'badge';
    if (locks) session.throttle(kind, wait ?? 1);
    else session.note = { kind: 'error', code: codeOf(message, code), wait };
  }
  return answer;
}

/** A password that is wrong is told otherwise than a code. */
function codeOf(message: Asked, code: string): string {
  return code === 'credential-unknown' && message['kind'] === 'password' ? 'password-unknown' : code;
}

async function credential(
  session: PlainSession,
  kind: string,
  value: string,
  userName?: string,
): Promise<void> {
  session.typed = '';
  if (value === '' || userName === '' || session.throttled(kind) > 0) return;
  await ask(session, {
    type: 'credential',
    kind,
    value,
    ...(userName === undefined ? {} : { 'user-name': userName }),
  });
}

function typedIn(form: Form): string {
  return form.text('value').slice(0, TYPED_LENGTH);
}

/** What the keypad and the field hold together. */
function typedOf(session: PlainSession, form: Form): string {
  const typed = session.typed + typedIn(form);
  session.typed = '';
  return typed;
}

/** Marked documents that can be printed, in the list's order: of one's own, or of nobody. */
function marked(session: PlainSession): number[] {
  return session.view.jobs
    .filter((job) => session.marked.has(job['job-id']) && isReleasable(job))
    .map((job) => job['job-id'])
    .slice(0, LISTED_JOBS);
}

/** All of one's own that want no PIN; or those, and those of who delegated, when there are no others. */
function allOf({ view }: PlainSession): number[] {
  const all = view.jobs.filter((job) => isReleasable(job) && !job.claimable);
  const open = all.filter((job) => !wantsPin(job) && job.owner === undefined);
  return (open.length > 0 ? open : all).map((job) => job['job-id']);
}

function nothing(session: PlainSession, jobs: readonly number[]): boolean {
  if (jobs.length === 0) session.note = { kind: 'said', key: 'choose-first' };
  return jobs.length === 0;
}

/** Prints, after it was said what the printer cannot do. */
async function begin(session: PlainSession, order: Order): Promise<void> {
  if (nothing(session, order.jobs)) return;
  const changed = new Set(Object.keys(order.changes ?? {}));
  const conflicting = order.jobs.some((id) =>
    session.view.job(id)?.conflicts?.some(({ attribute }) => !changed.has(attribute)),
  );
  if (conflicting) session.place = { name: 'conflicts', order };
  else await checkPin(session, order);
}

async function checkPin(session: PlainSession, order: Order): Promise<void> {
  const wants = order.jobs.some((id) => {
    const job = session.view.job(id);
    return job !== undefined && wantsPin(job);
  });
  if (wants) {
    session.typed = '';
    session.place = { name: 'job-password', order };
  } else await release(session, order);
}

async function release(session: PlainSession, order: Order, password?: string): Promise<void> {
  if (password === '') return;
  const { view } = session;
  const jobs = order.jobs.flatMap((id) => view.job(id) ?? []);
  if (
    nothing(
      session,
      jobs.map((job) => job['job-id']),
    )
  )
    return;
  session.place = undefined;
  view.releasing(jobs);
  const answer = await ask(session, {
    type: 'release',
    key: randomBytes(18).toString('base64url'),
    'job-ids': jobs.map((job) => job['job-id']),
    ...(password === undefined ? {} : { 'job-password': password }),
    ...(order.keep ? { keep: true } : {}),
    ...(order.changes === undefined ? {} : { changes: order.changes }),
  });
  if (answer?.type === 'ok') for (const job of jobs) session.marked.delete(job['job-id']);
}

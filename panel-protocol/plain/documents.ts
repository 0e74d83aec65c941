/** Screens without script of who is signed in: documents, how to print them, their way to the printer. */
import { type Html, html } from './html.ts';
import { CHOICES } from './options.ts';
import { pageOf } from './pages.ts';
import { button, type Choice, type FormContext, field, form, select } from './parts.ts';
import type { PlainSession } from './session.ts';
import { digits, type Screen } from './sign-in.ts';
import { isReleasable, type Words, wantsPin } from './words.ts';

/** How often a page asks how far the printer is; seconds. */
const PROGRESS_REFRESH = 2;

export function documentScreen(session: PlainSession, words: Words, context: FormContext): Screen {
  const { place, view } = session;
  const back = button('back', words.say('back'));
  switch (place?.name) {
    case 'delete':
    case 'stop': {
      const isStop = place.name === 'stop';
      return {
        heading: isStop ? words.say('stop-question') : words.say('delete-question', { n: place.jobs.length }),
        body: form(
          context,
          html`${names(session, words, isStop ? [] : place.jobs)}
<p class="hint">${words.say(isStop ? 'stop-warning' : 'delete-warning')}</p>
<p class="actions">${button('back', words.say(isStop ? 'continue' : 'keep'))}
${button('delete-now', words.say(isStop ? 'stop' : 'delete'), 'danger')}</p>`,
        ),
        ...ending(session),
      };
    }
    case 'conflicts': {
      const sentences = place.order.jobs.flatMap((id) => {
        const job = view.job(id);
        return job === undefined ? [] : words.conflicts(job);
      });
      return {
        heading: words.say('conflict-heading'),
        body: form(
          context,
          html`${names(session, words, place.order.jobs)}
${[...new Set(sentences)].map((each) => html`<p class="note bad">${each}</p>\n`)}
<p class="actions">${back}${button('print-anyway', words.say('print-anyway'), 'primary')}</p>`,
        ),
        ...ending(session),
      };
    }
    case 'job-password': {
      const wanting = place.order.jobs.flatMap((id) => view.job(id) ?? []).filter(wantsPin);
      const [first] = wanting;
      const hint =
        wanting.length === 1 && first !== undefined
          ? words.nameOf(first)
          : words.say('print-selected', { n: wanting.length });
      return {
        ...digits(session, words, context, 'job-password', words.say('pin-heading'), hint),
        ...ending(session),
      };
    }
    case 'options':
      return optionsScreen(session, words, context, place.jobs);
    case 'set-pin':
      return {
        heading: words.say(mayHavePin(session) ? 'change-pin' : 'set-pin'),
        body: form(
          context,
          html`<div class="pairs">${mayHavePin(session) && field('current', words.say('current-pin'), PIN)}
${field('value', words.say('new-pin'), PIN)}
${field('again', words.say('again-pin'), PIN)}</div>
<p class="actions">${back}${button('save-pin', words.say('save'), 'primary')}</p>`,
        ),
        ...ending(session),
      };
    case 'printers':
      return printersScreen(session, words, context);
    default:
  }
  return view.state === 'jobs' ? listScreen(session, words, context) : wayScreen(session, words, context);
}

const PIN = { kind: 'password', digits: true, length: 32 } as const;

/** The page comes again when the session has ended by itself, and shows that. */
function ending(session: PlainSession): Pick<Screen, 'refresh'> {
  const left = session.view.timeLeft;
  return left === undefined ? {} : { refresh: left + 1 };
}

function names(session: PlainSession, words: Words, ids: readonly number[]): Html {
  const shown = ids.slice(0, 5).flatMap((id) => session.view.job(id) ?? []);
  return html`${shown.map((job) => html`<p class="subject" dir="auto">${words.nameOf(job)}</p>\n`)}${
    ids.length > shown.length && shown.length > 0 && html`<p class="subject">…</p>\n`
  }`;
}

function listScreen(session: PlainSession, words: Words, context: FormContext): Screen {
  const { view } = session;
  const mine = view.jobs.filter((job) => !job.claimable);
  const others = view.jobs.filter((job) => job.claimable);
  const all = [...mine, ...others];
  const place = pageOf(all.length, session.page);
  const shown = all.slice(place.from, place.to);
  const releasable = mine.filter(isReleasable);
  const rows = (claimable: boolean) =>
    shown.filter((job) => job.claimable === claimable).map((job) => row(session, words, job));
  const heading =
    mine.length > 1 ? words.say('my-documents-count', { n: mine.length }) : words.say('my-documents');
  const more = html`${may(session, 'set-pin') && button('set-pin', words.say(mayHavePin(session) ? 'change-pin' : 'set-pin'))}
${view.printers.length > 1 && button('printers', words.say('other-printer'))}`;
  if (all.length === 0) {
    return {
      heading: words.say('no-documents'),
      body: html`<p class="hint">${words.say('no-documents-hint')}</p>
${form(context, html`<p class="actions">${button('list', words.say('look-again'))}${more}</p>`)}`,
      ...ending(session),
    };
  }
  const pager =
    place.pages > 1 &&
    html`<p class="pager">${place.page > 0 && button('previous-page', words.say('previous-page'))}
${words.say('page-of', { page: place.page + 1, pages: place.pages })}
${place.page < place.pages - 1 && button('next-page', words.say('next-page'))}</p>\n`;
  const mayKeep = all.some((job) => job['may-keep']);
  return {
    heading,
    body: form(
      context,
      html`<input type="hidden" name="list" value="${shown.map((job) => job['job-id']).join('.')}">
<p class="actions">${releasable.length > 0 && button('print-all', words.say('print-all', { n: releasable.length }), 'primary')}
${button('print', words.say('print-marked'), releasable.length > 0 ? '' : 'primary')}
${mayKeep && button('print-keep', words.say('print-keep'))}
${button('options', words.say('options'))}
${mine.length > 0 && button('delete', words.say('delete'), 'danger')}</p>
${view.omitted > 0 && html`<p class="note">${words.say('omitted', { n: view.omitted })}</p>`}
<div class="rows">
${rows(false)}</div>
${
  others.length > 0 &&
  html`<h2>${words.say('claimable-count', { n: others.length })}</h2>
<p class="hint">${words.say('claimable-hint')}</p>
<div class="rows">
${rows(true)}</div>`
}
${pager}
<p class="actions">${button('list', words.say('look-again'))}
${releasable.length > 1 && html`${button('mark-all', words.say('select-all'))}${button('mark-none', words.say('select-none'))}`}
${more}</p>`,
    ),
    ...ending(session),
  };
}

function row(session: PlainSession, words: Words, job: PlainSession['view']['jobs'][number]): Html {
  const id = job['job-id'];
  const when = words.when(job['date-time-at-creation'], session.view.now);
  const state = words.state(job);
  const conflicts = words.conflicts(job);
  const marked = session.marked.has(id);
  return html`<div class="row">
<input type="checkbox" id="job-${id}" name="job" value="${id}"${marked && html` checked`}${!isReleasable(job) && html` disabled`}>
<label for="job-${id}"><span class="name" dir="auto">${job.claimable ? when : words.nameOf(job)}</span>
${!job.claimable && html`<span class="when">${when}</span>`}
<span class="about ${state.kind}">${state.text}</span>
${conflicts.map((each) => html`<span class="about bad">${each}</span>\n`)}</label>
</div>\n`;
}

function optionsScreen(
  session: PlainSession,
  words: Words,
  context: FormContext,
  jobs: readonly number[],
): Screen {
  const { options } = session.view;
  const supported = options?.supported ?? {};
  const current = options?.current ?? {};
  const [only] = jobs.length === 1 ? jobs.map((id) => session.view.job(id)) : [];
  const fields: (Html | false | undefined)[] = [
    (supported.copies ?? 1) > 1 &&
      field('copies', words.say('option-copies'), {
        kind: 'number',
        digits: true,
        value: String(current.copies ?? 1),
        most: supported.copies ?? 1,
      }),
    ...CHOICES.map((name) => {
      const values = supported[name] ?? [];
      return (
        values.length > 1 &&
        select(name, words.say(`option-${name}`), choices(words, values), current[name] ?? '')
      );
    }),
    (supported.finishings?.length ?? 0) > 1 &&
      select(
        'finishings',
        words.say('option-finishings'),
        choices(words, supported.finishings ?? []),
        current.finishings?.[0] ?? 'none',
      ),
    supported['first-page'] !== undefined &&
      field('first-page', words.say('option-first-page'), {
        kind: 'number',
        digits: true,
        value: String(only?.['resume-page'] ?? 1),
        most: supported['first-page'],
      }),
  ];
  const shown = fields.filter((each) => each !== false && each !== undefined);
  return {
    heading: words.say('options-heading'),
    body: form(
      context,
      html`${names(session, words, jobs)}
${shown.length === 0 ? html`<p class="hint">${words.say('no-options')}</p>` : html`<div class="pairs">${shown}</div>`}
${only?.['may-keep'] && html`<p class="field"><input type="checkbox" id="keep" name="keep" value="keep"> <label for="keep">${words.say('keep-after')}</label></p>`}
<p class="actions">${button('back', words.say('back'))}${button('print-options', words.say('print-one'), 'primary')}</p>`,
    ),
    ...ending(session),
  };
}

/** Keywords that are texts as they are. */
const SAID: readonly string[] = ['one-sided', 'color', 'monochrome'];

/** The printer's words with those of the page; what has none is shown as it is called, which a tray's name often is. */
function choices(words: Words, values: readonly string[]): Choice[] {
  return values.map((value) => {
    const number = /^tray-([0-9]+)$/.exec(value)?.[1];
    const label =
      number === undefined
        ? SAID.includes(value)
          ? words.find(value)
          : words.find(`value-${value}`)
        : words.say('value-tray', { n: Number(number) });
    return { value, label: label ?? value.replaceAll('-', ' ') };
  });
}

function printersScreen(session: PlainSession, words: Words, context: FormContext): Screen {
  const { printer, printers } = session.view;
  return {
    heading: words.say('printers-heading'),
    body: html`${printers.map((each) => {
      const here = each['printer-name'] === printer?.['printer-name'];
      const trouble = words.printer(each);
      return form(
        context,
        html`<p class="row"><input type="hidden" name="printer-name" value="${each['printer-name']}">
${button('choose-printer', each['printer-info'] || each['printer-name'], here ? 'primary' : '')}
${each['printer-location']} ${here && html`<strong>${words.say('chosen')}</strong>`}
${trouble !== undefined && html`<span class="about bad">${trouble}</span>`}</p>`,
      );
    })}
${form(context, html`<p class="actions">${button('back', words.say('back'))}</p>`)}`,
    ...ending(session),
  };
}

/** Documents on their way, or at their end. */
function wayScreen(session: PlainSession, words: Words, context: FormContext): Screen {
  const { view } = session;
  const items = [...view.released.values()];
  const done = view.state === 'done';
  const count = (...outcomes: string[]) =>
    items.filter(({ outcome }) => outcome !== undefined && outcomes.includes(outcome.outcome)).length;
  const heading = () => {
    if (!done) return words.say('printing-heading', { n: items.length });
    if (count('completed') === items.length) return words.say('done-heading');
    if (count('completed', 'delivered') === items.length) return words.say('done-delivered-heading');
    if (count('completed', 'delivered') > 0) return words.say('done-partly-heading');
    return words.say(count('canceled') === items.length ? 'done-deleted-heading' : 'done-none-heading');
  };
  const ended = items.length - items.filter(({ outcome }) => outcome === undefined).length;
  return {
    heading: heading(),
    body: html`${!done && items.length > 1 && html`<p class="hint">${words.say('page-of', { page: ended, pages: items.length })}</p>`}
${form(
  context,
  html`<p class="actions">${
    done
      ? html`${button('sign-out', words.say('sign-out'), 'primary')}${button('list', words.say('my-documents'))}`
      : button('stop', words.say('stop-short'), 'danger')
  }</p>`,
)}
<div class="rows">
${items.map((item) => {
  const sentence = item.outcome === undefined ? undefined : words.outcome(item.outcome);
  return html`<div class="row"><span class="name" dir="auto">${words.nameOf(item.job)}</span>
<span class="about ${sentence?.kind ?? ''}">${sentence?.text ?? words.progress(item)}</span></div>\n`;
})}</div>`,
    refresh: done ? (view.timeLeft ?? 30) + 1 : PROGRESS_REFRESH,
  };
}

function may(session: PlainSession, what: 'set-pin'): boolean {
  return session.view.session.may?.includes(what) === true;
}

/** Where it is not known, the old one can be given too. */
function mayHavePin({ view }: PlainSession): boolean {
  return view.session['pin-set'] !== false;
}

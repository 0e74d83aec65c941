/** Plain sentences for documents and printers, as the page with script says them. */
import type { Language } from '../../base/i18n/languages.ts';
import { say, type Text, type Values } from '../../base/i18n/texts.ts';
import { TEXTS, type TextKey } from '../page/texts/texts.ts';
import type { WireJob, WireNearest, WirePrinter } from '../server-messages.ts';
import type { JobOutcome, Released } from './view.ts';

/** Most urgent first; what stops the printer before what will stop it soon. The same list as the page's script has. */
export const REASONS = [
  'shutdown',
  'media-jam',
  'cover-open',
  'door-open',
  'interlock-open',
  'media-empty',
  'media-needed',
  'input-tray-missing',
  'output-tray-missing',
  'output-area-full',
  'toner-empty',
  'marker-supply-empty',
  'marker-waste-full',
  'developer-empty',
  'opc-life-over',
  'fuser-over-temp',
  'spool-area-full',
  'timed-out',
  'paused',
  'fuser-under-temp',
  'media-low',
  'toner-low',
  'marker-supply-low',
  'marker-waste-almost-full',
  'output-area-almost-full',
  'developer-low',
  'opc-near-eol',
] as const;

export interface Sentence {
  readonly kind: 'good' | 'stopped' | 'bad' | '';
  readonly text: string;
}

export class Words {
  readonly language: Language;

  constructor(language: Language) {
    this.language = language;
  }

  say(key: TextKey, values: Values = {}): string {
    return say(this.language, TEXTS[this.language][key] as Text, values);
  }

  /** The text of a key that is made at run time, if there is one. */
  find(key: string, values: Values = {}): string | undefined {
    return Object.hasOwn(TEXTS[this.language], key) ? this.say(key as TextKey, values) : undefined;
  }

  /** One sentence about the printer, or undefined when all is well. */
  printer(printer: WirePrinter): string | undefined {
    const known = printer['printer-state-reasons'].map((each) =>
      each.replace(/-(report|warning|error)$/, ''),
    );
    const first = REASONS.find((each) => known.includes(each));
    if (first !== undefined) return this.say(`printer-${first}`);
    if (printer['printer-state'] === 'unknown') return this.say('printer-unknown');
    if (printer['printer-state'] === 'stopped') return this.say('printer-stopped');
    return printer['printer-is-accepting-jobs'] ? undefined : this.say('printer-not-accepting');
  }

  /** What went wrong, and what that means for the document. */
  trouble(outcome: string, reason: string | undefined): string {
    const why = this.find(`trouble-${reason}`) ?? this.say('outcome-failed');
    // Such a document is here, and of no use.
    const tail = reason === 'document-unreadable' ? undefined : this.find(`tail-${outcome}`);
    return tail === undefined ? why : `${why} ${tail}`;
  }

  refusal(reason: string): string {
    return this.find(`refused-${reason}`) ?? this.say('error-other');
  }

  outcome(outcome: JobOutcome): Sentence {
    switch (outcome.outcome) {
      case 'completed': {
        const pages = outcome['job-impressions-completed'];
        return {
          kind: 'good',
          text: pages ? this.say('outcome-completed-pages', { n: pages }) : this.say('outcome-completed'),
        };
      }
      case 'delivered':
        return { kind: 'good', text: this.say('outcome-delivered') };
      case 'canceled':
        return { kind: 'stopped', text: this.say('outcome-canceled') };
      case 'refused':
        return { kind: 'bad', text: this.refusal(outcome.reason) };
      default:
        return {
          kind: 'bad',
          text: [this.trouble(outcome.outcome, outcome.reason), ...this.#instead(outcome.nearest)].join(' '),
        };
    }
  }

  progress({ job, progress }: Released): string {
    const pages = job['job-impressions'];
    const done = progress?.['job-impressions-completed'];
    if (done) {
      return pages !== undefined && done <= pages
        ? this.say('page-printed-of', { n: done, pages })
        : this.say('page-printed', { n: done });
    }
    const waiting = progress?.waiting && this.find(`trouble-${progress.waiting}`);
    if (waiting) return waiting;
    const size = job['job-k-octets'];
    const part = size ? Math.min(1, (progress?.['job-k-octets-processed'] ?? 0) / size) : 0;
    if (part === 1) return this.say('printing');
    return part > 0 ? this.say('sending', { percent: Math.round(part * 100) }) : this.say('waiting');
  }

  /** Pages, copies, colour, sides, size: what is known. */
  describe(job: WireJob): string {
    const parts: (string | false | undefined | 0)[] = [
      job.owner && this.say('of-person', { name: job.owner['display-name'] }),
      wantsPin(job) && this.say('with-pin'),
      job['job-impressions'] && this.say('pages', { n: job['job-impressions'] }),
      (job.copies ?? 1) > 1 && this.say('copies', { n: job.copies ?? 1 }),
      this.#color(job['print-color-mode']),
      job.sides && this.say(job.sides === 'one-sided' ? 'one-sided' : 'two-sided'),
      job['job-k-octets'] && this.size(job['job-k-octets']),
      job.claimable && this.say('from', { address: job['job-originating-host-name'] }),
    ];
    return parts.filter((part) => typeof part === 'string').join(' · ');
  }

  #color(mode: string | undefined): string | undefined {
    if (mode === 'color') return this.say('color');
    return mode !== undefined && mode !== 'auto-monochrome' && /monochrome|bi-level/.test(mode)
      ? this.say('monochrome')
      : undefined;
  }

  nameOf(job: WireJob): string {
    return job['job-name'] || this.say('no-name');
  }

  /** Units of 1024 octets, as people read them. */
  size(kiloOctets: number): string {
    if (kiloOctets < 1000) return this.say('kilobytes', { n: kiloOctets });
    const mega = kiloOctets / 1024;
    const shown = mega < 10 ? mega.toFixed(1) : String(Math.round(mega));
    return this.say('megabytes', { n: shown.replace('.', this.say('decimal-mark')) });
  }

  /** When an RFC 3339 time was, seen from another one; in the zone in which both are written. */
  when(time: string, now: string): string {
    const clock = time.slice(11, 16);
    const age = dayOf(now) - dayOf(time);
    if (age === 0) return this.say('today', { time: clock });
    if (age === 1) return this.say('yesterday', { time: clock });
    const month = this.say('months').split(' ')[Number(time.slice(5, 7)) - 1] ?? '';
    return this.say('on-day', { day: Number(time.slice(8, 10)), month, time: clock });
  }

  /** What stands in a row of the list below the name. */
  state(job: WireJob): Sentence {
    if (job['job-state'] === 'pending') return { kind: '', text: this.say('waiting') };
    if (job['job-state'] === 'processing') return { kind: '', text: this.say('printing') };
    if (!isReleasable(job)) return { kind: '', text: this.say('arriving') };
    if (job.trouble !== undefined) {
      const { outcome, reason } = job.trouble;
      return {
        kind: 'bad',
        text: outcome === 'not-printed' ? this.trouble('', reason) : this.say(`tail-${outcome}`),
      };
    }
    for (const reason of job['job-state-reasons']) {
      const flaw = this.find(reason);
      if (flaw !== undefined) return { kind: 'bad', text: flaw };
    }
    return { kind: '', text: this.describe(job) };
  }

  /** What this printer cannot do of what the document asks, and which one can. */
  conflicts(job: WireJob): string[] {
    return (job.conflicts ?? []).map((conflict) => {
      const { attribute, value, nearest } = conflict;
      const what =
        this.find(`conflict-${value}`) ?? this.find(`conflict-${attribute}`) ?? this.say('conflict-other');
      return [what, ...this.#instead(nearest)].join(' ');
    });
  }

  /** Which other printer to go to, if one was named. */
  #instead(nearest: WireNearest | undefined): string[] {
    if (nearest === undefined) return [];
    const place = [nearest['printer-info'] || nearest['printer-name'], nearest['printer-location']];
    return [this.say('conflict-nearest', { printer: place.filter(Boolean).join(', ') })];
  }
}

/** Held, and all of it here. */
export function isReleasable(job: WireJob): boolean {
  return job['job-state'] === 'pending-held' && !job['job-state-reasons'].includes('job-incoming');
}

export function wantsPin(job: WireJob): boolean {
  return job['job-state-reasons'].includes('job-password-wait');
}

/** Days since 1970 of the date in an RFC 3339 time, as written. */
function dayOf(time: string): number {
  return (
    Date.UTC(Number(time.slice(0, 4)), Number(time.slice(5, 7)) - 1, Number(time.slice(8, 10))) / 86_400_000
  );
}

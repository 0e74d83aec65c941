/**
 * The panel for browsers without script: every screen made here, every touch a posted form. One session is one
 * connection of the panel protocol, like any other transport's.
 */
import type { Clock, Timer } from '../../base/clock.ts';
import { refuse } from '../../base/http/refusal.ts';
import { pathOf } from '../../base/http/request-target.ts';
import type { Exchange, RequestExchange, RequestRoute } from '../../base/http/routes.ts';
import { isLanguage, type Language } from '../../base/i18n/languages.ts';
import { Seconds } from '../../base/units.ts';
import type { PanelConnection, Transport } from '../connection.ts';
import { act } from './actions.ts';
import { readForm } from './forms.ts';
import { render } from './render.ts';
import { PlainSession } from './session.ts';

/** Sessions of one panel: the last one to come has it, the others tell that. */
const SESSIONS_PER_PANEL = 4;
const MOST_SESSIONS = 512;
/** Without a request, where nobody is signed in. Every page there asks again sooner. */
const SILENCE = Seconds(90);

export interface PlainOptions {
  readonly clock: Clock;
  open(exchange: Exchange, transport: Transport): PanelConnection;
  /** It named a session that is another's, or nobody's, or was its own and has ended. */
  onForged(exchange: Exchange): void;
  /** Its form was used before, is of a page that is too old, or was never given out. */
  onSpent(exchange: Exchange): void;
  /** The language that the panel's pages begin in. */
  languageOf(exchange: Exchange): Language;
  /** Paths of the style sheets. */
  stylesOf(exchange: Exchange): readonly string[];
}

interface Seat {
  readonly session: PlainSession;
  timer: Timer;
}

export class PlainPages {
  readonly routes: readonly RequestRoute[];
  readonly #options: PlainOptions;
  /** The oldest first. */
  readonly #seats = new Set<Seat>();

  constructor(options: PlainOptions) {
    this.#options = options;
    this.routes = [
      {
        method: 'GET',
        path: '/panel/:panel/plain',
        authentication: 'panel',
        handle: (exchange) => this.#begin(exchange),
      },
      {
        method: 'GET',
        path: '/panel/:panel/plain/:session',
        authentication: 'panel',
        handle: (exchange) => this.#show(exchange),
      },
      {
        method: 'POST',
        path: '/panel/:panel/plain/:session',
        authentication: 'panel',
        handle: (exchange) => this.#post(exchange),
      },
    ];
  }

  get size(): number {
    return [...this.#seats].filter(({ session }) => !session.over).length;
  }

  /** Ends every session. */
  end(): void {
    for (const seat of [...this.#seats]) this.#leave(seat);
  }

  /** Opens a session, and shows it at its own address. */
  #begin(exchange: RequestExchange): void {
    const panel = exchange.parameters['panel'] ?? '';
    const same = [...this.#seats].filter(({ session }) => session.panel === panel);
    if (same.length >= SESSIONS_PER_PANEL && same[0] !== undefined) this.#leave(same[0]);
    if (this.#seats.size >= MOST_SESSIONS) {
      return refuse(exchange.request, exchange.response, 503, 'too many panels without script');
    }
    const session = new PlainSession({
      panel,
      address: exchange.address,
      language: this.#options.languageOf(exchange),
      clock: this.#options.clock,
      open: (transport) => this.#options.open(exchange, transport),
    });
    const seat: Seat = { session, timer: { cancel: () => {} } };
    this.#seats.add(seat);
    this.#heard(seat);
    lead(exchange, `${baseOf(exchange)}/${session.id}`);
  }

  #show(exchange: RequestExchange): void {
    const seat = this.#find(exchange);
    if (seat === undefined) return lead(exchange, baseOf(exchange));
    const { session } = seat;
    if (session.id !== exchange.parameters['session'])
      return lead(exchange, `${baseOf(exchange)}/${session.id}`);
    const query = new URLSearchParams(exchange.request.url?.split('?', 2)[1]);
    const chosen = query.get('language') ?? '';
    if (isLanguage(chosen) && !session.view.signedIn) session.chosen = chosen;
    if (query.has('seldom')) session.seldom = true;
    if (query.has('away')) session.goAway();
    const body = render(session, {
      base: baseOf(exchange),
      styles: this.#options.stylesOf(exchange),
    });
    if (session.over) this.#leave(seat);
    send(exchange, body, session.language);
  }

  async #post(exchange: RequestExchange): Promise<void> {
    const { request, response } = exchange;
    const found = this.#find(exchange);
    exchange.proceed();
    const reading = await readForm(request);
    if (!reading.ok) return refuse(request, response, reading.status, 'not a form of these pages');
    if (found === undefined) return lead(exchange, baseOf(exchange));
    const { session } = found;
    if (session.spend(reading.form.text('token'))) await act(session, reading.form);
    else {
      this.#options.onSpent(exchange);
      session.note = { kind: 'said', key: 'old-page' };
    }
    session.forgetFormer();
    lead(exchange, `${baseOf(exchange)}/${session.id}`);
  }

  /** The session of that address, which is this panel's and was opened from the same place. */
  #find(exchange: Exchange): Seat | undefined {
    const { panel, session: id } = exchange.parameters;
    for (const seat of this.#seats) {
      const { session } = seat;
      if (session.panel !== panel || session.address !== exchange.address || !session.answersTo(id)) continue;
      this.#heard(seat);
      return seat;
    }
    this.#options.onForged(exchange);
    return undefined;
  }

  #heard(seat: Seat): void {
    seat.timer.cancel();
    seat.timer = this.#options.clock.after(SILENCE, () => {
      // Who is signed in is signed out by the session's own time.
      if (seat.session.view.signedIn) this.#heard(seat);
      else this.#leave(seat);
    });
  }

  #leave(seat: Seat): void {
    seat.timer.cancel();
    this.#seats.delete(seat);
    seat.session.end();
  }
}

/** The path up to `/plain`, as it was asked for: `/panel/NAME/plain`, or `/p/SECRET/plain`. */
function baseOf({ request }: Exchange): string {
  return pathOf(request.url ?? '')
    .split('/')
    .slice(0, 4)
    .join('/');
}

/** After a form: the page is got by GET, so that loading it again posts nothing again. */
function lead({ response }: RequestExchange, location: string): void {
  response.writeHead(303, { Location: location, 'Content-Length': 0, ...HEADERS });
  response.end();
}

function send({ response }: RequestExchange, body: string, language: Language): void {
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Content-Language': language,
    ...HEADERS,
  });
  response.end(body);
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // With `no-referrer` browsers say that a form came from nowhere, and it would be refused as another site's.
  'Referrer-Policy': 'same-origin',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

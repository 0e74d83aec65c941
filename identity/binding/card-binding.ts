/** Unknown badges that become somebody's at a panel: by an activation code or another sign-in, and a mail that it happened. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Language } from '../../base/i18n/languages.ts';
import type { Log } from '../../base/log.ts';
import type { Mailer } from '../../base/mail/mailer.ts';
import { isMailAddress } from '../../base/mail/message.ts';
import type { Metrics } from '../../base/metrics.ts';
import { Days, type Milliseconds } from '../../base/units.ts';
import { type CardNumber, canonicalCard, type RawSwipe } from '../cards/card-number.ts';
import { convert } from '../cards/conversion.ts';
import type { Guessing } from '../guessing/guessing.ts';
import type { PeopleEngine } from '../people/draft.ts';
import { patiently } from '../people/patience.ts';
import type { Person, PersonId } from '../person.ts';
import type { SignInPlace } from '../sign-ins.ts';
import { ACTIVATION_TIME, Activations } from './activations.ts';
import { activationLetter, addedLetter, type Letter, type LetterValues } from './letters.ts';
import { Post } from './post.ts';
import type { CardNotice, CardNoticeStore } from './tables.ts';

/** What binding needs of people. */
export interface BindingPeople extends Pick<PeopleEngine, 'previewEdits' | 'apply' | 'profile' | 'isTaken'> {
  person(id: PersonId): Person | undefined;
  byUserName(name: string): Person | undefined;
  isActive(id: PersonId): boolean;
}

export interface CardBindingOptions {
  readonly people: BindingPeople;
  readonly store: CardNoticeStore;
  readonly guessing: Pick<Guessing, 'admit' | 'wrong' | 'forgiveCard'>;
  readonly mailer: Mailer;
  readonly settings: () => {
    readonly gateway: string;
    /** Of people whose language is not known. */
    readonly language: Language;
    /** Whether there is a mail server. */
    readonly mails: boolean;
  };
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** As another sign-in proves it, or as a mailed code does. */
export type BoundBy = 'code' | 'badge' | 'password' | 'activation';

export type Activated =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly reason: 'unknown' }
  | { readonly ok: false; readonly reason: 'throttled'; readonly retryAfter: Milliseconds };

/** Cards of one person, above which nobody adds one by themselves. */
export const MOST_OWN_CARDS = 5;
/** A number that is shorter can be typed by chance, or is no card's. */
const SHORTEST_CARD = 6;
/** How long a mail about a badge is tried to be sent. */
const NOTICE_TIME = Days(5);

export class CardBinding {
  readonly #options: CardBindingOptions;
  readonly #activations: Activations;
  readonly #post: Post;
  readonly #counter;

  private constructor(options: CardBindingOptions) {
    this.#options = options;
    this.#activations = new Activations(options.clock);
    this.#post = new Post(options);
    this.#counter = options.metrics.counter('card_bindings_total', 'Unknown badges that people made theirs', [
      'outcome',
    ]);
  }

  /** Goes on with the mails that were still to be sent. */
  static async open(options: CardBindingOptions): Promise<CardBinding> {
    const binding = new CardBinding(options);
    for (const notice of await options.store.all(undefined)) binding.#send(notice);
    return binding;
  }

  /** Whether it is a badge that nobody has or had, and that could be somebody's. */
  isBindable(swipe: RawSwipe): boolean {
    return this.#bindable(swipe) !== undefined;
  }

  /**
   * Mails a code to whoever has that name, if anybody has, may sign in and has an address. Says nothing of it to the caller.
   */
  requestActivation(userName: string, swipe: RawSwipe, { panel }: SignInPlace): void {
    const { people, log, settings, clock } = this.#options;
    const card = this.#bindable(swipe);
    const person = people.byUserName(userName);
    const refuse = (why: string) => {
      this.#counter.inc({ outcome: 'not-mailed' });
      log.warn('activation code was not mailed', { panel, person: person?.id, why });
    };
    if (person === undefined || !people.isActive(person.id)) return refuse('nobody who may sign in');
    if (card === undefined) return refuse('badge cannot be bound');
    if (!settings().mails || !isMailAddress(person.email)) return refuse('no address or no mail server');
    const code = this.#activations.make(person.id, card, panel);
    if (code === undefined) return refuse('asked for too often');
    this.#counter.inc({ outcome: 'mailed' });
    log.info('activation code asked for', { panel, person: person.id });
    this.#post.take({
      id: newId(),
      person: person.id,
      what: 'activation',
      write: () => this.#letterTo(person.id, panel, (...to) => activationLetter(code, ...to)),
      until: clock.now() + ACTIVATION_TIME,
      done: async () => {},
    });
  }

  /** Whose mailed code it is, for that badge. Wrong ones count as wrong codes of the place. */
  activate(code: string, swipe: RawSwipe | undefined, place: SignInPlace): Activated {
    const { people, guessing, log } = this.#options;
    const admission = guessing.admit('code', place);
    if (admission.admit === 'wait') return { ok: false, reason: 'throttled', retryAfter: admission.wait };
    const card = swipe === undefined ? undefined : cardOf(swipe);
    const id = card === undefined ? undefined : this.#activations.redeem(code, card);
    const person = id !== undefined && people.isActive(id) ? people.person(id) : undefined;
    if (person !== undefined) {
      log.info('signed in by activation code', { panel: place.panel, person: person.id });
      return { ok: true, person };
    }
    const retryAfter = guessing.wrong('code', place);
    this.#counter.inc({ outcome: 'wrong-code' });
    log.warn('wrong activation code', { panel: place.panel, retryAfterMs: Math.ceil(retryAfter) });
    return { ok: false, reason: 'unknown' };
  }

  /**
   * The badge becomes theirs, beside those that they have. Resolves when that is on disk, and so is the mail about it.
   * @returns false when it is somebody's, or they have too many
   */
  async bind(id: PersonId, swipe: RawSwipe, place: SignInPlace, by: BoundBy): Promise<boolean> {
    const { store, guessing, clock, log } = this.#options;
    const { panel } = place;
    const card = this.#bindable(swipe);
    const notice: CardNotice = { id: newId(), person: id, panel, at: clock.now() };
    // On disk before the badge is theirs: after a crash between the two a mail too many is better than none.
    if (card !== undefined) await store.add(notice);
    const why = card === undefined ? 'badge cannot be bound' : await this.#given(id, card, notice);
    if (why !== undefined) {
      this.#counter.inc({ outcome: 'refused' });
      log.warn('badge was not added', { panel, person: id, by, why });
      return false;
    }
    guessing.forgiveCard(place);
    this.#counter.inc({ outcome: 'bound' });
    log.info('badge added at a panel', { panel, person: id, by });
    this.#send(notice);
    return true;
  }

  async #given(id: PersonId, card: CardNumber, notice: CardNotice): Promise<string | undefined> {
    let given = false;
    try {
      const why = await patiently(this.#options.clock, () => this.#give(id, card));
      given = why === undefined;
      return why;
    } finally {
      if (!given) await this.#options.store.remove(notice.id);
    }
  }

  stop(): Promise<void> {
    return this.#post.stop();
  }

  #bindable(swipe: RawSwipe): CardNumber | undefined {
    const card = cardOf(swipe);
    if (card === undefined || card.length < SHORTEST_CARD) return undefined;
    return this.#options.people.isTaken('card', card) ? undefined : card;
  }

  /** @returns why not */
  async #give(person: PersonId, text: CardNumber): Promise<string | undefined> {
    const { people } = this.#options;
    const profile = await people.profile(person);
    if (profile === undefined || !people.isActive(person)) return 'may not sign in';
    const { primary, secondary } = profile.cards;
    if (primary + secondary >= MOST_OWN_CARDS) return 'has too many';
    const rank = primary === 0 ? 'primary' : 'secondary';
    const plan = await people.previewEdits([
      { edit: 'issue', person, kind: 'card', text, rank, replace: false },
    ]);
    // Asked for again: somebody may have got it meanwhile, and lost it.
    if (plan.issues.length > 0 || people.isTaken('card', text)) return 'is somebody else’s';
    await people.apply(plan);
    return undefined;
  }

  #send(notice: CardNotice): void {
    const { store, settings } = this.#options;
    const { id, person, panel, at } = notice;
    const done = () => store.remove(id);
    const write = async () =>
      settings().mails ? this.#letterTo(person, panel, (...to) => addedLetter(at, ...to)) : undefined;
    this.#post.take({ id, person, what: 'notice', write, until: at + NOTICE_TIME, done });
  }

  async #letterTo(
    id: PersonId,
    panel: string,
    write: (values: LetterValues, language: Language) => Letter,
  ): Promise<{ readonly to: string; readonly letter: Letter } | undefined> {
    const { people, settings } = this.#options;
    const profile = await people.profile(id);
    if (profile === undefined || !isMailAddress(profile.email)) return undefined;
    const { gateway, language } = settings();
    const name = profile.displayName === '' ? profile.userName : profile.displayName;
    const letter = write({ name, panel, gateway }, profile.language === '' ? language : profile.language);
    return { to: profile.email, letter };
  }
}

/** As readers give it that need no conversion. */
function cardOf(swipe: RawSwipe): CardNumber | undefined {
  const converted = convert(swipe, []);
  return converted.ok ? canonicalCard(converted.card) : undefined;
}

const newId = (): string => `badge-${randomBytes(12).toString('hex')}`;

/** Ties what panels need of people to identity: who a badge, a code, a password or a PIN belongs to. */
import type { Clock } from '../base/clock.ts';
import { Milliseconds } from '../base/units.ts';
import type { CardBinding } from '../identity/binding/card-binding.ts';
import type { RawSwipe } from '../identity/cards/card-number.ts';
import { type Conversion, convert } from '../identity/cards/conversion.ts';
import { isTrivial } from '../identity/codes/trivial.ts';
import { canonicalCode } from '../identity/credential.ts';
import type { Guessing } from '../identity/guessing/guessing.ts';
import type { Identity } from '../identity/identity.ts';
import type { PasswordCheck } from '../identity/passwords/password-check.ts';
import { patiently } from '../identity/people/patience.ts';
import type { SignInPlace as Place } from '../identity/sign-ins.ts';
import type { PanelRegistry } from '../panel-protocol/access/registry.ts';
import { isWeak } from '../panel-protocol/access/weak.ts';
import type { Badge, Credential, PanelIdentity, SignIn, SignInPlace } from '../panel-protocol/ports.ts';

export interface PanelIdentityRooms {
  readonly identity: Identity;
  readonly guessing: Guessing;
  readonly credentials: { readonly passwords: PasswordCheck };
  readonly registry: PanelRegistry;
  readonly cardBinding: CardBinding;
  readonly clock: Clock;
  /** Card readers as configured. */
  readonly live: { readonly readers: ReadonlyMap<string, { readonly conversion: Conversion }> };
}

/** Once it was converted. */
const AS_IT_IS: Conversion = [];

export function panelIdentity(rooms: PanelIdentityRooms): PanelIdentity {
  const { identity, registry, cardBinding, clock, live } = rooms;
  const swipeOf = (badge: Badge) =>
    converted(badge, live.readers.get(badge.reader ?? '')?.conversion ?? AS_IT_IS);
  const swipeIn = (badge: Badge | undefined) => (badge === undefined ? undefined : swipeOf(badge));
  const placeOf = ({ panel }: SignInPlace): Place => ({
    panel: panel.name,
    isWeak: isWeak(panel, registry),
  });
  /** With whether they have a PIN, so that whoever has none is not asked for it, and with what they read. */
  const told = (answer: SignIn): SignIn => {
    if (!answer.ok) return answer;
    const { id } = answer.person;
    const language = identity.languageOf(id);
    return { ...answer, pinSet: identity.hasPin(id), ...(language === undefined ? {} : { language }) };
  };
  const signIn = (credential: Credential, at: SignInPlace): SignIn | Promise<SignIn> => {
    switch (credential.kind) {
      case 'code':
        return identity.signInWithCode(credential.value.reveal(), placeOf(at));
      case 'badge':
        return byBadge(rooms, swipeOf(credential), at, placeOf(at));
      case 'password':
        return byPassword(rooms, credential.userName, credential.value.reveal(), at.address, placeOf(at));
      case 'activation':
        return noted(
          identity,
          cardBinding.activate(credential.value.reveal(), swipeIn(credential.badge), placeOf(at)),
        );
    }
  };
  return {
    signIn(credential, at) {
      const answer = signIn(credential, at);
      return answer instanceof Promise ? answer.then(told) : told(answer);
    },
    checkPin(first, pin, at) {
      if (first.kind === 'code')
        return told(identity.signInWithCodeAndPin(first.value.reveal(), pin.reveal(), placeOf(at)));
      const swipe = first.kind === 'badge' ? swipeOf(first) : undefined;
      return swipe === undefined
        ? { ok: false, reason: 'unknown' }
        : told(identity.signInWithCardAndPin(swipe, AS_IT_IS, pin.reveal(), placeOf(at)));
    },
    async bindCard(person, badge, at, by) {
      const swipe = swipeOf(badge);
      if (swipe === undefined) return 'not-bound';
      return (await cardBinding.bind(person, swipe, placeOf(at), by)) ? 'bound' : 'not-bound';
    },
    async setPin(person, { current, value }, at) {
      if (identity.person(person) === undefined) return { ok: false, reason: 'pin-refused' };
      if (identity.hasPin(person)) {
        const check = identity.verifyPin(person, current?.reveal() ?? '', placeOf(at));
        if (!check.ok && check.reason === 'throttled') return { ...check, reason: 'throttled' };
        if (!check.ok) return { ok: false, reason: 'pin-wrong' };
      }
      const pin = canonicalCode(value.reveal());
      if (pin === undefined || isTrivial(pin)) return { ok: false, reason: 'pin-refused' };
      await patiently(clock, () => identity.setPin(person, pin));
      return { ok: true };
    },
    async requestActivation(userName, badge, at) {
      const swipe = swipeOf(badge);
      if (swipe !== undefined) cardBinding.requestActivation(userName, swipe, placeOf(at));
    },
    watchRemovals: (listener) =>
      identity.onChange(({ removed, disabled }) => [...removed, ...disabled].forEach(listener)),
  };
}

function byBadge(
  { identity, cardBinding }: PanelIdentityRooms,
  swipe: RawSwipe | undefined,
  { panel, unproven }: SignInPlace,
  place: Place,
): SignIn {
  if (swipe === undefined) return { ok: false, reason: 'card-unknown' };
  const isEnough = panel.signIn.includes('badge') && !unproven;
  const answer = isEnough
    ? identity.signInWithCard(swipe, AS_IT_IS, place)
    : identity.holderOfCard(swipe, AS_IT_IS, place);
  if (answer.ok) return isEnough ? answer : { ok: false, reason: 'pin-needed', person: answer.person.id };
  switch (answer.reason) {
    case 'pin-needed':
      return { ok: false, reason: 'pin-needed' };
    case 'throttled':
      return { ok: false, reason: 'throttled', retryAfter: answer.retryAfter };
    case 'unknown': {
      const mayBind = panel.bindCards.length > 0 && cardBinding.isBindable(swipe);
      return { ok: false, reason: mayBind ? 'bindable' : 'card-unknown' };
    }
  }
}

/** Wrong ones count against the panel, as codes do, beside what {@link PasswordCheck} counts against name and address. */
async function byPassword(
  { identity, guessing, credentials: { passwords } }: PanelIdentityRooms,
  userName: string,
  password: string,
  address: string,
  place: Place,
): Promise<SignIn> {
  const admission = guessing.admit('password', place);
  if (admission.admit === 'wait') return { ok: false, reason: 'throttled', retryAfter: admission.wait };
  const result = await passwords.verifyPassword(userName, password, address);
  if (result.right) return noted(identity, { ok: true, person: result.person });
  if (result.reason !== 'wrong')
    return { ok: false, reason: 'throttled', retryAfter: Milliseconds(result.wait) };
  guessing.wrong('password', place);
  return { ok: false, reason: 'unknown' };
}

/** Codes and cards note it themselves. */
function noted(identity: Identity, answer: SignIn): SignIn {
  if (answer.ok) identity.noteSignIn(answer.person.id);
  return answer;
}

/**
 * The number as people have it. Which reader it was is a claim where a terminal says it: a wrong one only makes a wrong number.
 * Undefined when the swipe does not fit the reader's conversion.
 */
function converted(badge: Badge, conversion: Conversion): RawSwipe | undefined {
  const swipe = rawSwipe(badge);
  if (swipe === undefined || conversion.length === 0) return swipe;
  const result = convert(swipe, conversion);
  return result.ok ? { kind: 'text', text: result.card } : undefined;
}

/** Undefined when the bits are not what they say. */
function rawSwipe({ value, bits }: Badge): RawSwipe | undefined {
  const text = value.reveal();
  if (bits === undefined) return { kind: 'text', text };
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(text) || text.length !== Math.ceil(bits / 8) * 2) return undefined;
  return { kind: 'bits', octets: Buffer.from(text, 'hex'), bits };
}

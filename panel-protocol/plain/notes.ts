/** What a page without script says once, at its top. */
import type { EndReason } from '../server-messages.ts';
import type { Sentence, Words } from './words.ts';

export type Note =
  | { readonly kind: 'ended'; readonly reason: EndReason }
  /** The gateway's answer; `code` is an error's, or one of the page's own. */
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'said';
      readonly key: 'pin-saved' | 'pins-differ' | 'activation-sent' | 'choose-first' | 'old-page';
    };

export function noteSentence(note: Note, words: Words): Sentence {
  switch (note.kind) {
    case 'ended':
      return { kind: '', text: words.find(`ended-${note.reason}`) ?? '' };
    case 'error':
      return { kind: 'bad', text: words.find(`error-${note.code}`) ?? words.say('error-other') };
    case 'refused':
      return { kind: 'bad', text: words.refusal(note.reason) };
    case 'said':
      return {
        kind: note.key === 'pin-saved' || note.key === 'activation-sent' ? 'good' : 'bad',
        text: words.say(note.key),
      };
    default:
      return note satisfies never;
  }
}

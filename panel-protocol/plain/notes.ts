/** What a page without script says once, at its top. */
import type { EndReason } from '../server-messages.ts';
import type { Sentence, Words } from './words.ts';

export type Note =
  | { readonly kind: 'ended'; readonly reason: EndReason }
  /** The gateway's answer; `code` is an error's, or one of the page's own; `wait` in seconds. */
  | { readonly kind: 'error'; readonly code: string; readonly wait: number | undefined }
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'said';
      readonly key: 'pin-saved' | 'pins-differ' | 'activation-sent' | 'choose-first' | 'old-page';
    };

export function noteSentence(note: Note, words: Words): Sentence {
  switch (note.kind) {
    case 'ended':
      return { kind: '', text: words.find(`ended-${note.reason}`) ?? '' };
    case 'error': {
      // Of a refusal that says nothing of when, a minute is told.
      const values = { n: note.wait ?? 60 };
      return { kind: 'bad', text: words.find(`error-${note.code}`, values) ?? words.say('error-other') };
    }
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

/** `holdfast connect profile FILE [QUEUE]`: a configuration profile that adds the queue to Apple's devices. */
import { writeFile } from 'node:fs/promises';
import { Failure, messageOf } from '../../base/errors.ts';
import { appleProfile } from '../connect/apple-profile.ts';
import { type Asked, asked, askedBy, connectionsAsked, ENTRANCE_OPTIONS } from '../connect/ask.ts';
import { defineCommand } from './command.ts';

export const connectProfile = defineCommand<Asked, { profile: string }>({
  name: 'connect profile',
  summary:
    'Write an Apple configuration profile (.mobileconfig) that adds a queue to iPhones, iPads and Macs',
  words: [
    ['<file>', 'where to; - for standard output'],
    ['[queue]', 'the queue; all unless told'],
  ],
  options: ENTRANCE_OPTIONS,
  request: (typed) => askedBy(typed, typed.words[1] ?? ''),
  arguments: asked,
  handle({ gateway, arguments: args, upload }) {
    const { facts, identity } = gateway.certificate;
    const profile = appleProfile({
      connections: connectionsAsked(gateway, args, upload),
      organization: gateway.config.gateway.name,
      certificate: facts.selfSigned ? identity.certificate : undefined,
    });
    return { profile };
  },
  show: ({ profile }) => profile.trimEnd(),
  async save({ profile }, [file = '-']) {
    if (file === '-') return undefined;
    try {
      // Readable by who typed the command only: there may be a token in it.
      await writeFile(file, profile, { mode: 0o600 });
    } catch (cause) {
      throw new Failure('cannot-write', `${file} cannot be written: ${messageOf(cause)}`, { cause });
    }
    return `${file}: written`;
  },
});

/** `holdfast connect profile FILE [QUEUE]`: a configuration profile that adds the queue to Apple's devices. */
import { appleProfile } from '../connect/apple-profile.ts';
import { type Asked, asked, askedBy, connectionsAsked, ENTRANCE_OPTIONS } from '../connect/ask.ts';
import { warningsFor } from '../connect/connection.ts';
import { defineCommand } from './command.ts';
import { writeForOwner } from './write-for-owner.ts';

export const connectProfile = defineCommand<Asked, { profile: string; warnings: readonly string[] }>({
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
    const connections = connectionsAsked(gateway, args, upload);
    const profile = appleProfile({
      connections,
      organization: gateway.config.gateway.name,
      certificate: facts.selfSigned ? identity.certificate : undefined,
    });
    return { profile, warnings: warningsFor(connections) };
  },
  show: ({ profile }) => profile.trimEnd(),
  async save({ profile, warnings }, [file = '-']) {
    if (file === '-') return undefined;
    // There may be a token in it.
    await writeForOwner(file, profile);
    return [`${file}: written`, ...warnings].join('\n');
  },
});

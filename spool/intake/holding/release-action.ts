/** `job-release-action`, `job-password` and `job-password-encryption` of a new job (PWG 5100.11). */
import type { Attribute } from '../../../ipp/model.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import type { JobPassword, ReleaseAction } from '../../holding.ts';
import { ENCRYPTIONS, isAcceptable, PASSWORD_LENGTH } from '../../release/job-passwords.ts';
import type { Call } from '../call.ts';
import { Refusal } from '../refusal.ts';

export interface ReadReleaseAction {
  readonly terms: { readonly releaseAction: ReleaseAction; readonly password?: JobPassword };
  readonly unsupported: readonly Attribute[];
}

/**
 * A job with a password waits for it, whatever else was asked. An action that the queue does not have is ignored, and
 * told, when it asks for less than the queue demands; one that asks for more is refused: printing would betray it.
 */
export function readReleaseAction(
  call: Call,
  uuid: string,
  actions: readonly ReleaseAction[],
): ReadReleaseAction {
  const wanted = call.operation('job-release-action');
  const password = readPassword(call, uuid, actions);
  if (password !== undefined) return { terms: { releaseAction: 'job-password', password }, unsupported: [] };
  if (wanted === 'job-password') {
    throw new Refusal(
      Status.clientErrorBadRequest,
      'job-release-action asks for a password, and there is none',
    );
  }
  const releaseAction = actions.find((action) => action === wanted);
  if (releaseAction !== undefined) return { terms: { releaseAction }, unsupported: [] };
  const unsupported = named(call, 'job-release-action');
  if (wanted === undefined || wanted === 'none') {
    return { terms: { releaseAction: actions[0] ?? 'owner-authorized' }, unsupported };
  }
  throw new Refusal(
    Status.clientErrorAttributesOrValuesNotSupported,
    'this printer cannot hold a job for that release action',
    unsupported,
  );
}

function readPassword(call: Call, uuid: string, actions: readonly ReleaseAction[]): JobPassword | undefined {
  const octets = call.operation('job-password');
  // An empty one is how some clients say that there is none.
  if (octets === undefined || octets.length === 0) return undefined;
  if (!actions.includes('job-password')) {
    throw refusal(
      'this printer has no panel at which a password could be typed',
      unsupported('job-password'),
    );
  }
  const encryption = call.operation('job-password-encryption') ?? 'none';
  if (!ENCRYPTIONS.includes(encryption)) {
    throw refusal('the password is hashed in a way that this printer does not have', [
      ...named(call, 'job-password-encryption'),
    ]);
  }
  if (!isAcceptable(encryption, octets)) {
    const { lower, upper } = PASSWORD_LENGTH;
    throw refusal(
      encryption === 'none'
        ? `a password has ${lower} to ${upper} digits here`
        : 'the password has not the length of its hash',
      unsupported('job-password'),
    );
  }
  return call.intake.keepPassword(uuid, encryption, octets);
}

const refusal = (message: string, attributes: readonly Attribute[]): Refusal =>
  new Refusal(Status.clientErrorAttributesOrValuesNotSupported, message, attributes);

/** Without its value, which nobody else has to see. */
const unsupported = (name: string): Attribute[] => [{ name, values: [{ syntax: 'unsupported' }] }];

function named(call: Call, name: string): Attribute[] {
  const attribute = call.group('operation').get(name);
  return attribute === undefined ? [] : [attribute];
}

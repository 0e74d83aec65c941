/** Messages of the wire as what the machine is asked. */
import type { CredentialMessage, SessionMessage } from '../client-messages.ts';
import type { Credential, TicketChanges } from '../ports.ts';
import type { PanelRequest, Request } from './state.ts';

type Sent<Type extends SessionMessage['type']> = Extract<SessionMessage, { type: Type }>;

/** @param secure by TLS, or from this machine */
export function requestOf(request: Request, message: SessionMessage, secure: boolean): PanelRequest {
  switch (message.type) {
    case 'credential':
      return message.kind === 'pin'
        ? { kind: 'pin', request, pin: message.value }
        : { kind: 'credential', request, credential: credentialOf(message), secure };
    case 'request-activation':
      return { kind: message.type, request, userName: message['user-name'] };
    case 'choose-printer':
      return { kind: message.type, request, printer: message['printer-name'] };
    case 'options':
      return { kind: message.type, request, job: message['job-id'] };
    case 'release':
      return releaseOf(request, message);
    case 'cancel':
      return { kind: 'cancel', request, jobs: message['job-ids'] };
    case 'set-pin':
      return {
        kind: 'set-pin',
        request,
        value: message.value,
        ...(message.current === undefined ? {} : { current: message.current }),
      };
    default:
      return { kind: message.type, request };
  }
}

function credentialOf(message: Exclude<CredentialMessage, { kind: 'pin' }>): Credential {
  switch (message.kind) {
    case 'badge': {
      const { value, bits, reader } = message;
      return {
        kind: 'badge',
        value,
        ...(bits === undefined ? {} : { bits }),
        ...(reader === undefined ? {} : { reader }),
      };
    }
    case 'password':
      return { kind: 'password', userName: message['user-name'], value: message.value };
    default:
      return { kind: message.kind, value: message.value };
  }
}

function releaseOf(request: Request, message: Sent<'release'>): PanelRequest {
  const { key, keep, changes } = message;
  const password = message['job-password'];
  return {
    kind: 'release',
    request,
    key,
    jobs: message['job-ids'],
    before: [],
    ...(password === undefined ? {} : { password }),
    ...(keep === undefined ? {} : { keep }),
    ...(changes === undefined ? {} : { changes: changesOf(changes) }),
  };
}

/** Without the fields that were not sent. */
function changesOf(changes: NonNullable<Sent<'release'>['changes']>): TicketChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

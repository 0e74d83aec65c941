/** A terminal without identity asks a gateway to be enrolled, and waits until an administrator has said so. */
import { request } from 'node:https';
import { hostname } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { type Clock, sleep } from '../../base/clock.ts';
import { Failure, messageOf, systemCode } from '../../base/errors.ts';
import { Milliseconds } from '../../base/units.ts';
import type { TerminalIdentity } from './identity-file.ts';
import { checkGateway, type Trust, tlsOptions } from './trust.ts';

const seconds = z.number().min(0).max(86_400);
const answer = z.discriminatedUnion('state', [
  z.looseObject({
    state: z.literal('waiting'),
    number: z.string().regex(/^\d{4,12}$/),
    secret: z.string().max(128).optional(),
    'look-again': seconds,
  }),
  z.looseObject({ state: z.literal('approved'), panel: z.string().max(127), key: z.string().max(128) }),
  z.looseObject({ state: z.literal('throttled'), 'retry-after': seconds }),
  z.looseObject({ state: z.literal('gone') }),
]);
type Answer = z.infer<typeof answer>;

const LONGEST_ANSWER = 4096;
const LONGEST_WAIT = 30;
const TIMEOUT = 20_000;

export interface Enrolling {
  readonly gateway: URL;
  readonly trust: Trust;
  readonly clock: Clock;
  /** Shows the number that the administrator types. */
  show(text: string): void;
}

/** Of errors that end by themselves: the gateway or the network is not up yet, or is started anew. */
const PASSING: readonly (string | undefined)[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'gateway-silent',
];

/** Resolves when the terminal is a panel; waits for a gateway that is away. @throws Failure */
export async function enrol({ gateway, trust, clock, show }: Enrolling): Promise<TerminalIdentity> {
  let known = trust;
  let secret: string | undefined;
  let shown = '';
  let wait = 1;
  for (;;) {
    const asked = secret === undefined ? { client: `holdfast terminal on ${asciiName()}` } : { secret };
    let answered: Awaited<ReturnType<typeof ask>>;
    try {
      answered = await ask(gateway, known, asked);
    } catch (error) {
      if (!PASSING.includes(codeOf(error))) throw untrusted(gateway, error);
      show(`${gateway.origin} is not reached, and is tried again: ${messageOf(error)}`);
      await sleep(clock, Milliseconds(wait * 1000));
      wait = Math.min(LONGEST_WAIT, wait * 2);
      continue;
    }
    const { told, publicKey } = answered;
    wait = 1;
    // From the first answer on it has to be the same gateway.
    known = { ...trust, publicKey };
    switch (told.state) {
      case 'approved':
        return { gateway: gateway.origin, panel: told.panel, key: told.key, publicKey };
      case 'waiting':
        secret ??= told.secret;
        if (told.number !== shown) {
          show(
            `This terminal asks to be a panel. Its number is ${told.number}. Whoever runs the gateway types:\n\n` +
              `  holdfast panels approve ${told.number} --printer PRINTER\n\n` +
              `The gateway's key: SHA-256 ${publicKey}`,
          );
          shown = told.number;
        }
        await sleep(clock, Milliseconds(told['look-again'] * 1000));
        break;
      case 'throttled':
        show(`The gateway lets nobody ask for ${told['retry-after']} s`);
        await sleep(clock, Milliseconds(told['retry-after'] * 1000));
        break;
      case 'gone':
        secret = undefined;
    }
  }
}

function ask(gateway: URL, trust: Trust, body: unknown): Promise<{ told: Answer; publicKey: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL('/panel-enrolment', gateway), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      timeout: TIMEOUT,
      agent: false,
      ...tlsOptions(trust),
    });
    let publicKey = '';
    sent.on('socket', (socket) =>
      socket.once('secureConnect', () => {
        try {
          publicKey = checkGateway(socket as TLSSocket, trust);
          sent.end(JSON.stringify(body));
        } catch (error) {
          sent.destroy(error as Error);
        }
      }),
    );
    sent.on('timeout', () =>
      sent.destroy(new Failure('gateway-silent', `${gateway.origin} does not answer`)),
    );
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > LONGEST_ANSWER) response.destroy(notAGateway(gateway, 'it answers at length'));
      });
      response.on('error', reject);
      response.on('end', () => {
        const result = answer.safeParse(json(text));
        if (result.success) resolve({ told: result.data, publicKey });
        else reject(notAGateway(gateway, `it answers ${response.statusCode}`));
      });
    });
  });
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Failure ? error.code : systemCode(error);

/** What Node says of a certificate has a code too. */
function untrusted(gateway: URL, error: unknown): unknown {
  if (error instanceof Failure || systemCode(error) === undefined) return error;
  return new Failure('gateway-not-trusted', `no safe connection to ${gateway.origin}: ${messageOf(error)}`, {
    advice: 'With --ca, its certificate has to be by that authority, and for the name in the address',
    cause: error,
  });
}

const notAGateway = (gateway: URL, why: string) =>
  new Failure('not-a-gateway', `${gateway.origin} is no gateway that enrols panels: ${why}`, {
    advice: 'The address is that of the web port, such as https://print.example.org:8632',
  });

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const asciiName = (): string =>
  hostname()
    .replace(/[^\x21-\x7e]/g, '?')
    .slice(0, 60);

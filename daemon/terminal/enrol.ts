/** A terminal without identity asks a gateway to be enrolled, and waits until an administrator has said so. */
import { request } from 'node:https';
import { hostname } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { type Clock, sleep } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
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
const TIMEOUT = 20_000;

export interface Enrolling {
  readonly gateway: URL;
  readonly trust: Trust;
  readonly clock: Clock;
  /** Shows the number that the administrator types. */
  show(text: string): void;
}

/** Resolves when the terminal is a panel. @throws Failure */
export async function enrol({ gateway, trust, clock, show }: Enrolling): Promise<TerminalIdentity> {
  let known = trust;
  let secret: string | undefined;
  let shown = '';
  for (;;) {
    const asked = secret === undefined ? { client: `holdfast terminal on ${asciiName()}` } : { secret };
    const { told, publicKey } = await ask(gateway, known, asked);
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

/** Runs the checks over every transport; what cannot be tried is told as skipped, with the reason. */
import { messageOf } from '../../base/errors.ts';
import { lines, longPoll, webSocket } from './carriers.ts';
import { CHECKS } from './checks.ts';
import { FORM_CHECKS } from './forms.ts';
import { ROLE_CHECKS } from './role-checks.ts';
import { Skipped } from './skipped.ts';
import { type Connect, type Target, Wire } from './wire.ts';

export interface Result {
  readonly transport: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Of what failed or was skipped. */
  readonly why?: string;
}

/** @param code signs somebody in at the panel; without one, what needs that is skipped */
export async function* conformance(target: Target, code?: string): AsyncGenerator<Result> {
  for (const { transport, connect, lacks } of transportsOf(target)) {
    for (const check of [...CHECKS, ...ROLE_CHECKS]) {
      if (transport === 'long-poll' && check.repeats === false) continue;
      const open: Wire[] = [];
      const subject = {
        code,
        open: async () => {
          const wire = await Wire.connect(connect, target);
          open.push(wire);
          return wire;
        },
      };
      yield await resultOf(transport, check.title, async () => {
        if (lacks !== undefined) throw new Skipped(lacks);
        await check.run(subject);
      });
      for (const wire of open) wire.cut();
    }
  }
  for (const check of FORM_CHECKS) {
    yield await resultOf('forms', check.title, () => check.run(target, code));
  }
}

async function resultOf(transport: string, title: string, run: () => Promise<void>): Promise<Result> {
  try {
    await run();
    return { transport, title, outcome: 'passed' };
  } catch (error) {
    return {
      transport,
      title,
      outcome: error instanceof Skipped ? 'skipped' : 'failed',
      why: messageOf(error),
    };
  }
}

interface Transport {
  readonly transport: string;
  readonly connect: Connect;
  /** Why it cannot be tried. */
  readonly lacks?: string | undefined;
}

const transportsOf = (target: Target): Transport[] => [
  { transport: 'websocket', connect: webSocket },
  { transport: 'long-poll', connect: longPoll },
  { transport: 'lines', connect: lines, lacks: lackingForLines(target) },
];

/** They need TLS, and a key to tell whose they are. */
function lackingForLines({ url, key }: Target): string | undefined {
  if (url.protocol !== 'https:') return 'the URL is not https:';
  return key === undefined ? 'no --key-file was given' : undefined;
}

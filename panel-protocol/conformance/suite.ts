/** Runs the checks over every transport that the target can be reached by. */
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

/** @param code signs somebody in at the panel */
export async function* conformance(target: Target, code: string): AsyncGenerator<Result> {
  for (const [transport, connect] of transportsOf(target)) {
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
      yield await resultOf(transport, check.title, () => check.run(subject));
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

/** Lines need TLS, and a key to tell whose they are. */
function transportsOf({ url, key }: Target): [string, Connect][] {
  const all: [string, Connect][] = [
    ['websocket', webSocket],
    ['long-poll', longPoll],
  ];
  return url.protocol === 'https:' && key !== undefined ? [...all, ['lines', lines]] : all;
}

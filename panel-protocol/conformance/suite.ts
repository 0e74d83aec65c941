/** Runs the checks over every transport that the target can be reached by. */
import { messageOf } from '../../base/errors.ts';
import { lines, longPoll, webSocket } from './carriers.ts';
import { CHECKS, Skipped } from './checks.ts';
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
    for (const check of CHECKS) {
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
      const told = { transport, title: check.title };
      try {
        await check.run(subject);
        yield { ...told, outcome: 'passed' };
      } catch (error) {
        const outcome = error instanceof Skipped ? 'skipped' : 'failed';
        yield { ...told, outcome, why: messageOf(error) };
      } finally {
        for (const wire of open) wire.cut();
      }
    }
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

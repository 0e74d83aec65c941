/** What several checks do: greet, sign in, read the list, leave; and what an answer must be. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Skipped } from './skipped.ts';
import type { Message, Wire } from './wire.ts';

export interface Subject {
  /** A code that signs somebody in at this panel; undefined: what needs somebody there is skipped. */
  readonly code: string | undefined;
  /** A panel bound by what the connection brings tells its key in the hello. */
  open(): Promise<Wire>;
}

/** Seconds. The suite's own wrong codes slow a panel down, half as many of them where it is one by address or path. */
export const LONGEST_THROTTLE = 120;

export const HELLO = { type: 'hello', versions: [1], client: 'panel-conformance' };

/** @throws Skipped where none was given */
export function needed(code: string | undefined): string {
  if (code === undefined) throw new Skipped('no --code was given');
  return code;
}

/** A code that nobody is likely to have. */
export const unlike = (code = ''): string => code.padEnd(24, '7').slice(0, 24);

export async function greeted(subject: Subject): Promise<Wire> {
  const wire = await subject.open();
  isOk(await wire.ask(HELLO));
  await wire.next('welcome');
  await wire.next('session');
  return wire;
}

/** Signs in; where wrong codes of an earlier run are not forgiven yet, after a while. */
export async function signedIn(subject: Subject): Promise<{ wire: Wire; jobs: readonly Message[] }> {
  const credential = { type: 'credential', kind: 'code', value: needed(subject.code) };
  const wire = await greeted(subject);
  let answer = await wire.ask(credential);
  for (let waited = 0; answer['code'] === 'throttled' && waited < LONGEST_THROTTLE; ) {
    // Not so long that the connection would be taken for a silent one.
    const seconds = Math.min(15, Number(answer['retry-after'] ?? 1));
    waited += seconds;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    answer = await wire.ask(credential);
  }
  isOk(answer);
  assert.equal((await wire.next('session'))['session'], 'jobs');
  return { wire, jobs: await list(wire) };
}

/** All parts of a list. */
export async function list(wire: Wire): Promise<readonly Message[]> {
  const jobs: Message[] = [];
  for (;;) {
    const part = await wire.next('jobs');
    assert.equal(part['offset'], jobs.length);
    jobs.push(...(part['jobs'] as Message[]));
    if (jobs.length === part['total']) return jobs;
  }
}

export async function out(wire: Wire): Promise<void> {
  isOk(await wire.ask({ type: 'logout' }));
  const { reason } = await wire.take('idle', ({ type, session }) => type === 'session' && session === 'idle');
  assert.equal(reason, 'logout');
  wire.cut();
}

export function isOk(answer: Message): void {
  assert.equal(answer['type'], 'ok', `refused: ${String(answer['code'])} ${String(answer['field'] ?? '')}`);
}

export function isError(answer: Message, code: string, field?: string): void {
  assert.equal(answer['type'], 'error', 'it was taken');
  assert.equal(answer['code'], code);
  if (field !== undefined) assert.equal(answer['field'], field);
}

export const newKey = (): string => randomBytes(18).toString('base64url');

/** One that can be printed and stays. */
export const keepable = (jobs: readonly Message[]): Message | undefined =>
  jobs.find((job) => job['may-keep'] === true && job['claimable'] === false && !isWaiting(job));

function isWaiting(job: Message): boolean {
  const reasons = job['job-state-reasons'] as readonly string[];
  return reasons.includes('job-password-wait') || reasons.includes('job-incoming');
}

/** A held job, as tests want it. */
import { randomUUID } from 'node:crypto';
import { PersonId } from '../../identity/person.ts';
import { Attributes } from '../../ipp/model.ts';
import { type Job, JobId } from '../../spool/job.ts';

export const ADA = PersonId('00000000-0000-4000-8000-00000000ada0');
export const BOB = PersonId('00000000-0000-4000-8000-00000000b0b0');

/** Held, of Ada, one A4 page, arrived at the start of 2026. */
export function sampleJob(changes: Partial<Job> = {}): Job {
  return {
    id: JobId(1),
    uuid: `urn:uuid:${randomUUID()}`,
    queue: 'print',
    state: 'pending-held',
    owner: { kind: 'person', person: ADA, proof: 'claimed' },
    submitter: { address: '192.0.2.7', claimedName: 'ada' },
    name: 'Payslip of November',
    ticket: new Attributes([
      { name: 'copies', values: [{ syntax: 'integer', value: 2 }] },
      { name: 'sides', values: [{ syntax: 'keyword', value: 'two-sided-long-edge' }] },
    ]),
    holdUntil: 'no-hold',
    releaseAction: 'owner-authorized',
    document: { format: 'application/pdf', octets: 5 },
    createdAt: Date.UTC(2026, 0, 1),
    expiresAt: Date.UTC(2026, 0, 4),
    ...changes,
  };
}

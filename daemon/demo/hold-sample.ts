/** Prints the sample to the demo's queue over IPP, as any client would, unless something is held there already. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import { IppClient } from '../../ipp/http/client.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { request } from '../../ipp/vocabulary/messages.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { isSuccessful, statusName } from '../../ipp/vocabulary/status.ts';
import type { Gateway } from '../gateway.ts';

const NAME = 'Welcome to Holdfast.pdf';
const PAGES = 1;

/** Made in a process of its own: what it takes to make a PDF has no place in the gateway's memory. */
async function makeSample(): Promise<Buffer> {
  const program = join(import.meta.dirname, 'sample.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program], { encoding: 'buffer' });
  return stdout;
}

/** @param user whose it is. @throws Failure `no-sample` */
export async function holdSample(gateway: Gateway, user: string): Promise<void> {
  const person = gateway.identity.byUserName(user);
  if (person === undefined || gateway.jobs.ownedBy(person.id).length > 0) return;
  const [address] = gateway.ippAddresses;
  if (address === undefined) throw new Failure('no-sample', 'there is no address to print to');
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const uri = `ipp://${host}:${address.port}/ipp/print`;
  const client = new IppClient({ uri, clock: systemClock });
  try {
    const message = request({
      operation: Operation.printJob,
      requestId: 1,
      attributes: {
        'printer-uri': uri,
        'requesting-user-name': user,
        'job-name': NAME,
        'document-format': 'application/pdf',
        'job-impressions': PAGES,
      },
      groups: [{ kind: 'job', attributes: attributes({ 'print-color-mode': 'color', sides: 'one-sided' }) }],
    });
    const document = [await makeSample()];
    const answer = await client.request(message, { document: ReadableStream.from(document) });
    if (!isSuccessful(answer.code))
      throw new Failure('no-sample', `the sample was refused: ${statusName(answer.code)}`);
  } finally {
    client.close();
  }
}

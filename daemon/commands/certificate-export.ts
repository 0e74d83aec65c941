/** `holdfast certificate export FILE`: the certificate for those who have to trust it. */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { Failure, messageOf } from '../../base/errors.ts';
import { certificatesIn } from '../../base/http/tls/facts.ts';
import { defineCommand } from './command.ts';

interface ExportedCertificate {
  /** PEM. A given certificate comes with its chain, as the ports show it. */
  readonly certificate: string;
}

export const certificateExport = defineCommand<Record<string, never>, ExportedCertificate>({
  name: 'certificate export',
  summary: 'Write the certificate as PEM, to be trusted by computers and panels',
  words: [['<file>', 'where to; - for standard output']],
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: ({ gateway }) => ({ certificate: gateway.certificate.identity.certificate }),
  show: ({ certificate }) => certificate.trimEnd(),
  async save({ certificate }, [file = '-']) {
    if (file === '-') return undefined;
    // What the gateway writes is nobody else's to read; this is for everybody.
    process.umask(0o022);
    try {
      await writeFile(file, certificate);
    } catch (cause) {
      throw new Failure('cannot-write', `${file} cannot be written: ${messageOf(cause)}`, { cause });
    }
    return `${file}: ${certificatesIn(certificate).length} certificate(s) written`;
  },
});

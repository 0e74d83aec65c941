// A document that is converted: its first page is at the printer before the last one is drawn, or even read.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { officePrinter } from '../../../drivers/printers/office-printer.ts';
import { Attributes } from '../../../ipp/model.ts';
import type { Programs } from '../../../spool/formats/conversion/commands.ts';
import { served } from '../../../spool/formats/conversion/served.ts';
import { ManualClock } from '../../manual-clock.ts';
import { peerTest, programPath } from '../../peers/require-peer.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { ScriptedPrinter } from '../../simulators/scripted-printer.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { readPwg, readUrf } from '../formats/conversion/drawn-pages.ts';
import { reaches, releasingFrom } from './releasing.ts';

const peer = peerTest(test, ['gs']);
const [PDF, PWG, URF] = ['application/pdf', 'image/pwg-raster', 'image/urf'];

/** Each page is noise, of which a megabyte stays when it is packed: far more than lies in pipes between the programs. */
const NOISY = `%!PS-Adobe-3.0
<< /PageSize [595 842] >> setpagedevice
/line 350 string def
8 {
  gsave 595 842 scale
  350 500 8 [350 0 0 500 0 0] { 0 1 349 { line exch rand 255 and put } for line } image
  grestore showpage
} repeat
`;
const PAGES = 8;

interface Arrived {
  readonly document: Buffer;
  /** All of its first page came before the last page was there. */
  readonly inTime: boolean;
}

/**
 * Released to a printer that takes this format alone.
 * @param lastIsThere asked with each chunk that the printer gets
 */
async function arrived(
  [from, to]: readonly [string, string],
  content: Buffer,
  programs: Programs,
  store: MemoryJobStore,
  lastIsThere: () => boolean,
): Promise<Arrived> {
  const chunks: Buffer[] = [];
  /** Octets that had come when the last page was not there yet. */
  let before = 0;
  const printer = new ScriptedPrinter(async (job) => {
    await job.intentKept;
    for await (const chunk of job.open()) {
      chunks.push(Buffer.from(chunk));
      if (!lastIsThere()) before += chunk.length;
    }
    return { outcome: 'completed' };
  });
  const { releaser, description, jobs, accept, release } = releasingFrom(
    store,
    printer,
    new ManualClock(),
    programs,
  );
  description.value = served(officePrinter([to]), { ghostscript: true });
  const count = { kind: 'counted', pages: PAGES } as const;
  const { id } = await accept(
    { document: { format: from, octets: content.length, count }, ticket: new Attributes() },
    content,
  );
  release([id]);
  await reaches(jobs, id, 'completed');
  await releaser.drain();
  const document = Buffer.concat(chunks);
  const [, second, ...more] = to === URF ? readUrf(document) : readPwg(document);
  if (second === undefined || more.length !== PAGES - 2) throw new Error('not all pages');
  return { document, inTime: before >= second.header.byteOffset - document.byteOffset };
}

/** Leaves a file behind when it has drawn all. */
async function tellingGhostscript(folder: string): Promise<{ program: string; over: string }> {
  const [program, over] = [join(folder, 'gs'), join(folder, 'over')];
  await writeFile(program, `#!/bin/sh\n'${programPath('gs')}' "$@"\ncode=$?\n: > '${over}'\nexit $code\n`);
  await chmod(program, 0o755);
  return { program, over };
}

async function noisyPdf(t: ExecutionContext): Promise<Buffer> {
  const folder = await temporaryFolder(t);
  const [source, target] = [join(folder, 'pages.ps'), join(folder, 'pages.pdf')];
  await writeFile(source, NOISY);
  const quiet = ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pdfwrite'];
  await promisify(execFile)(programPath('gs'), [...quiet, '-o', target, source]);
  return readFile(target);
}

class TellingStore extends MemoryJobStore {
  /** The document was, to its end. */
  isRead = false;

  override async *read(...which: Parameters<MemoryJobStore['read']>): AsyncGenerator<Uint8Array> {
    yield* super.read(...which);
    this.isRead = true;
  }
}

peer(
  'converted, the first page is at the printer before the last one is drawn; or read, where it is packed anew',
  async (t) => {
    const { program, over } = await tellingGhostscript(await temporaryFolder(t));
    const drawn = await arrived(
      [PDF, PWG],
      await noisyPdf(t),
      { ghostscript: program },
      new MemoryJobStore(),
      () => existsSync(over),
    );
    t.true(drawn.inTime);
    t.true(existsSync(over));

    const store = new TellingStore();
    const packed = await arrived(
      [PWG, URF],
      drawn.document,
      { ghostscript: undefined },
      store,
      () => store.isRead,
    );
    t.true(packed.inTime);
    t.true(store.isRead);
  },
);

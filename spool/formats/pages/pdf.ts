/** Counts the pages of a PDF by pdf.js, which mends much and draws nothing here. Wants the whole document in memory. */
import type { PageCount } from './page-count.ts';

/** Has no types of its own. */
const WORKER: string = 'pdfjs-dist/legacy/build/pdf.worker.min.mjs';

export async function countPdf(document: AsyncIterable<Uint8Array>): Promise<PageCount> {
  const data = await wholeOf(document);
  // Found there, the parser runs on this thread; it would start a worker otherwise.
  Object.assign(globalThis, { pdfjsWorker: await import(WORKER) });
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const loading = getDocument({
    data,
    verbosity: VerbosityLevel.ERRORS,
    useWasm: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    enableXfa: false,
  });
  try {
    const { numPages } = await loading.promise;
    return numPages > 0 ? { kind: 'counted', pages: numPages } : { kind: 'damaged' };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    return name === 'PasswordException' ? { kind: 'password' } : { kind: 'damaged' };
  }
}

async function wholeOf(document: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of document) {
    chunks.push(chunk);
    length += chunk.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  // Each let go of as it is copied, so that the document is not there twice.
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

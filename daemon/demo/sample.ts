/** The demo's sample, a page that says what happened. Run as a program it writes the PDF to its standard output. */
import PDFDocument from 'pdfkit';

const INK = '#1d2b3a';
const ACCENT = '#1f6f5c';
const QUIET = '#5b6876';

const STEPS = [
  ['Print', 'To one queue, from any computer or phone. The document waits, encrypted.'],
  ['Sign in', 'At any printer, with your own code.'],
  ['Take it', 'It comes out where you are. Nobody else picks it up first.'],
] as const;

/** One A4 page. */
export function samplePdf(): Promise<Buffer> {
  const document = new PDFDocument({ size: 'A4', margin: 72, info: { Title: 'Welcome to Holdfast' } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(chunks))));
  document.rect(0, 0, document.page.width, 12).fill(ACCENT);
  document.fillColor(INK).font('Helvetica-Bold').fontSize(34).text('It came out.', 72, 120);
  document.font('Helvetica').fontSize(14).fillColor(QUIET);
  document.text('This page was held by Holdfast until you typed your code at the panel.', { width: 440 });
  for (const [index, [title, text]] of STEPS.entries()) drawStep(document, index, title, text);
  document
    .fillColor(QUIET)
    .fontSize(11)
    .text('Next: print something of your own. The terminal says how.', 72, 640);
  document.end();
  return done;
}

function drawStep(document: PDFKit.PDFDocument, index: number, title: string, text: string): void {
  const top = 260 + index * 115;
  document.circle(96, top + 24, 24).fill(ACCENT);
  document.fillColor('white').font('Helvetica-Bold').fontSize(20);
  document.text(`${index + 1}`, 72, top + 16, { width: 48, align: 'center' });
  document
    .fillColor(INK)
    .fontSize(18)
    .text(title, 144, top + 2);
  document
    .font('Helvetica')
    .fontSize(13)
    .fillColor(QUIET)
    .text(text, 144, top + 28, { width: 370 });
  if (index < STEPS.length - 1) {
    document
      .moveTo(96, top + 56)
      .lineTo(96, top + 107)
      .lineWidth(2)
      .strokeColor(ACCENT)
      .stroke();
  }
}

if (import.meta.main) process.stdout.write(await samplePdf());

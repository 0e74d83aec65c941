// Real documents through the real gateway: pages are counted after acceptance, kept, and told to client and monitoring.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { groupOf } from '../../ipp/model.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { read } from '../../ipp/vocabulary/read.ts';
import { peerTest, programPath } from '../peers/require-peer.ts';
import { pdfOf } from '../spool/formats/pages/pdf-files.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const run = promisify(execFile);
const PAGES = 12;

const config = (output: string) => `
queues:
  print: { unowned-jobs: claimable, claimed-names: trust }
printers:
  folder: { uri: "file://${output}" }
limits: { free-disk-floor: 1 MiB }
`;

const gs = (device: string, from: string, to: string) =>
  run(programPath('gs'), [
    '-q',
    '-dBATCH',
    '-dNOPAUSE',
    '-dSAFER',
    `-sDEVICE=${device}`,
    '-r72',
    `-sOutputFile=${to}`,
    from,
  ]);

const peer = peerTest(test, ['gs', 'qpdf']);

peer(
  'PDF, PWG Raster and Apple Raster by Ghostscript, passwords by qpdf; a restart keeps the counts',
  async (t) => {
    t.timeout(120_000);
    const folder = await temporaryFolder(t);
    const path = (name: string) => join(folder, name);
    await writeFile(path('plain.pdf'), await pdfOf(PAGES));
    await gs('pwgraster', path('plain.pdf'), path('plain.pwg'));
    await gs('urf', path('plain.pdf'), path('plain.urf'));
    await gs('pdfwrite', path('plain.pdf'), path('again.pdf'));
    await run(programPath('qpdf'), [
      '--encrypt',
      'user',
      'owner',
      '256',
      '--',
      path('plain.pdf'),
      path('locked.pdf'),
    ]);
    await run(programPath('qpdf'), [
      '--encrypt',
      '',
      'owner',
      '256',
      '--',
      path('plain.pdf'),
      path('open.pdf'),
    ]);
    await run(programPath('qpdf'), ['--object-streams=generate', path('plain.pdf'), path('streams.pdf')]);
    await writeFile(path('cut.pdf'), (await readFile(path('plain.pdf'))).subarray(0, 1500));
    const gateway = await GatewayProcess.start(t, folder, config(path('output')));
    const expected = new Map<number, [pages: number | undefined, flaw: string | undefined]>();
    {
      using client = new PrintClient(gateway.ipp);
      for (const [name, pages, flaw] of [
        ['plain.pdf', PAGES, undefined],
        ['again.pdf', PAGES, undefined],
        ['streams.pdf', PAGES, undefined],
        ['open.pdf', PAGES, undefined],
        ['plain.pwg', PAGES, undefined],
        ['plain.urf', PAGES, undefined],
        ['locked.pdf', undefined, 'document-password-error'],
        ['cut.pdf', undefined, 'document-format-error'],
      ] as const) {
        const octets = await readFile(path(name));
        const answer = await client.ask(Operation.printJob, {}, 'ada', {
          async *chunks() {
            yield octets;
          },
        });
        expected.set(read(groupOf(answer, 'job'), 'job-id') ?? 0, [pages, flaw]);
      }
      for (const id of expected.keys())
        await gateway.logged('pages counted', (line) => line['job-id'] === id);
      await check(client);
    }
    const metrics = await (await fetch(`http://${gateway.web}/metrics`)).text();
    t.regex(metrics, /holdfast_page_counts_total\{outcome="counted"\} 6/);
    t.is(await gateway.kill('SIGTERM'), 0);
    const again = await GatewayProcess.start(t, folder, config(path('output')));
    using client = new PrintClient(again.ipp);
    await check(client);
    t.false(again.log.some((line) => line.event === 'pages counted'));

    async function check(asking: PrintClient): Promise<void> {
      for (const [id, [pages, flaw]] of expected) {
        const job = groupOf(await asking.ask(Operation.getJobAttributes, { 'job-id': id }), 'job');
        t.is(read(job, 'job-impressions'), pages, `${id}`);
        t.is(read(job, 'job-media-sheets'), pages);
        t.is(read(job, 'job-pages'), pages);
        t.is(
          read(job, 'job-state-reasons')?.find((reason) => reason.startsWith('document-')),
          flaw,
        );
      }
    }
  },
);

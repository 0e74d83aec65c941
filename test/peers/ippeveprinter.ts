/** CUPS's ippeveprinter as a printer to print to: real IPP Everywhere, one job at a time, documents kept byte for byte. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBus } from './bus.ts';
import { freePort, listens, PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

/** Programs that {@link startIppEvePrinter} needs, for `peerTest`. */
export const IPPEVEPRINTER_PROGRAMS = ['ippeveprinter', 'dbus-daemon'] as const;

export interface IppEvePrinterOptions {
  /** Media types that it takes. */
  readonly formats?: readonly string[];
  /**
   * What it runs for each job with the file name as argument (`-c`). `/bin/true` unless told: the job completes at
   * once. Lines of `ATTR: name=value` and `STATE: +reason` on its stderr change the printer's attributes.
   */
  readonly command?: string;
  /** Announced by the avahi on this bus; not announced unless told. */
  readonly bus?: string;
  /** What it is called; `Eve` unless told. */
  readonly name?: string;
  /** Port; a free one unless told. */
  readonly port?: number;
  /** The folder of its keys; its own unless told, so that each has another key. */
  readonly keys?: string;
  /** More of its own options. */
  readonly more?: readonly string[];
}

export interface IppEvePrinter extends AsyncDisposable {
  /** `ipp://localhost:PORT/ipp/print` */
  readonly uri: string;
  readonly port: number;
  /** Where it keeps the documents that it got. */
  readonly spool: string;
  /** Paths of the documents that it got, in the order of their names (which begin with the job id). */
  documents(): Promise<string[]>;
  /** What it wrote on its output so far. */
  readonly log: () => string;
  stop(): Promise<void>;
}

const FORMATS = ['application/pdf', 'image/jpeg', 'image/pwg-raster'];
/** The free port may be taken by another test between the look and the start. */
const TRIES = 3;

/** Starts one on a free port of loopback, in its own folder; `stop()` ends it and removes the folder. */
export async function startIppEvePrinter(options: IppEvePrinterOptions = {}): Promise<IppEvePrinter> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-eve-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const spool = join(folder, 'spool');
  await mkdir(spool);
  await mkdir(join(folder, 'ssl'));
  // It wants a D-Bus even when it registers nothing (`-r off`).
  let address = options.bus;
  if (address === undefined) {
    const bus = await startBus(folder);
    stack.use(bus.process);
    address = bus.address;
  }
  const { printer, port } = await startPrinter(folder, spool, address, options);
  stack.use(printer);
  const resources = stack.move();
  return {
    uri: `ipp://localhost:${port}/ipp/print`,
    port,
    spool,
    documents: async () => {
      // What the command writes lies beside them as .prn.
      const names = (await readdir(spool)).filter((name) => !name.endsWith('.prn'));
      return names.sort(byJobId).map((name) => join(spool, name));
    },
    log: () => printer.output,
    stop: () => resources.disposeAsync(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function startPrinter(
  folder: string,
  spool: string,
  bus: string,
  options: IppEvePrinterOptions,
): Promise<{ printer: PeerProcess; port: number }> {
  for (let tries = 1; ; tries++) {
    const port = options.port ?? (await freePort());
    const printer = PeerProcess.start(
      programPath('ippeveprinter'),
      [
        ...(options.bus === undefined ? ['-r', 'off'] : []),
        ...[
          '--no-web-forms',
          '-K',
          options.keys ?? join(folder, 'ssl'),
          '-n',
          'localhost',
          '-p',
          String(port),
        ],
        ...['-d', spool, '-k', '-2', '-s', '20,15', '-f', (options.formats ?? FORMATS).join(',')],
        ...['-c', options.command ?? '/bin/true', ...(options.more ?? [])],
        options.name ?? 'Eve',
      ],
      { DBUS_SYSTEM_BUS_ADDRESS: bus },
    );
    try {
      await printer.until('listening', () => listens(port));
      return { printer, port };
    } catch (error) {
      await printer.stop();
      if (tries === TRIES) throw error;
    }
  }
}

/** `12-Document.pdf` after `2-Document.pdf`. */
function byJobId(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b);
}

/**
 * `/dev/usb/lp0` as a line to a printer. Its reads and writes wait in the kernel for as long as the printer does, and only there is
 * it told whether every octet was taken: two `cat`s wait in place of the gateway's threads, and can be killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { access, type FileHandle, open } from 'node:fs/promises';
import { type Clock, sleep } from '../../../base/clock.ts';
import { Failure, messageOf, systemCode } from '../../../base/errors.ts';
import { printable } from '../../../base/text.ts';
import { Milliseconds } from '../../../base/units.ts';
import type { OpenLink, RawLink } from '../raw/link.ts';

/**
 * Ends with the gateway, however that ends: a `cat` left behind would keep the device from the next gateway, as it would wait for a
 * printer that has nothing to say.
 */
const CAT = ['/usr/bin/setpriv', ['--pdeathsig', 'KILL', '/bin/cat']] as const;
/** A printer with nothing to say may answer a read by nothing, which ends it. */
const READ_AGAIN = Milliseconds(250);

/**
 * @param path of a device that one program at a time can open
 * @param listens whether the printer is to be heard at all
 */
export function lpLink(
  path: string,
  listens: boolean,
  clock: Clock,
): (...wanted: Parameters<OpenLink>) => Promise<LpLink> {
  return async (onData) => {
    const file = await open(path, 'r+').catch((cause) => {
      throw openingFailure(path, cause);
    });
    return new LpLink(path, file, listens ? onData : undefined, clock);
  };
}

function openingFailure(path: string, cause: unknown): Failure {
  switch (systemCode(cause)) {
    case 'EBUSY':
      return new Failure('busy', `another program prints at ${path}`, { cause });
    case 'EACCES':
    case 'EPERM':
      return new Failure('unreachable', `the gateway has no right to ${path}`, {
        cause,
        advice: 'Its user has to be in the group lp, see docs/printers.md',
      });
    default:
      return new Failure('unreachable', `${path} cannot be opened: ${messageOf(cause)}`, { cause });
  }
}

export class LpLink implements RawLink {
  readonly where: string;
  readonly broken: Promise<never>;
  /** Resolves when the device is free again, after {@link close}. */
  readonly freed: Promise<void>;
  readonly #break: (error: Failure) => void;
  readonly #file: FileHandle;
  readonly #writer: ChildProcess;
  readonly #taken: Promise<void>;
  readonly #over = new AbortController();
  readonly #hear: ((octets: Uint8Array) => void) | undefined;
  #reader: ChildProcess | undefined;
  #ended = false;

  constructor(
    path: string,
    file: FileHandle,
    onData: ((octets: Uint8Array) => void) | undefined,
    clock: Clock,
  ) {
    this.where = path;
    this.#file = file;
    this.#hear = onData;
    const broken = Promise.withResolvers<never>();
    this.broken = broken.promise;
    this.broken.catch(() => {});
    this.#break = broken.reject;
    this.#writer = spawn(...CAT, { stdio: ['pipe', file.fd, 'pipe'], env: {}, cwd: '/' });
    this.#writer.stdin?.on('error', () => {});
    this.#taken = this.#written();
    const reading = onData === undefined ? Promise.resolve() : this.#read(clock);
    this.freed = Promise.allSettled([this.#taken, reading]).then(() => file.close());
    this.freed.catch(() => {});
  }

  write(octets: Uint8Array): Promise<void> {
    return new Promise<void>((resolve) => this.#writer.stdin?.write(octets, (error) => !error && resolve()));
  }

  async finish(): Promise<void> {
    this.#ended = true;
    this.#writer.stdin?.end();
    await this.#taken;
  }

  close(): void {
    this.#over.abort();
    this.#writer.kill('SIGKILL');
    this.#reader?.kill('SIGKILL');
  }

  /** The end of the writer is the printer's word for the octets: without an error it has them all. */
  async #written(): Promise<void> {
    let complaint = '';
    this.#writer.stderr?.on('data', (text) => {
      complaint = `${complaint}${text}`.slice(0, 500);
    });
    const code = await exitOf(this.#writer);
    if (code === 0 && this.#ended) return;
    this.#break(new Failure('cut', `the printer took no more: ${printable(complaint.trim(), 200)}`));
    throw new Failure('cut', 'the printer took no more');
  }

  /** For as long as the printer is there. A printer without a way back is one that says nothing. */
  async #read(clock: Clock): Promise<void> {
    while (!this.#over.signal.aborted) {
      this.#reader = spawn(...CAT, { stdio: [this.#file.fd, 'pipe', 'ignore'], env: {}, cwd: '/' });
      this.#reader.stdout?.on('data', (octets) => this.#hear?.(octets));
      const code = await exitOf(this.#reader);
      if (code !== 0) return this.#lookWhetherGone();
      await sleep(clock, READ_AGAIN, this.#over.signal).catch(() => {});
    }
  }

  async #lookWhetherGone(): Promise<void> {
    await access(this.where).catch(() =>
      this.#break(new Failure('cut', `${this.where} is gone: the printer was unplugged or switched off`)),
    );
  }
}

/** The exit code when all that it wrote has been read; undefined when it was killed or never started. */
function exitOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve(code ?? undefined));
  });
}

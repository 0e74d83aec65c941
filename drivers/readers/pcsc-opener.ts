/** pcscd's socket as a link: no library and no add-on is needed. systemd starts pcscd when somebody connects. */
import { connect, type Socket } from 'node:net';
import { messageOf, systemCode } from '../../base/errors.ts';
import { away, type Link, type LinkEvents, type Opener } from './link.ts';
import { ASK_STATES, HELLO, HELLO_OCTETS, readerStates, STATES_OCTETS } from './protocols/pcsc.ts';

export const PCSCD = '/run/pcscd/pcscd.comm';
/** Milliseconds to be told what readers there are. */
const LIST_PATIENCE = 2000;

export interface PcscOptions {
  /** Part of the reader's name. */
  readonly name: string;
  /** pcscd's socket, unless in tests. */
  readonly socket?: string;
}

export class PcscOpener implements Opener {
  readonly place: string;
  readonly #socket: string;

  constructor({ name, socket = PCSCD }: PcscOptions) {
    this.place = `pcsc:${name}`;
    this.#socket = socket;
  }

  async open(events: LinkEvents): Promise<Link> {
    const socket = await opened(this.#socket);
    let over = false;
    let hasSpoken = false;
    socket.on('data', (octets) => {
      hasSpoken = true;
      if (!over) events.octets(octets);
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      if (over) return;
      over = true;
      // It says nothing to whom polkit does not let in.
      if (hasSpoken) events.lost('not-available', 'pcscd has ended');
      else
        events.lost('not-allowed', 'pcscd does not let this process in: see systemd/50-holdfast-pcsc.rules');
    });
    return {
      send(octets) {
        if (!over) socket.write(octets);
      },
      close() {
        over = true;
        return new Promise((resolve) => {
          if (socket.closed) return resolve();
          socket.once('close', () => resolve());
          socket.destroy();
        });
      },
    };
  }
}

/** @throws Failure with an AwayReason */
function opened(path: string): Promise<Socket> {
  const socket = connect(path);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'EACCES') return reject(away('not-allowed', `this process may not connect to ${path}`));
      const isGone = code === 'ENOENT' || code === 'ECONNREFUSED';
      const detail = `pcscd does not run: ${isGone ? `nobody is at ${path}` : messageOf(error)}`;
      reject(away('not-available', detail, 'apt-get install pcscd'));
    });
  });
}

/** The names of the readers that pcscd has; none where it does not run or does not answer. */
export async function pcscReaders(path: string = PCSCD): Promise<string[]> {
  const socket = await opened(path).catch(() => undefined);
  if (socket === undefined) return [];
  const chunks: Buffer[] = [];
  const wanted = HELLO_OCTETS + STATES_OCTETS;
  socket.write(Buffer.concat([HELLO, ASK_STATES]));
  await new Promise<void>((resolve) => {
    socket.setTimeout(LIST_PATIENCE, resolve);
    socket.once('close', () => resolve());
    socket.on('error', () => {});
    socket.on('data', (octets) => {
      chunks.push(octets);
      if (chunks.reduce((sum, { length }) => sum + length, 0) >= wanted) resolve();
    });
  });
  socket.destroy();
  return readerStates(Buffer.concat(chunks).subarray(HELLO_OCTETS)).map(({ name }) => name);
}

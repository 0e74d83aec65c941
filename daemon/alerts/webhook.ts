/** Tells a program of a notice: a JSON object by POST over TLS, never redirected, with a bound on everything. */
import { request } from 'node:https';
import type { PrinterTrouble } from '../../base/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import { Failure, messageOf, systemCode } from '../../base/errors.ts';
import type { FilePort } from '../../base/files/port.ts';
import { readSmallFile } from '../../base/files/small-files.ts';
import type { Milliseconds } from '../../base/units.ts';
import type { Notice } from './notice.ts';

export interface WebhookSettings {
  /** https */
  readonly url: string;
  /** Its first line is a header. */
  readonly headerFile?: string | undefined;
  readonly caFile?: string | undefined;
  /** From the first octet to the answer's last. */
  readonly timeout: Milliseconds;
}

export interface HookBody {
  /** The same whenever it is tried again. */
  readonly id: string;
  readonly gateway: string;
  readonly notice: Notice;
}

const LARGEST_SECRET = 4096;
const LARGEST_CA = 1024 * 1024;
/** RFC 9110 §5.1, §5.5 without what is obsolete. */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*([!-~][ -~\t]{0,3999})$/;
/** Not the administrator's: they frame the request. */
const OURS = /^(host|content-.*|transfer-encoding|connection|expect|te|trailer|upgrade)$/i;

/** Version 1 of what is posted; described in docs/operations.md. */
export function bodyOf({ id, gateway, notice: { event, alert, since, at } }: HookBody): object {
  const { kind, key, message, printer } = alert;
  return {
    version: 1,
    id,
    gateway,
    event,
    kind,
    key,
    message,
    printer:
      printer === undefined
        ? null
        : {
            name: printer.name,
            info: printer.info,
            location: printer.location,
            ...troubleOf(printer.trouble, event),
          },
    since: new Date(since).toISOString(),
    at: new Date(at).toISOString(),
  };
}

function troubleOf(trouble: PrinterTrouble, event: Notice['event']): object {
  switch (trouble.kind) {
    case 'low':
      // How much was left says nothing of what is there now.
      return {
        trouble: 'supply-low',
        supply: trouble.supply,
        level: event === 'cleared' ? null : (trouble.level ?? null),
      };
    case 'reason':
      return { trouble: trouble.reason };
    case 'silent':
      return { trouble: 'does-not-answer' };
    case 'unwatched':
      return { trouble: 'does-not-answer-snmp' };
    case 'impostor':
      return { trouble: 'impostor' };
    default:
      return trouble satisfies never;
  }
}

export class Webhook {
  readonly #files: FilePort;
  readonly #clock: Clock;

  constructor(options: { readonly files: FilePort; readonly clock: Clock }) {
    this.#files = options.files;
    this.#clock = options.clock;
  }

  /** @throws Failure `webhook-failed`, `webhook-file-unreadable`: to be tried again. Never with the header's text. */
  async post(to: WebhookSettings, body: HookBody, signal: AbortSignal): Promise<void> {
    const text = Buffer.from(JSON.stringify(bodyOf(body)));
    const own = to.headerFile === undefined ? {} : await this.#header(to.headerFile);
    const ca = to.caFile === undefined ? {} : { ca: await this.#read(to.caFile, LARGEST_CA) };
    const late = new AbortController();
    const timer = this.#clock.after(to.timeout, () => late.abort());
    try {
      const status = await new Promise<number>((resolve, reject) => {
        const asked = request(
          to.url,
          {
            method: 'POST',
            headers: {
              'Content-Type': 'application/json',
              'Content-Length': text.length,
              'User-Agent': 'Holdfast',
              ...own,
            },
            ...ca,
            agent: false,
            minVersion: 'TLSv1.2',
            signal: AbortSignal.any([late.signal, signal]),
          },
          (answer) => {
            // What it says beside its status is of no use to us, and may be endless.
            answer.on('error', () => {});
            answer.destroy();
            resolve(answer.statusCode ?? 0);
          },
        );
        asked.on('error', reject);
        asked.end(text);
      });
      if (status < 200 || status > 299) throw new Failure('webhook-failed', `answered with HTTP ${status}`);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure(
        'webhook-failed',
        late.signal.aborted ? 'no answer in time' : `not reached: ${reasonOf(error)}`,
      );
    } finally {
      timer.cancel();
    }
  }

  async #header(path: string): Promise<Record<string, string>> {
    const line = (await this.#read(path, LARGEST_SECRET)).split(/\r?\n/, 1)[0] ?? '';
    const [, name = '', value = ''] = HEADER.exec(line.trimEnd()) ?? [];
    if (name === '' || OURS.test(name)) {
      throw new Failure('webhook-file-unreadable', `${path} has no header such as "Authorization: Bearer …"`);
    }
    return { [name]: value };
  }

  async #read(path: string, limit: number): Promise<string> {
    const unreadable = (why: string) => new Failure('webhook-file-unreadable', `${path} ${why}`);
    const content = await readSmallFile(this.#files, path, limit).catch((error: unknown) => {
      throw unreadable(`cannot be read (${systemCode(error) ?? messageOf(error)})`);
    });
    if (content === undefined) throw unreadable('does not exist');
    return content.toString('utf8');
  }
}

/** Node's code where there is one: its messages may hold what was sent. */
const reasonOf = (error: unknown): string =>
  systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');

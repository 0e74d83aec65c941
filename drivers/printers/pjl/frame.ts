/** What goes before and after a document for a printer that speaks PJL (HP, Printer Job Language Technical Reference). */

/** Universal Exit Language: ends whatever language the printer is in; what follows goes to PJL. */
export const EXIT = '\x1b%-12345X';

/** Names in PJL: printable ASCII without the quotation mark, at most 80 (§5, JOB). */
const LONGEST_NAME = 80;

/** Where the language of a document is told: a printer that must guess it may print it as text. */
const LANGUAGES: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'application/postscript': 'POSTSCRIPT',
  'application/vnd.hp-pcl': 'PCL',
  'application/vnd.hp-pclxl': 'PCLXL',
};

/** One job's words to the printer. */
export interface JobFrame {
  /** What the printer says again when it has come to this job: what it said before is of other jobs. */
  readonly token: string;
  /** The name under which the printer tells of the job and its end. */
  readonly name: string;
  /** Before the document. */
  readonly head: Buffer;
  /** Directly behind it. */
  readonly foot: Buffer;
  /** When nothing more is to be told. */
  readonly off: Buffer;
}

/**
 * @param token letters and digits that no other job has
 * @param title from outside; made safe here
 * @param settings whole lines without their end: `@PJL SET COPIES=2`
 */
export function jobFrame(
  token: string,
  title: string,
  format: string,
  settings: readonly string[],
): JobFrame {
  const name = `${token} ${safeName(title)}`.slice(0, LONGEST_NAME).trimEnd();
  const language = LANGUAGES[format];
  return {
    token,
    name,
    head: lines([
      '@PJL USTATUSOFF',
      ...echo(token),
      '@PJL USTATUS JOB=ON',
      '@PJL USTATUS PAGE=ON',
      '@PJL USTATUS DEVICE=ON',
      `@PJL JOB NAME="${name}"`,
      ...settings,
      ...(language === undefined ? [] : [`@PJL ENTER LANGUAGE=${language}`]),
    ]),
    foot: exited([`@PJL EOJ NAME="${name}"`]),
    off: exited(['@PJL USTATUSOFF']),
  };
}

/** Asks a printer for its echo and nothing else. One that does not speak PJL may print these words. */
export const question = (token: string): Buffer => exited(echo(token));

const echo = (token: string): string[] => [`@PJL ECHO ${token}`];

/** The exit must be followed by `@PJL` at once (§2); a document follows these lines. */
const lines = (each: readonly string[]): Buffer =>
  Buffer.from(`${EXIT}@PJL\r\n${each.map((line) => `${line}\r\n`).join('')}`, 'latin1');

const exited = (each: readonly string[]): Buffer => Buffer.concat([lines(each), Buffer.from(EXIT, 'latin1')]);

/** Letters lose their accents; what is no printable ASCII then, and quotation marks, become a blank. */
function safeName(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]|"/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

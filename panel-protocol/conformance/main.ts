// `npm run panel-conformance -- URL [--code CODE] [--key-file FILE] [--ca FILE]`: whether a gateway keeps to the protocol.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf } from '../../base/errors.ts';
import { conformance } from './suite.ts';
import type { Target } from './wire.ts';

const USAGE = `npm run panel-conformance -- URL [--code CODE] [--key-file FILE] [--ca FILE]

  URL         the page of a panel, such as https://print.example.org:8632/panel/test,
              or its secret path
  --code      signs somebody in there who has a held job; that job is printed and kept.
              Without it, what needs somebody signed in is skipped
  --key-file  the key of an enrolled panel; without it, lines over TLS are skipped
  --ca        PEM of the authority that the certificate is checked against

Each check is told as passed, failed or skipped (and why), with their counts at the end.
It ends with 0 when nothing failed, with 1 when something did or nothing passed, with 2 when it was called wrong.
Use a panel of its own: whoever stands there is signed out.
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @throws Error what is wrong with the command line */
function asked(): { target: Target; code?: string } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      code: { type: 'string' },
      'key-file': { type: 'string' },
      ca: { type: 'string' },
    },
  });
  const [address, ...rest] = positionals;
  const url = URL.parse(address ?? '');
  if (url === null || !/^https?:$/.test(url.protocol) || rest.length > 0) throw new Error('one URL, please');
  if (!/^\/(?:panel|p)\/[^/]+$/.test(url.pathname))
    throw new Error('the URL ends with /panel/NAME or /p/SECRET');
  const read = (file: string | undefined) =>
    file === undefined ? undefined : readFileSync(file, 'utf8').trim();
  const key = read(values['key-file']);
  const ca = read(values.ca);
  return {
    target: { url, ...(key === undefined ? {} : { key }), ...(ca === undefined ? {} : { ca }) },
    ...(values.code === undefined ? {} : { code: values.code }),
  };
}

async function main(): Promise<number> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const { target, code } = asked();
  for await (const { transport, title, outcome, why } of conformance(target, code)) {
    counts[outcome]++;
    say(`${outcome.padEnd(7)} ${transport}: ${title}${why === undefined ? '' : ` (${why})`}`);
  }
  say(`panel-conformance: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  },
);

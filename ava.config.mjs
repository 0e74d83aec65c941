// AVA runs the TypeScript tests as they are; Node strips the types. Those of native add-ons have a run of their own.
import { availableParallelism } from 'node:os';

/** What takes longest begins first, so that nothing of it is left over when all else has ended. */
const LONGEST = [
  'daemon/crash',
  'panel-protocol/plain/look',
  'panel-protocol/screens',
  'peers/conformance',
  'panel-protocol/rare-screens',
  'daemon/hostile-ipp',
  'daemon/service',
  'daemon/terminal/terminal',
  'daemon/demo',
  'daemon/planted-secrets',
  'peers/discovery',
  'daemon/printer-trouble',
  'daemon/rekey',
  'panel-protocol/browser',
  'daemon/connect/connect',
  'daemon/submitters',
  'peers/tls',
  'daemon/main-job',
  'peers/panel-in-browser',
].map((name) => `/test/${name}.test.ts`);

const rank = (file) => {
  const at = LONGEST.findIndex((name) => file.endsWith(name));
  return at < 0 ? LONGEST.length : at;
};

export default {
  files: ['test/**/*.test.ts', '!test/**/*.native.test.ts'],
  extensions: ['ts'],
  timeout: '120s',
  // Many wait for a browser, a printer or a timer: with as many files as processors a third of the time nobody works.
  concurrency: availableParallelism() + 1,
  sortTestFiles: (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
};

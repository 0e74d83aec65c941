/**
 * Makes the page's files small, as a process of its own: what it takes of time and memory for that goes with the process.
 * The sources come as JSON on standard input, the result goes as JSON to standard output.
 */
import { json } from 'node:stream/consumers';
import { compactCss, compactScript, shortTexts } from './compact.ts';
import type { Compacted, Sources } from './compacted.ts';

const { css, plainCss, script, keys } = (await json(process.stdin)) as Sources;
const short = shortTexts(script, keys);
const compacted: Compacted = {
  css: compactCss(css),
  plainCss: compactCss(plainCss),
  script: `'use strict';var H;${compactScript(short.script)}`,
  names: Object.fromEntries(short.names),
};
process.stdout.write(JSON.stringify(compacted));

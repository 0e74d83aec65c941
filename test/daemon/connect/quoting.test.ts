// Words that people copy into a shell stay words: checked with a real sh, and by the rules of PowerShell and XML.
import { execFileSync } from 'node:child_process';
import test from 'ava';
import { forPowerShell, forShell, forXml } from '../../../daemon/connect/quoting.ts';

test('sh gets back what was quoted', (t) => {
  for (const word of [
    'plain',
    '',
    "it's",
    '$(touch x)',
    '`id`',
    'a b',
    '!x',
    '"',
    '\\',
    "'; rm -rf /;'",
    '-n',
    '~',
    '#a',
    'ü*?',
  ]) {
    t.is(execFileSync('sh', ['-c', `printf %s ${forShell(word)}`], { encoding: 'utf8' }), word);
  }
});

test('every quote that PowerShell knows is doubled', (t) => {
  t.is(
    forPowerShell("it's \u2018a\u2019 \u201ab\u201b $(x) `n"),
    "'it''s \u2018\u2018a\u2019\u2019 \u201a\u201ab\u201b\u201b $(x) `n'",
  );
});

test('XML keeps its signs apart and has no controls', (t) => {
  t.is(forXml('a<b>&"c"\u0000\u001b\ud800é🖨'), 'a&lt;b&gt;&amp;&quot;c&quot;é🖨');
});

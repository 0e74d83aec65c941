// The conformance suite where it can try only a part: that runs, and all else is told as skipped, with the reason.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { CHECKS } from '../../panel-protocol/conformance/checks.ts';
import { FORM_CHECKS } from '../../panel-protocol/conformance/forms.ts';
import { ROLE_CHECKS } from '../../panel-protocol/conformance/role-checks.ts';
import { conformance } from '../../panel-protocol/conformance/suite.ts';
import { codesPanel } from './browser.ts';
import { panel } from './fakes.ts';
import { identityOfTests, openGateway } from './gateway.ts';

const MAIN = join(import.meta.dirname, '../../panel-protocol/conformance/main.ts');
const OVER_EACH = CHECKS.length + ROLE_CHECKS.length;

test('without a code, what needs none is checked, and the rest is counted as skipped', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  // It rejects when the program ends with anything but 0.
  const { stdout } = await promisify(execFile)(process.execPath, [
    MAIN,
    `http://${gateway.host}/panel/ward-3`,
  ]);
  const lines = stdout.trimEnd().split('\n');
  const told = (outcome: string) => lines.filter((line) => line.startsWith(`${outcome} `));
  for (const line of [
    'passed  websocket: hello is answered by ok, welcome and an idle session',
    'passed  long-poll: nothing is to be had without signing in',
    'passed  forms: an unknown code is refused',
    'skipped websocket: a session: code, list, out; and nothing after it (no --code was given)',
    'skipped forms: a form works once (no --code was given)',
    'skipped lines: ids must grow (the URL is not https:)',
  ]) {
    t.true(lines.includes(line), line);
  }
  t.is(told('skipped').filter((line) => line.startsWith('skipped lines: ')).length, OVER_EACH);
  const [passed, skipped] = [told('passed').length, told('skipped').length];
  // By polling one thing cannot be checked: what is told twice.
  t.is(passed + skipped, 3 * OVER_EACH - 1 + FORM_CHECKS.length);
  t.is(lines.at(-1), `panel-conformance: ${passed} passed, 0 failed, ${skipped} skipped`);
});

test('over TLS without a key, and where no codes are taken', async (t) => {
  const gateway = await openGateway(t, { tls: true, panels: [panel({ signIn: ['badge'] })] });
  const { certificate: ca } = await identityOfTests();
  const url = new URL(`https://${gateway.host}/panel/ward-3`);
  const results = [];
  for await (const result of conformance({ url, ca })) results.push(result);
  t.deepEqual(
    results.filter(({ outcome }) => outcome === 'failed'),
    [],
  );
  t.deepEqual(
    [...new Set(results.filter(({ transport }) => transport === 'lines').map(({ why }) => why))],
    ['no --key-file was given'],
  );
  t.deepEqual(
    results.filter(({ title }) => title === 'an unknown code is refused').map(({ why }) => why),
    [
      'the panel takes no codes',
      'the panel takes no codes',
      'no --key-file was given',
      'the panel takes no codes',
    ],
  );
});

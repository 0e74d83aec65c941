// Printers that want a user name and a password.
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Failure } from '../../../base/errors.ts';
import { Secret } from '../../../base/secrets/secret.ts';
import { Seconds } from '../../../base/units.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import { sampleIdentity } from '../../base/http/tls/sample-identity.ts';
import { patternedDocument, RecordedJob } from '../../contracts/printer-driver.ts';
import { FaultyIppPrinter, type IppFaults } from '../../simulators/faulty-ipp-printer.ts';

const never = new AbortController().signal;
const DOCUMENT = patternedDocument(300_000);
const RIGHT = { user: 'print "er"', password: 'pass:wörd' };
const digest = { ...RIGHT, scheme: 'Digest' } as const;

async function setUp(t: ExecutionContext, faults: IppFaults, password = async () => RIGHT.password) {
  const printer = await FaultyIppPrinter.start(faults);
  t.teardown(() => printer.stop());
  const driver = new IppPrinter({
    uri: printer.uri,
    answerTime: Seconds(10),
    stallTime: Seconds(60),
    clock: systemClock,
    login: { user: RIGHT.user, password: async () => new Secret(await password()) },
  });
  t.teardown(() => driver.close());
  const print = () => driver.print(new RecordedJob('application/pdf', { document: DOCUMENT }), never);
  return { printer, driver, print };
}

test('Digest: status and jobs, each document once', async (t) => {
  const { printer, driver, print } = await setUp(t, { login: digest });
  t.true((await driver.status(never)).acceptingJobs);
  t.is((await print()).outcome, 'completed');
  t.is((await print()).outcome, 'completed');
  t.deepEqual(printer.printed, [DOCUMENT.length, DOCUMENT.length]);
});

test('Digest with a nonce for each request: refused before the document leaves, never after', async (t) => {
  const { printer, print } = await setUp(t, { login: { ...digest, once: true } });
  t.is((await print()).outcome, 'completed');
  t.is((await print()).outcome, 'completed');
  t.deepEqual(printer.printed, [DOCUMENT.length, DOCUMENT.length]);
  t.is(printer.octets, 2 * DOCUMENT.length);
});

test('Basic over TLS; over a plain connection the password stays here', async (t) => {
  const { key, certificate } = await sampleIdentity();
  const login = { ...RIGHT, scheme: 'Basic' } as const;
  const secure = await setUp(t, { login, tls: { key: key.reveal(), cert: certificate } });
  t.is((await secure.print()).outcome, 'completed');
  const open = await setUp(t, { login });
  const result = await open.print();
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'refused' } });
  t.regex('trouble' in result ? result.trouble.detail : '', /Basic, over a connection that is not encrypted/);
});

test('a wrong password: refused, nothing leaves, and it is read anew for the next try', async (t) => {
  const passwords = ['wrong', 'wrong', 'wrong'];
  const { printer, print } = await setUp(
    t,
    { login: digest },
    async () => passwords.shift() ?? RIGHT.password,
  );
  const result = await print();
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'refused' } });
  t.false(JSON.stringify(result).includes('wrong'));
  t.is(printer.octets, 0);
  t.is((await print()).outcome, 'completed');
});

test('a password that cannot be read: refused, and the reason is told', async (t) => {
  const unreadable = async (): Promise<string> => {
    throw new Failure('secret-unreadable', '/etc/holdfast/mfp does not exist');
  };
  const { driver, print } = await setUp(t, { login: digest }, unreadable);
  const result = await print();
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'refused' } });
  await t.throwsAsync(driver.status(never), {
    code: 'refused',
    message: /\/etc\/holdfast\/mfp does not exist/,
  });
});

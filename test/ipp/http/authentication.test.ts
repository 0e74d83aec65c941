// Proofs for printers that want a password: the RFC's own examples, and what may not be answered.
import { createHash } from 'node:crypto';
import test from 'ava';
import { Secret } from '../../../base/secrets/secret.ts';
import { Authentication } from '../../../ipp/http/authentication.ts';

const login = { user: 'Mufasa', password: async () => new Secret('Circle of Life') };
const OWN = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const COMMON =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const MD5 = `Digest ${COMMON}, algorithm=MD5`;
const SHA256 = `Digest ${COMMON}, algorithm=SHA-256`;

// RFC 7616 §3.9.1
for (const [challenge, response] of [
  [MD5, '8ca523f5e9506fed4657c9700eebdbec'],
  [`${MD5}, ${SHA256}`, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  [`Basic realm="x, y", ${SHA256}`, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const) {
  test(`digest: ${challenge.slice(0, 20)}… ${response.slice(0, 8)}`, async (t) => {
    const authentication = new Authentication(login, true, () => OWN);
    t.is(authentication.header('GET', '/dir/index.html'), undefined);
    await authentication.take(challenge);
    const header = authentication.header('GET', '/dir/index.html') ?? '';
    t.true(header.includes(`response="${response}"`), header);
    t.regex(header, /nc=00000001, .*opaque="FQhe/);
    t.regex(authentication.header('GET', '/dir/index.html') ?? '', /nc=00000002/, 'each request counts');
  });
}

// RFC 7616 §3.9.2 with the response of erratum 4897: the RFC's own is of SHA-512 cut to 256 bits.
test('digest of a name beyond ASCII: as the printer says that it reads it', async (t) => {
  const named = { user: 'J\u00e4s\u00f8n Doe', password: async () => new Secret('Secret, or not?') };
  const own = 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v';
  const authentication = new Authentication(named, false, () => own);
  await authentication.take(
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
  );
  const header = authentication.header('GET', '/doe.json') ?? '';
  t.true(header.startsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm="), header);
  t.true(
    header.includes('response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"'),
    header,
  );
  t.is(authentication.doubt, undefined);
});

const POLISH = '\u0141ukasz';
const COMPOSED = 'za\u017c\u00f3\u0142\u0107';

for (const [challenge, username, isSure] of [
  ['Digest realm="r", nonce="n", charset="utf-8"', `username*=UTF-8''%C5%81ukasz`, true],
  // As browsers and curl do.
  ['Digest realm="r", nonce="n"', 'username="\u00c5\u0081ukasz"', false],
] as const) {
  test(`letters beyond ASCII, composed or not: ${challenge}`, async (t) => {
    for (const form of ['NFC', 'NFD'] as const) {
      const letters = {
        user: POLISH.normalize(form),
        password: async () => new Secret(COMPOSED.normalize(form)),
      };
      const authentication = new Authentication(letters, false);
      await authentication.take(challenge);
      const header = authentication.header('POST', '/ipp') ?? '';
      t.true(header.startsWith(`Digest ${username}, `), header);
      const md5 = (text: string) => createHash('md5').update(text).digest('hex');
      const response = md5(`${md5(`${POLISH}:r:${COMPOSED}`)}:n:${md5('POST:/ipp')}`);
      t.true(header.includes(`response="${response}"`), header);
      t.is(authentication.doubt === undefined, isSure);
    }
  });
}

test('what a name has that a header has not is escaped', async (t) => {
  const odd = { user: `"*'(%\\) ${POLISH}`, password: async () => new Secret('x') };
  const authentication = new Authentication(odd, false);
  await authentication.take('Digest realm="r", nonce="n", charset=UTF-8');
  t.regex(
    authentication.header('POST', '/') ?? '',
    /^Digest username\*=UTF-8''%22%2A%27%28%25%5C%29%20%C5%81ukasz, /,
  );
  await authentication.take('Digest realm="r", nonce="n"');
  t.true(
    authentication.header('POST', '/')?.startsWith('Digest username="\\"*\'(%\\\\) \u00c5\u0081ukasz", '),
  );
});

test('Basic tells letters beyond ASCII as UTF-8, composed', async (t) => {
  const letters = { user: POLISH, password: async () => new Secret(COMPOSED.normalize('NFD')) };
  const authentication = new Authentication(letters, true);
  for (const [challenge, isSure] of [
    ['Basic realm="r"', false],
    ['Basic realm="r", charset="UTF-8"', true],
  ] as const) {
    await authentication.take(challenge);
    const proof = Buffer.from(`${POLISH}:${COMPOSED}`).toString('base64');
    t.is(authentication.header('POST', '/'), `Basic ${proof}`);
    t.is(authentication.doubt === undefined, isSure);
  }
});

test('Basic goes over TLS only', async (t) => {
  const secure = new Authentication(login, true);
  await secure.take('Basic realm="printer"');
  t.is(secure.header('POST', '/'), `Basic ${Buffer.from('Mufasa:Circle of Life').toString('base64')}`);
  const open = new Authentication(login, false);
  await t.throwsAsync(open.take('Basic realm="printer"'), {
    code: 'login-impossible',
    message: /not encrypted/,
  });
  t.is(open.header('POST', '/'), undefined);
});

for (const challenge of [
  '',
  'Negotiate',
  'NTLM TlRMTVNTUAAC',
  'Digest realm="x"',
  'Digest realm="x", nonce="1", algorithm=MD5-sess',
  'Digest realm="x", nonce="1", qop="auth-int"',
  'Digest realm="x\u00e9", nonce="1"',
  `Digest realm="${'x'.repeat(5000)}", nonce="1"`,
]) {
  test(`not answered: ${challenge.slice(0, 60)}`, async (t) => {
    await t.throwsAsync(new Authentication(login, true).take(challenge), { code: 'login-impossible' });
  });
}

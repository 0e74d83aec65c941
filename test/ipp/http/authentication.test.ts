// Proofs for printers that want a password: the RFC's own examples, and what may not be answered.
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
  'Digest realm="x", nonce="1", algorithm=SHA-512-256',
  'Digest realm="x", nonce="1", qop="auth-int"',
  'Digest realm="x\u00e9", nonce="1"',
  `Digest realm="${'x'.repeat(5000)}", nonce="1"`,
]) {
  test(`not answered: ${challenge.slice(0, 60)}`, async (t) => {
    await t.throwsAsync(new Authentication(login, true).take(challenge), { code: 'login-impossible' });
  });
}

// URIs of printers: where they lead, and which are none.
import test from 'ava';
import { hostHeader, parsePrinterUri } from '../../../ipp/http/printer-uri.ts';

const GOOD: Record<string, [secure: boolean, host: string, port: number, path: string, header: string]> = {
  'ipp://printer.example.org/ipp/print': [
    false,
    'printer.example.org',
    631,
    '/ipp/print',
    'printer.example.org:631',
  ],
  'IPPS://Printer.Example.org': [true, 'printer.example.org', 631, '/', 'printer.example.org:631'],
  'ipp://printer:80/a%20b?c=d': [false, 'printer', 80, '/a%20b?c=d', 'printer'],
  'ipps://printer:443/': [true, 'printer', 443, '/', 'printer'],
  'http://10.0.0.7:631/ipp': [false, '10.0.0.7', 631, '/ipp', '10.0.0.7:631'],
  'http://printer/': [false, 'printer', 80, '/', 'printer'],
  'https://printer/': [true, 'printer', 443, '/', 'printer'],
  'ipps://[fe80::1]/ipp/print': [true, 'fe80::1', 631, '/ipp/print', '[fe80::1]:631'],
  'https://[::1]:443/': [true, '::1', 443, '/', '[::1]'],
};

for (const [uri, [secure, host, port, path, header]] of Object.entries(GOOD)) {
  test(`${uri} leads to ${host}`, (t) => {
    const address = parsePrinterUri(uri);
    t.deepEqual(address, { secure, host, port, path });
    t.is(hostHeader(address), header);
  });
}

const BAD: Record<string, RegExp> = {
  '': /no ipp, ipps, http or https URI/,
  'printer.example.org': /no ipp, ipps/,
  'ipp:printer': /no ipp, ipps/,
  'ipp:///ipp/print': /no ipp, ipps/,
  'socket://printer:9100': /no ipp, ipps/,
  'javascript://printer/': /no ipp, ipps/,
  'ipp://printer:99999/': /not a URI/,
  'ipp://a b/': /not a URI/,
  'ipp://user:secret@printer/': /credentials/,
  'ipp://user@printer/': /credentials/,
  'ipp://printer/#x': /fragment/,
  'ipp://[::1/': /not a URI/,
};

for (const [uri, message] of Object.entries(BAD)) {
  test(`'${uri}' is refused: ${message.source}`, (t) => {
    t.throws(() => parsePrinterUri(uri), { code: 'bad-uri', message });
  });
}

test('a secret in a URI is not shown', (t) => {
  const failure = t.throws(() => parsePrinterUri('ipp://user:secret@printer/'));
  t.false(failure.message.includes('secret'), failure.message);
});

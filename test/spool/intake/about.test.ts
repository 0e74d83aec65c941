// What a browser finds on the port of the print clients: icons that are PNG, and a page that shows what varies as text.
import { inflateSync } from 'node:zlib';
import test from 'ava';
import { ICON_SIZES, icon } from '../../../spool/intake/about/icon.ts';
import { queuePage } from '../../../spool/intake/about/page.ts';

for (const size of ICON_SIZES) {
  test(`the icon of ${size} pixels`, (t) => {
    const png = icon(size);
    t.is(png.toString('latin1', 1, 4), 'PNG');
    t.is(png.readUInt32BE(16), size);
    t.is(png.readUInt32BE(20), size);
    const data = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
    t.is(rows.length, size * (size + 1));
    t.true(new Set(rows).size >= 5, 'all colours of the palette are seen');
    t.is(icon(size), png);
  });
}

test('nothing in the page is markup that came from outside', (t) => {
  const evil = '<script>"&';
  const page = queuePage({
    queue: {
      name: 'print',
      info: evil,
      location: evil,
      printers: [],
      release: 'at-panel',
      authentication: 'optional',
      tokensWithoutTls: 'refuse',
      claimedNames: 'ignore',
      unownedJobs: 'refuse',
    },
    printerUri: `ipp://${evil}/ipp/print`,
    state: evil,
    formats: ['application/pdf', evil],
    icon: '/icon.png',
  });
  t.false(page.includes('<script'));
  t.regex(page, /<h1>&lt;script&gt;&quot;&amp;<\/h1>/);
  t.regex(page, /It takes PDF, &lt;script/);
});

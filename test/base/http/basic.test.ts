import test from 'ava';
import { parseBasic } from '../../../base/http/basic.ts';

const base64 = (text: string | Buffer) => Buffer.from(text as string).toString('base64');

const ROWS: readonly [header: string | undefined, name?: string, password?: string][] = [
  // RFC 7617 §2 and §2.1
  ['Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'Aladdin', 'open sesame'],
  ['Basic dGVzdDoxMjPCow==', 'test', '123£'],
  ['basic QWxhZGRpbjpvcGVuIHNlc2FtZQ', 'Aladdin', 'open sesame'],
  [`BASIC  ${base64('a:b:c')} `, 'a', 'b:c'],
  [`Basic ${base64(':')}`, '', ''],
  [undefined],
  [''],
  ['Basic'],
  ['Basic !!!!'],
  ['Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  [`Basic ${base64('no colon')}`],
  [`Basic ${base64('a:b\r\nc')}`],
  [`Basic ${base64(Buffer.from([0x61, 0x3a, 0xa3]))}`],
  [`Basic ${base64(`a:${'x'.repeat(2000)}`)}`],
];

for (const [header, userName, password] of ROWS) {
  test(`${header?.slice(0, 50)} is ${userName === undefined ? 'nothing' : `${userName} and ${password}`}`, (t) => {
    t.deepEqual(
      parseBasic(header),
      userName === undefined ? undefined : { userName, password: password ?? '' },
    );
  });
}

// Who may post swipes: by key, by address, and not without TLS from another machine; each refusal has its reason in the log.
import type { IncomingMessage } from 'node:http';
import test from 'ava';
import { ReaderRoute } from '../../daemon/reader-route.ts';
import { NetworkReader } from '../../drivers/readers/network-reader.ts';
import { ReaderKey, WrongKeys } from '../../drivers/readers/reader-keys.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingLog } from '../recording-log.ts';

const KEY = 'a-key-of-this-reader-0815';

function route(plainHttp: 'refuse' | 'allow') {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const reader = new NetworkReader(clock, { state: 'ready' });
  const config = { kind: 'http', plainHttp } as never;
  const proof = { key: new ReaderKey(KEY), addresses: ['10.1.2.0/24'] };
  const find = (name: string) => (name === 'door' ? { config, reader, proof } : undefined);
  const { authenticate } = new ReaderRoute({ find, wrongKeys: new WrongKeys(clock), clock, log });
  const ask = (address: string, secure: boolean, key?: string, name = 'door') => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const request = { headers } as IncomingMessage;
    const answer = authenticate({ request, parameters: { reader: name }, address, secure });
    return answer === true ? 'taken' : (answer as { readonly text: string }).text;
  };
  const reasons = () => log.of('reader was refused').map(({ reason }) => reason);
  return { ask, reasons, log };
}

test('a reader on another machine is refused without TLS, unless the configuration allows it', (t) => {
  const strict = route('refuse');
  t.is(strict.ask('10.1.2.9', true, KEY), 'taken');
  t.is(strict.ask('10.1.2.9', false, KEY), 'readers use https here');
  t.deepEqual(strict.reasons(), ['plain HTTP']);
  t.false(strict.log.text.includes(KEY));
  t.is(route('allow').ask('10.1.2.9', false, KEY), 'taken');
});

test('who is not that reader hears the same whatever is wrong, TLS or not', (t) => {
  for (const secure of [true, false]) {
    const { ask } = route('refuse');
    t.is(ask('10.1.2.9', secure, 'another-key-0123456789'), 'not that reader');
    t.is(ask('10.1.2.9', secure), 'not that reader');
    t.is(ask('10.9.9.9', secure, KEY), 'not that reader');
    t.is(ask('10.1.2.9', secure, KEY, 'nobody'), 'not that reader');
  }
});

test('an address with ten wrong keys in a minute is not listened to, with the right one neither', (t) => {
  const { ask } = route('refuse');
  for (let wrong = 0; wrong < 10; wrong++) ask('10.1.2.9', true, `wrong-key-number-${wrong}-0815`);
  t.is(ask('10.1.2.9', true, KEY), 'too many wrong keys');
  t.is(ask('10.1.2.8', true, KEY), 'taken');
});

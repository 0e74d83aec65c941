// What a request proves by its address, where identity has moved on meanwhile.
import test from 'ava';
import type { RequestExchange } from '../../../base/http/routes.ts';
import type { Token } from '../../../identity/tokens/token.ts';
import { enter, type Submitters } from '../../../spool/intake/entrance.ts';
import type { Queue } from '../../../spool/queue.ts';
import { FewPeople } from '../../identity/few-people.ts';
import { ADA } from '../sample-job.ts';

const OF_ADA = { id: 'a', kind: 'personal', person: ADA, label: 'x', queues: [], networks: [], createdAt: 0 };

test('a token whose person is gone proves nothing and leads nowhere, even before it is revoked', async (t) => {
  const people = new FewPeople();
  const submitters: Submitters = {
    passwords: { verifyPassword: () => Promise.reject(new Error('not asked')) },
    tokens: { find: () => ({ found: true, token: OF_ADA as unknown as Token }), isLive: () => true },
    person: (id) => people.person(id),
  };
  const exchange = {
    request: { headers: {} },
    parameters: { queue: 'print', entrance: 'secret' },
    address: '192.0.2.7',
    secure: true,
  } as unknown as RequestExchange;
  const queues = new Map([['print', { name: 'print' } as Queue]]);
  t.like(await enter(exchange, queues, submitters), { kind: 'token', proof: { verified: ADA } });
  people.remove(ADA);
  const entrance = await enter(exchange, queues, submitters);
  t.is(entrance.kind, 'nowhere');
  t.is(entrance.proof.verified, undefined);
});

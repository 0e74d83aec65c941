// A printer's SNMP side by a real snmpd: read over v2c and v3, and what is said when it cannot be.
import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { systemClock } from '../../base/clock.ts';
import type { Failure } from '../../base/errors.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { Milliseconds, Seconds } from '../../base/units.ts';
import { type SnmpAccess, SnmpObserver } from '../../drivers/printers/snmp/snmp-observer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { peerTest } from './require-peer.ts';
import { ALERT, SNMP_USER, SNMPD_PROGRAMS, SUPPLY_LEVEL, startSnmpd } from './snmpd.ts';

const snmpd = peerTest(test, SNMPD_PROGRAMS);
const never = new AbortController().signal;

const observer = (port: number, access: SnmpAccess, timeout = Seconds(5)) =>
  new SnmpObserver({
    target: { host: '127.0.0.1', port, timeout },
    access,
    files: nodeFiles,
    clock: systemClock,
  });

snmpd('levels, trays, alerts and the counter are read over v2c and v3 alike', async (t) => {
  const agent = await startSnmpd(t);
  const v3 = {
    version: 'v3',
    user: SNMP_USER,
    authentication: 'sha',
    authenticationPasswordFile: agent.authenticationPasswordFile,
    privacy: 'aes',
    privacyPasswordFile: agent.privacyPasswordFile,
  } as const;
  const overV2c = observer(agent.port, { version: 'v2c', communityFile: agent.communityFile });
  const told = await overV2c.observe(never);
  t.deepEqual(told, {
    state: 'processing',
    reasons: ['media-empty-error'],
    supplies: [
      { name: 'Black Toner', type: 'toner', colorant: 'black', level: 19 },
      { name: 'Cyan Toner', type: 'toner', colorant: 'cyan', level: 88 },
      { name: 'Waste Box', type: 'wasteToner', colorant: 'none', level: -3 },
    ],
    trays: [{ name: 'Tray 1', level: 250, capacity: 500 }],
    notes: [],
    impressions: 123456,
  });
  t.deepEqual(await observer(agent.port, v3).observe(never), told);

  await agent.edit({
    [`${SUPPLY_LEVEL}.1`]: 3,
    [`${SUPPLY_LEVEL}.2`]: undefined,
    [`${ALERT}.2.1.1`]: 4,
    [`${ALERT}.7.1.1`]: 1104,
    [`${ALERT}.8.1.1`]: 'Black toner low',
    [`${ALERT}.2.1.2`]: 3,
    [`${ALERT}.7.1.2`]: 9999,
    [`${ALERT}.8.1.2`]: 'Call\u001b[2J service',
  });
  const after = await overV2c.observe(never);
  t.deepEqual(
    after.supplies.map(({ level }) => level),
    [3, -2, -3],
  );
  t.deepEqual(after.reasons, ['media-empty-error', 'toner-low-warning', 'other-error']);
  t.is(after.notes[0], 'Black toner low');
  t.notRegex(after.notes[1] ?? '', /\p{Cc}/u);

  const folder = await temporaryFolder(t);
  const wrong = join(folder, 'wrong');
  await writeFile(wrong, 'not-the-password\n');
  const quick = Milliseconds(200);
  await t.throwsAsync(observer(agent.port, { version: 'v2c', communityFile: wrong }, quick).observe(never), {
    code: 'snmp-timeout',
    message: /another community$/,
  });
  const refused = await t.throwsAsync(
    observer(agent.port, { ...v3, authenticationPasswordFile: wrong }).observe(never),
    { code: 'snmp-refused' },
  );
  t.notRegex(`${refused?.stack}`, /not-the-password/);
  await t.throwsAsync(
    observer(agent.port, { version: 'v2c', communityFile: join(folder, 'none') }).observe(never),
    {
      code: 'secret-unreadable',
    },
  );
});

test('an agent that answers with garbage, out of order or from elsewhere brings nothing down', async (t) => {
  const agent = createSocket('udp4');
  t.teardown(() => agent.close());
  await new Promise<void>((resolve) => agent.bind(0, '127.0.0.1', () => resolve()));
  const { port } = agent.address();
  const elsewhere = createSocket('udp4');
  t.teardown(() => elsewhere.close());
  const answers: ((question: Buffer) => Buffer)[] = [
    () => Buffer.alloc(0),
    () => Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
    (question) => question.subarray(0, question.length - 3),
    () => Buffer.alloc(2000, 0x30),
    // The question itself, with its type changed to a response: the OID that was asked, which is no progress.
    (question) => {
      const answer = Buffer.from(question);
      answer[answer.indexOf(0xa5)] = 0xa2;
      return answer;
    },
  ];
  const quick = Milliseconds(100);
  for (const [index, answer] of answers.entries()) {
    agent.removeAllListeners('message');
    agent.on('message', (question, from) => {
      elsewhere.send(Buffer.alloc(3), from.port, from.address);
      agent.send(answer(question), from.port, from.address);
    });
    const failed = await t.throwsAsync(observer(port, { version: 'v2c' }, quick).observe(never));
    t.regex((failed as Failure).code, /^snmp-(timeout|unusable)$/, `answer ${index}`);
  }
});

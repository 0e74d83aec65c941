// By what a printer that was found is pinned: its key, or what it answers; never what was only announced, unless it cannot be asked.
import test from 'ava';
import { parseConfig } from '../../config/load.ts';
import { LiveConfig } from '../../daemon/live-config.ts';
import { pinOfFound } from '../../daemon/pinning.ts';
import { devicesOf, type FoundDevice, type FoundService } from '../../drivers/discovery/found.ts';
import type { ProbeAnswer } from '../../drivers/discovery/probe.ts';

const KEY = 'ab'.repeat(32);
const UUID = '11111111-2222-4333-8444-555555555555';
const OTHER = UUID.replace('1', '2');
const DEVICE_ID = 'MFG:HP;MDL:LaserJet;';

const ROOMS = {
  live: new LiveConfig(parseConfig('queues: { q: { unowned-jobs: claimable } }', 'f').config),
  pins: { all: () => [], get: () => undefined },
  isOurPlace: (host: string) => host === '10.0.0.1',
};

function found(type: FoundService['type'], txt: Partial<FoundService['txt']> = {}, address = '10.0.0.7') {
  const service = { type, name: 'Office', host: 'eve.local', port: 631, address, onLink: true, heardAt: 0 };
  return devicesOf([{ ...service, txt: { formats: [], ...txt } }])[0] as FoundDevice;
}

const told = (facts: object): ProbeAnswer => ({ description: facts as never });
const pin = (device: FoundDevice, answer: ProbeAnswer) =>
  pinOfFound(ROOMS, 'ward-3', { state: 'quarantine', device, answer }, 7);

test('a printer with TLS is pinned by its key, one without by what it answers', (t) => {
  const secure = pin(found('_ipps', { uuid: UUID }), {
    key: KEY,
    ...told({ uuid: `urn:uuid:${OTHER.toUpperCase()}` }),
  });
  t.like(secure, {
    name: 'ward-3',
    uri: 'ipps://10.0.0.7:631/ipp/print',
    key: KEY,
    uuid: OTHER,
    pinnedAt: 7,
  });
  const plain = pin(found('_ipp', { uuid: UUID }), told({ uuid: `urn:uuid:${OTHER}`, deviceId: DEVICE_ID }));
  t.like(plain, { key: undefined, uuid: OTHER, deviceId: undefined });
  const old = pin(found('_ipp', { uuid: UUID }), told({ uuid: 'urn:uuid:none', deviceId: DEVICE_ID }));
  t.like(old, { uuid: undefined, deviceId: DEVICE_ID }, 'a UUID that is none is none');
  const raw = pin(found('_pdl-datastream', { uuid: UUID, formats: ['application/pdf'] }), {
    trouble: 'no IPP',
  });
  t.like(raw, { uri: 'socket://10.0.0.7:631', uuid: UUID, formats: ['application/pdf'] });
});

test('what nothing is known of, or leads back, or cannot be printed to, is not pinned', (t) => {
  const refused = (device: FoundDevice, answer: ProbeAnswer, message: RegExp) =>
    t.throws(() => pin(device, answer), { code: 'bad-pin', message });
  refused(found('_ipps', { uuid: UUID }), { trouble: 'off' }, /did not show its key: off/);
  refused(found('_ipp', { uuid: UUID }), { trouble: 'off' }, /did not say who it is: off/);
  refused(found('_ipp', { uuid: UUID }), told({}), /neither TLS nor a UUID/);
  refused(found('_pdl-datastream', { formats: ['application/pdf'] }), {}, /neither TLS nor a UUID/);
  refused(found('_pdl-datastream', { uuid: UUID }), {}, /which formats/);
  refused(found('_printer', { uuid: UUID }), {}, /cannot be printed to/);
  refused(found('_ipps', { uuid: UUID }, '10.0.0.1'), { key: KEY }, /leads back/);
});

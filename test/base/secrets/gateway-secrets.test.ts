// The gateway's secrets: made once, opened by the key file only, and the same ones whenever a rotation is cut off.
import test from 'ava';
import type { FilePort } from '../../../base/files/port.ts';
import { GatewaySecrets, PURPOSES } from '../../../base/secrets/gateway-secrets.ts';
import type { SecretStore } from '../../../base/secrets/tables.ts';
import { RecordingFiles } from '../../simulators/recording-files.ts';

const PATH = '/keys/gateway.key';

/** What the database keeps, whatever becomes of the process. */
class Rows {
  kept = new Map<string, Uint8Array>();

  store(): SecretStore {
    return {
      all: async () => [...this.kept].map(([purpose, sealed]) => ({ purpose, sealed })),
      put: async (secrets) => {
        for (const { purpose, sealed } of secrets) this.kept.set(purpose, sealed);
      },
    };
  }
}

const plain = ({ kept }: Rows) =>
  [...kept].map(([purpose, sealed]) => [purpose, Buffer.from(sealed).toString('hex')]);
const reveal = (secrets: GatewaySecrets) => PURPOSES.map((each) => secrets.of(each).reveal().toString('hex'));
const keyOf = (files: RecordingFiles) => {
  let key = '';
  files.edit(PATH, (content) => {
    key = content.toString();
    return content;
  });
  return key;
};

test('made once, each another, and opened again', async (t) => {
  const files = new RecordingFiles();
  const store = new Rows().store();
  const made = reveal(await GatewaySecrets.open({ files, path: PATH, store }));
  t.is(new Set(made).size, PURPOSES.length);
  t.deepEqual(reveal(await GatewaySecrets.open({ files: files.powerCut(), path: PATH, store })), made);
  t.false(made.some((secret) => files.everything().includes(secret)));
});

test('a rotation gives another file, the same secrets, and leaves the old key nothing to open', async (t) => {
  const files = new RecordingFiles();
  const rows = new Rows();
  const store = rows.store();
  const secrets = await GatewaySecrets.open({ files, path: PATH, store });
  const before = keyOf(files);
  await secrets.rotate();
  t.not(keyOf(files), before);
  t.deepEqual(files.paths, [PATH]);
  t.deepEqual(
    reveal(await GatewaySecrets.open({ files: files.powerCut(), path: PATH, store })),
    reveal(secrets),
  );
  files.edit(PATH, () => Buffer.from(before));
  const sealed = plain(rows);
  await t.throwsAsync(GatewaySecrets.open({ files, path: PATH, store }), { code: 'gateway-key-wrong' });
  t.deepEqual(plain(rows), sealed, 'nothing is made anew under a wrong key');
  await files.remove(PATH);
  await t.throwsAsync(GatewaySecrets.open({ files, path: PATH, store }), { code: 'gateway-key-missing' });
});

test('two rotations at once: the second is refused', async (t) => {
  const secrets = await GatewaySecrets.open({
    files: new RecordingFiles(),
    path: PATH,
    store: new Rows().store(),
  });
  const first = secrets.rotate();
  await t.throwsAsync(secrets.rotate(), { code: 'rotation-running' });
  await first;
});

test('a folder that takes no new file: the old key stays', async (t) => {
  const files = new RecordingFiles();
  const store = new Rows().store();
  const secrets = await GatewaySecrets.open({ files, path: PATH, store });
  const before = keyOf(files);
  files.failWrites = 'EROFS';
  await t.throwsAsync(secrets.rotate(), { code: 'gateway-key-not-replaced', message: /EROFS/ });
  files.failWrites = undefined;
  t.is(keyOf(files), before);
  t.deepEqual(reveal(await GatewaySecrets.open({ files, path: PATH, store })), reveal(secrets));
});

test('cut off before or after any step, with or without a power cut, a start finds the same secrets', async (t) => {
  const steps = await stepsOfRotation();
  t.true(steps >= 6, `${steps} steps`);
  for (let cut = 1; cut <= steps; cut++) {
    for (const when of ['before', 'after'] as const) {
      for (const power of [false, true]) {
        const files = new RecordingFiles();
        const rows = new Rows();
        const made = reveal(await GatewaySecrets.open({ files, path: PATH, store: rows.store() }));
        const breaker = new Breaker(cut, when);
        const broken = { files: breaker.around(files), path: PATH, store: breaker.around(rows.store()) };
        const secrets = await GatewaySecrets.open(broken);
        breaker.armed = true;
        await t.throwsAsync(secrets.rotate());
        const left = power ? files.powerCut() : files;
        const label = `step ${cut}, ${when}, power ${power}`;
        const opened = await GatewaySecrets.open({ files: left, path: PATH, store: rows.store() });
        t.deepEqual(reveal(opened), made, label);
        t.deepEqual(left.paths, [PATH], label);
        await opened.rotate();
        t.deepEqual(
          reveal(await GatewaySecrets.open({ files: left, path: PATH, store: rows.store() })),
          made,
        );
      }
    }
  }
});

/** Ends everything at one step; nothing after it happens. */
class Breaker {
  armed = false;
  count = 0;
  readonly #at: number;
  readonly #when: 'before' | 'after';

  constructor(at: number, when: 'before' | 'after') {
    this.#at = at;
    this.#when = when;
  }

  around<Port extends FilePort | SecretStore>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          if (!this.armed) return value.apply(target, given);
          this.count++;
          if (this.count > this.#at || (this.count === this.#at && this.#when === 'before'))
            throw new Error('cut');
          const result = await value.apply(target, given);
          if (this.count === this.#at) throw new Error('cut');
          return result;
        };
      },
    });
  }
}

async function stepsOfRotation(): Promise<number> {
  const breaker = new Breaker(Number.POSITIVE_INFINITY, 'before');
  const options = {
    files: breaker.around<FilePort>(new RecordingFiles()),
    path: PATH,
    store: breaker.around(new Rows().store()),
  };
  const secrets = await GatewaySecrets.open(options);
  breaker.armed = true;
  await secrets.rotate();
  return breaker.count;
}

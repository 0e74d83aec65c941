/**
 * The gateway's secrets: random, one for each purpose, wrapped under the key of the key file. Whatever is sealed or
 * hashed hangs on one of them, never on the file's key itself, so that another key file changes none of it.
 */
import { dirname } from 'node:path';
import { Failure, messageOf, systemCode } from '../errors.ts';
import type { FilePort } from '../files/port.ts';
import { keyFileMissing, newKeyFile, readKeyFile } from './gateway-key.ts';
import { KEY_LENGTH, type Key, newKey, seal, unseal } from './sealing.ts';
import { Secret } from './secret.ts';
import type { SecretStore, WrappedSecret } from './tables.ts';

/** What each is for. `names`: identifiers that must stay the same for ever, and are no secret of their own. */
export const PURPOSES = [
  'people',
  'codes',
  'passwords',
  'tokens',
  'directories',
  'jobs',
  'job passwords',
  'tls',
  'names',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface GatewaySecretsOptions {
  readonly files: FilePort;
  /** Of the key file; beside it, `PATH.next` is the one that is to take its place. */
  readonly path: string;
  readonly store: SecretStore;
}

export class GatewaySecrets {
  readonly #options: GatewaySecretsOptions;
  #secrets: ReadonlyMap<string, Key>;
  #rotating = false;

  private constructor(options: GatewaySecretsOptions, secrets: ReadonlyMap<string, Key>) {
    this.#options = options;
    this.#secrets = secrets;
  }

  /**
   * Opens all of them, and makes those that are missing. A rotation that was cut off is brought to its end or undone.
   * @throws Failure `gateway-key-missing`, `gateway-key-damaged`, `gateway-key-wrong`
   */
  static async open(options: GatewaySecretsOptions): Promise<GatewaySecrets> {
    const { files, path, store } = options;
    const wrapped = await store.all(undefined);
    const key = await keyThatOpens(files, path, wrapped);
    const secrets = new Map(wrapped.map((each) => [each.purpose, unwrap(key, each)]));
    const fresh = PURPOSES.filter((purpose) => !secrets.has(purpose));
    for (const purpose of fresh) secrets.set(purpose, newKey());
    const made = new GatewaySecrets(options, secrets);
    if (fresh.length > 0) await store.put(made.#wrappedUnder(key));
    return made;
  }

  of(purpose: Purpose): Key {
    const secret = this.#secrets.get(purpose);
    if (secret === undefined) throw new RangeError(`no secret for ${purpose}`);
    return secret;
  }

  /**
   * Makes a new key file and wraps every secret under it. Cut off at any point, the next start finds a key that opens
   * them all. Resolves when the old key opens nothing here any more.
   * @param replaced secrets that are made anew too; whoever has one must not go on with it
   * @throws Failure `rotation-running`, `gateway-key-not-replaced`; then the old key stays
   */
  async rotate(replaced: readonly Purpose[] = []): Promise<void> {
    if (this.#rotating) throw new Failure('rotation-running', 'the key is being replaced already');
    this.#rotating = true;
    try {
      const { files, path, store } = this.#options;
      const next = nextOf(path);
      await files.remove(next).catch(notReplaced(path));
      const key = await newKeyFile(files, next).catch(notReplaced(path));
      const before = this.#secrets;
      this.#secrets = new Map([...before, ...replaced.map((purpose) => [purpose, newKey()] as const)]);
      try {
        await store.put(this.#wrappedUnder(key));
      } catch (error) {
        this.#secrets = before;
        throw error;
      }
      await takePlace(files, path);
    } finally {
      this.#rotating = false;
    }
  }

  #wrappedUnder(key: Key): WrappedSecret[] {
    return [...this.#secrets].map(([purpose, secret]) => ({
      purpose,
      sealed: seal(key, secret.reveal(), contextOf(purpose)),
    }));
  }
}

/** The key that opens what is there, under its name; whatever a rotation left behind is gone. */
async function keyThatOpens(files: FilePort, path: string, wrapped: readonly WrappedSecret[]): Promise<Key> {
  const present = await readKeyFile(files, path);
  // Nothing is sealed yet: whatever a first start left behind, its key is as good as another.
  if (wrapped.length === 0) return present ?? (await newKeyFile(files, path));
  if (present !== undefined && opens(present, wrapped)) {
    // Also the part of a file that was being written when it was cut off.
    for (const left of [nextOf(path), `${nextOf(path)}.new`]) await files.remove(left);
    return present;
  }
  const next = await readKeyFile(files, nextOf(path));
  if (next !== undefined && opens(next, wrapped)) {
    await takePlace(files, path);
    return next;
  }
  if (present === undefined) throw keyFileMissing(path);
  throw new Failure('gateway-key-wrong', `${path} does not open what is sealed in the state directory`, {
    advice:
      'Restore the key that belongs to this state directory, both from the same backup; nothing was changed',
  });
}

function opens(key: Key, wrapped: readonly WrappedSecret[]): boolean {
  try {
    for (const each of wrapped) unwrap(key, each);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'seal-broken') return false;
    throw error;
  }
}

function unwrap(key: Key, { purpose, sealed }: WrappedSecret): Key {
  const secret = unseal(key, sealed, contextOf(purpose));
  if (secret.length !== KEY_LENGTH) throw new RangeError(`a secret of ${secret.length} octets`);
  return new Secret(secret);
}

async function takePlace(files: FilePort, path: string): Promise<void> {
  await files.rename(nextOf(path), path);
  await files.syncFolder(dirname(path));
}

function notReplaced(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new Failure(
      'gateway-key-not-replaced',
      `${path} cannot be replaced: ${systemCode(cause) ?? messageOf(cause)}`,
      {
        advice:
          "The gateway's user must be allowed to write in the folder of the key file; nothing was changed",
        cause,
      },
    );
  };
}

const nextOf = (path: string): string => `${path}.next`;
const contextOf = (purpose: string): string => `secret for ${purpose}`;

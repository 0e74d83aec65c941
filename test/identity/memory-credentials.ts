/** Tokens and passwords in memory: the second stores that the contract test holds to. */
import type { PasswordStore } from '../../identity/passwords/tables.ts';
import type { PersonId } from '../../identity/person.ts';
import type { StoredToken, TokenStore } from '../../identity/tokens/tables.ts';

export function memoryTokenStore(): TokenStore {
  const tokens = new Map<string, StoredToken>();
  return {
    all: async () => [...tokens.values()],
    async add(stored) {
      tokens.set(stored.token.id, stored);
    },
    async remove(ids) {
      for (const id of ids) tokens.delete(id);
    },
    async used(uses) {
      for (const { id, at } of uses) {
        const stored = tokens.get(id);
        if (stored !== undefined) tokens.set(id, { ...stored, lastUsedAt: at });
      }
    },
  };
}

export function memoryPasswordStore(): PasswordStore {
  const passwords = new Map<string, Uint8Array>();
  return {
    read: async (person) => passwords.get(person),
    async write({ person, sealed }) {
      passwords.set(person, sealed);
    },
    async writeAll(all) {
      for (const { person, sealed } of all) passwords.set(person, sealed);
    },
    remove: async (people) => people.filter((person) => passwords.delete(person)).length,
    people: async () => [...passwords.keys()] as PersonId[],
  };
}

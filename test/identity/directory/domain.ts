/** People, groups and OUs of a test's domain, and what a reading of it gives. */
import { readFile } from 'node:fs/promises';
import { Attribute, Change, type Client } from 'ldapts';
import { attributeNames, type DirectoryOptions } from '../../../identity/directory/options.ts';
import type { Picture } from '../../../identity/directory/picture.ts';
import { type ReadResult, readDirectory } from '../../../identity/directory/read.ts';
import type { PersonDraft } from '../../../identity/people/draft.ts';
import { type Controller, type Forest, unicodePassword } from '../../peers/samba.ts';

export const PASSWORD = 'Pr1nt-Passw0rd';
const NORMAL_ACCOUNT = 512;

export class TestDomain {
  readonly controller: Controller;
  readonly people: string;

  constructor(controller: Controller) {
    this.controller = controller;
    this.people = `OU=People,${controller.context}`;
  }

  get admin(): Client {
    return this.controller.admin;
  }

  /** With OU=People and the ordinary account `svc`, which is in no group of administrators. */
  static async prepare(controller: Controller): Promise<TestDomain> {
    const domain = new TestDomain(controller);
    await domain.ou('People');
    await domain.person('svc', { parent: `CN=Users,${controller.context}`, password: PASSWORD });
    return domain;
  }

  async ou(name: string): Promise<string> {
    const dn = `OU=${name},${this.controller.context}`;
    await this.admin.add(dn, { objectClass: 'organizationalUnit', ou: name });
    return dn;
  }

  /** @returns the DN */
  async person(
    name: string,
    {
      parent = this.people,
      password,
      ...more
    }: Record<string, string> & { parent?: string; password?: string } = {},
  ): Promise<string> {
    const dn = `CN=${name},${parent}`;
    const attributes = [
      new Attribute({ type: 'objectClass', values: ['user'] }),
      new Attribute({ type: 'sAMAccountName', values: [name] }),
      new Attribute({ type: 'userPrincipalName', values: [`${name}@${this.controller.realm}`] }),
      ...(password === undefined
        ? []
        : [new Attribute({ type: 'unicodePwd', values: [unicodePassword(password)] })]),
      new Attribute({
        type: 'userAccountControl',
        values: [String(NORMAL_ACCOUNT + (password === undefined ? 32 : 0))],
      }),
      ...Object.entries(more).map(([type, value]) => new Attribute({ type, values: [value] })),
    ];
    await this.admin.add(dn, attributes);
    return dn;
  }

  async group(name: string, members: readonly string[]): Promise<string> {
    const dn = `CN=${name},${this.people}`;
    const attributes = { objectClass: 'group', sAMAccountName: name };
    await this.admin.add(dn, members.length === 0 ? attributes : { ...attributes, member: [...members] });
    return dn;
  }

  async set(dn: string, type: string, ...values: string[]): Promise<void> {
    await this.admin.modify(
      dn,
      new Change({ operation: 'replace', modification: new Attribute({ type, values }) }),
    );
  }

  async change(operation: 'add' | 'delete', dn: string, type: string, ...values: string[]): Promise<void> {
    await this.admin.modify(dn, new Change({ operation, modification: new Attribute({ type, values }) }));
  }
}

export async function optionsFor(
  forest: Forest,
  controller: Controller,
  more: Partial<DirectoryOptions> = {},
): Promise<DirectoryOptions> {
  return {
    name: 'office',
    kind: 'active-directory',
    servers: [{ host: controller.address, port: 636, security: 'tls' }],
    ca: await readFile(forest.certificates.caFile, 'utf8'),
    bindName: `svc@${forest.realm}`,
    password: PASSWORD,
    domain: '',
    bases: [`OU=People,${forest.context}`],
    groups: [],
    people: 'all',
    includeDisabled: false,
    attributes: attributeNames('active-directory'),
    timeout: 20_000,
    ...more,
  };
}

export interface Seen extends ReadResult {
  readonly drafts: ReadonlyMap<string, PersonDraft>;
  /** User names, sorted. */
  readonly names: readonly string[];
}

export async function readOnce(
  options: DirectoryOptions,
  before?: Picture,
  now = Date.UTC(2026, 0, 1),
): Promise<Seen> {
  const drafts = new Map<string, PersonDraft>();
  const result = await readDirectory({
    options,
    before,
    now,
    take: async (people) => {
      for (const each of people) drafts.set(each.userName, each);
    },
  });
  return { ...result, drafts, names: [...drafts.keys()].sort() };
}

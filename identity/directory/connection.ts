/** One connection to a directory server: always encrypted, every wait bounded, never taken up again by itself. */

import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  Client,
  Control,
  type Filter,
  PagedResultsControl,
  SearchRequest,
  type SearchResponse,
  StatusCodeParser,
} from 'ldapts';
import { Failure } from '../../base/errors.ts';
import { type DirectoryEntry, readAsDirectoryEntries } from './entry.ts';
import { directoryFailure, serverName } from './failures.ts';
import type { DirectoryOptions, DirectoryServer } from './options.ts';

/** Entries of one page; Active Directory gives no more than 1,000 (MaxPageSize). */
export const PAGE = 1000;

/**
 * LDAP_SERVER_DOMAIN_SCOPE_OID (MS-ADTS §3.1.1.3.4.1.4): no references to CN=Configuration and the like at the top of a
 * domain, none of which holds people. OpenLDAP passes it over, and then a reference is an error.
 */
const DOMAIN_SCOPE = '1.2.840.113556.1.4.1339';

export interface Search {
  readonly base: string;
  readonly scope: 'base' | 'sub';
  readonly filter: Filter;
  /** Only these are asked for. */
  readonly attributes: readonly string[];
  readonly controls?: readonly Control[];
}

/** What a connection is made with. */
export type Access = Pick<DirectoryOptions, 'servers' | 'ca' | 'bindName' | 'password' | 'timeout'>;

/**
 * ldapts opens a lost connection again by itself: without StartTLS, and signed in as nobody. Whoever nobody may read is
 * then missing from the answer. So a connection that was lost stays lost here.
 */
export class DirectoryConnection implements AsyncDisposable {
  readonly server: DirectoryServer;
  readonly #client: Client;

  private constructor(server: DirectoryServer, client: Client) {
    this.server = server;
    this.#client = client;
  }

  /**
   * The first of the servers that answers. A server that refuses the service account is the last that is asked: the next
   * would count one more wrong password.
   * @throws Failure see {@link directoryFailure}
   */
  static async open(access: Access): Promise<DirectoryConnection> {
    let failure: Failure | undefined;
    for (const server of access.servers) {
      try {
        return await DirectoryConnection.#connect(access, server);
      } catch (error) {
        const told = directoryFailure(error, server);
        if (told.code === 'directory-sign-in') throw told;
        failure ??= told;
      }
    }
    throw failure ?? new Failure('directory-unreachable', 'no server is configured');
  }

  static async #connect(access: Access, server: DirectoryServer): Promise<DirectoryConnection> {
    const { host, security } = server;
    const { ca, timeout } = access;
    const tls = {
      host,
      minVersion: 'TLSv1.2' as const,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    };
    const client = new Client({
      url: serverName(server),
      timeout,
      connectTimeout: timeout,
      ...(security === 'tls' ? { tlsOptions: tls } : {}),
      // ldapts waits for the handshake of StartTLS without a bound.
      createSecureConnection: ((...args: Parameters<typeof connectTls>) => {
        const socket = connectTls(...args);
        socket.setTimeout(timeout, () => {
          if (!socket.authorized) socket.destroy(new Error('the TLS handshake took too long'));
        });
        return socket;
      }) as typeof connectTls,
    });
    readAsDirectoryEntries(client);
    const connection = new DirectoryConnection(server, client);
    try {
      if (security === 'starttls') await client.startTLS(tls);
      await connection.#bind(access.bindName, access.password);
      return connection;
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Signs in as somebody else on the same connection. ldapts' own errors, see `bindRefusal`.
   * @param name never what a person typed: some names mean another mechanism, or nobody
   */
  async bindAs(name: string, password: string): Promise<void> {
    this.#mustLive();
    await this.#bind(name, password);
  }

  async #bind(name: string, password: string): Promise<void> {
    // Without a password it is a sign-in as nobody, which succeeds (RFC 4513 §5.1.2).
    if (name === '' || password === '') throw new Failure('directory-sign-in', 'a name or password is empty');
    await this.#client.bind(name, password);
  }

  /**
   * Entries page by page; the next page is asked for before this one is handed out, so that both sides work at a time.
   * @throws Failure when it ends before its end, by whatever reason
   */
  async *pages(search: Search): AsyncGenerator<DirectoryEntry[]> {
    let next: Promise<SearchResponse> | undefined = this.#ask(search, undefined);
    while (next !== undefined) {
      const response: SearchResponse = await next;
      const cookie = nextCookie(response);
      next = cookie === undefined ? undefined : this.#ask(search, cookie);
      // Whoever stops in between does not wait for it.
      next?.catch(() => {});
      yield response.searchEntries as DirectoryEntry[];
    }
  }

  /**
   * All that one question is answered with: at most {@link PAGE} entries, or where a control of its own says how it goes on.
   * Without the control for pages Samba answers four times as fast.
   * @throws Failure
   */
  async answer(search: Search, control?: Control): Promise<DirectoryEntry[]> {
    return (await this.#send(search, control)).searchEntries as DirectoryEntry[];
  }

  #ask(search: Search, cookie: Buffer | undefined): Promise<SearchResponse> {
    const value = { size: PAGE, ...(cookie === undefined ? {} : { cookie }) };
    return this.#send(search, new PagedResultsControl({ critical: true, value }));
  }

  async #send(search: Search, control?: Control): Promise<SearchResponse> {
    this.#mustLive();
    const request = new SearchRequest({
      messageId: this.#client['_nextMessageId'](),
      baseDN: search.base,
      scope: search.scope,
      filter: search.filter,
      attributes: [...search.attributes],
      controls: [
        new Control(DOMAIN_SCOPE),
        ...(search.controls ?? []),
        ...(control === undefined ? [] : [control]),
      ],
    });
    // ldapts' own paging ends at the first empty page, which a server may send in the middle; what follows would be
    // missing, in silence. It keeps the answer's controls to itself, hence the way in by a private method.
    const sent: Promise<SearchResponse | undefined> = this.#client['_send'](request);
    const response = await sent.catch((error: unknown) => {
      throw directoryFailure(error, this.server);
    });
    this.#check(response);
    return response;
  }

  /** All entries, for searches that find few. @param most more is an error */
  async all(search: Search, most = 10_000): Promise<DirectoryEntry[]> {
    const found: DirectoryEntry[] = [];
    for await (const page of this.pages(search)) {
      found.push(...page);
      if (found.length > most)
        throw new Failure('directory-cut-short', `more than ${most} entries where few are expected`);
    }
    return found;
  }

  /** The one entry of that name. @throws Failure */
  async entry(base: string, attributes: readonly string[], filter: Filter): Promise<DirectoryEntry> {
    const [found] = await this.all({ base, scope: 'base', filter, attributes }, 1);
    if (found === undefined)
      throw new Failure('directory-error', 'an entry is not there', {
        advice: 'Look at the rights of the service account',
      });
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.unbind().catch(() => {});
  }

  #mustLive(): void {
    if (!this.#client.isConnected) throw directoryFailure(new Error('the connection was lost'), this.server);
  }

  #check(response: SearchResponse | undefined): asserts response is SearchResponse {
    if (response === undefined) throw directoryFailure(new Error('no answer'), this.server);
    if (response.status !== 0) throw directoryFailure(StatusCodeParser.parse(response), this.server);
    if (response.searchReferences.length > 0) {
      throw new Failure(
        'directory-cut-short',
        `${serverName(this.server)} refers to another server for a part`,
        {
          advice: 'Name bases that lie within this domain, or make that domain a directory of its own',
        },
      );
    }
  }
}

function nextCookie(response: SearchResponse): Buffer | undefined {
  const control = response.controls?.find((each) => each instanceof PagedResultsControl);
  const cookie = control?.value?.cookie;
  return cookie === undefined || cookie.length === 0 ? undefined : cookie;
}

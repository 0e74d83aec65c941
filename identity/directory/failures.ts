/** What is wrong with a directory, said to the administrator: TLS, network and result codes as Failures. */
import { ResultCodeError } from 'ldapts';
import { Failure, messageOf, systemCode } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import type { DirectoryServer } from './options.ts';

/** Codes of Node's TLS that mean: the chain does not lead to whom we trust. */
const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
]);

const OUT_OF_DATE = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** Why Active Directory refused a bind: the hexadecimal number after `data` (Win32 error codes, MS-ERREF §2.2). */
const SUB_CODES: ReadonlyMap<string, readonly [code: string, meaning: string]> = new Map([
  ['525', ['no-such-user', 'the directory knows no such user']],
  ['52e', ['wrong-password', 'the password is wrong']],
  ['530', ['outside-hours', 'this user may not sign in at this hour']],
  ['531', ['not-from-here', 'this user may not sign in from here']],
  ['532', ['password-expired', 'the password of this user has expired']],
  ['533', ['disabled', 'this user is disabled']],
  ['568', ['too-many-groups', 'this user is in too many groups to sign in']],
  ['701', ['account-expired', 'the account of this user has expired']],
  ['773', ['password-must-change', 'this user must change the password first']],
  ['775', ['locked-out', 'this user is locked out']],
]);

export interface BindRefusal {
  /** `wrong-password`, `locked-out` …; `refused` when the directory did not say more. */
  readonly reason: string;
  readonly meaning: string;
  /** As Active Directory wrote it, such as `52e`; '' when it wrote none. */
  readonly subCode: string;
}

/** Result codes (RFC 4511 §4.1.9). */
const INVALID_CREDENTIALS = 49;
const CUT: ReadonlyMap<number, string> = new Map([
  [3, 'the time limit of the server'],
  [4, 'the size limit of the server'],
  [11, 'an administrative limit of the server'],
]);

/** Undefined when the error is no refusal of a name and password. */
export function bindRefusal(error: unknown): BindRefusal | undefined {
  if (!(error instanceof ResultCodeError) || error.code !== INVALID_CREDENTIALS) return undefined;
  const subCode = /\bdata ([0-9a-f]{1,8})\b/i.exec(error.message)?.[1]?.toLowerCase() ?? '';
  const [reason, meaning] = SUB_CODES.get(subCode) ?? ['refused', 'name or password is wrong'];
  return { reason, meaning, subCode };
}

/** How a server is written. */
export const serverName = ({ host, port, security }: DirectoryServer): string =>
  `${security === 'tls' ? 'ldaps' : 'ldap'}://${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * `directory-unreachable`, `directory-certificate`, `directory-sign-in`, `directory-cut-short` (the answer is not all of
 * it), `directory-error`.
 */
export function directoryFailure(error: unknown, server: DirectoryServer): Failure {
  if (error instanceof Failure) return error;
  const name = serverName(server);
  const code = systemCode(error) ?? '';
  const made = (kind: string, message: string, advice: string) =>
    new Failure(`directory-${kind}`, message, { advice, cause: error });
  if (UNTRUSTED.has(code)) {
    return made(
      'certificate',
      `the certificate of ${name} is signed by nobody whom this gateway trusts (${code})`,
      'Name the file with the certificate of your domain’s CA with ca-file',
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return made(
      'certificate',
      `the certificate of ${name} is for another name`,
      'Name the server in servers as its certificate does, usually by its full DNS name',
    );
  }
  if (OUT_OF_DATE.has(code)) {
    return made(
      'certificate',
      `the certificate of ${name} is not valid today (${code})`,
      'Renew it, and look at the clock of both machines',
    );
  }
  const refusal = bindRefusal(error);
  if (refusal !== undefined) {
    const sub = refusal.subCode === '' ? '' : ` (data ${refusal.subCode})`;
    return made(
      'sign-in',
      `${name} does not let the service account in: ${refusal.meaning}${sub}`,
      'Look at bind-name and at the file of its password',
    );
  }
  if (error instanceof ResultCodeError) {
    const limit = CUT.get(error.code);
    if (limit !== undefined) {
      return made(
        'cut-short',
        `${name} ended its answer at ${limit}`,
        'Nothing was changed; raise that limit for the service account',
      );
    }
    const said = printable(error.message, 200);
    return made(
      'error',
      `${name} answers with an error: ${said}`,
      'Look at bases, groups and the rights of the service account',
    );
  }
  return made(
    'unreachable',
    `${name} does not answer: ${printable(messageOf(error), 200)}`,
    'Look at the network, the port, and whether the server is up',
  );
}

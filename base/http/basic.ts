/** User name and password of an `Authorization: Basic` header (RFC 7617). */

export interface BasicCredentials {
  readonly userName: string;
  readonly password: string;
}

/** Characters of the header that are read; a name and a password of 256 octets each need 690. */
const LONGEST = 2048;
const FORM = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/**
 * Undefined when there is none, or none of this scheme, or it cannot be read. As the challenge says, text is UTF-8; the name
 * ends at the first colon (§2). A name or password with controls is none that a person typed.
 */
export function parseBasic(header: string | undefined): BasicCredentials | undefined {
  if (header === undefined || header.length > LONGEST) return undefined;
  const [, encoded] = FORM.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = decodeUtf8(Buffer.from(encoded, 'base64'));
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon === -1 || /\p{Cc}/u.test(text)) return undefined;
  return { userName: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decodeUtf8(octets: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}

/** How SNMPv3 proves and hides what it says, in the words of the configuration. */

/** RFC 3414, RFC 7860 */
export const AUTHENTICATION_PROTOCOLS = ['sha', 'sha224', 'sha256', 'sha384', 'sha512', 'md5'] as const;
export type AuthenticationProtocol = (typeof AUTHENTICATION_PROTOCOLS)[number];
/** RFC 3826 `aes`; 256 bits with either way to make the key longer. */
export const PRIVACY_PROTOCOLS = ['aes', 'aes256b', 'aes256r', 'des'] as const;
export type PrivacyProtocol = (typeof PRIVACY_PROTOCOLS)[number];

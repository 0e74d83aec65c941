/** User names as people write them: alone, or with the domain that they belong to. */
import type { PeopleIndex, PersonNumber } from './people-index.ts';

/**
 * Everybody whom `name`, `DOMAIN\name` or `name@domain` may mean; `\name` is somebody without a domain, as who is kept here
 * only. A whole user name goes first: some have an at sign.
 * Without a domain everybody with that name is meant, of whatever domain.
 */
export function withQualifiedName(index: PeopleIndex, name: string): PersonNumber[] {
  const whole = index.withUserName(name);
  if (whole.length > 0) return whole;
  const backslash = name.indexOf('\\');
  if (backslash >= 0) return inDomain(index, name.slice(backslash + 1), name.slice(0, backslash));
  const at = name.lastIndexOf('@');
  return at < 0 || at === name.length - 1 ? [] : inDomain(index, name.slice(0, at), name.slice(at + 1));
}

/** `EXAMPLE` means `example.org`: the NetBIOS name of a domain is its first label, unless somebody chose otherwise. */
function inDomain(index: PeopleIndex, name: string, domain: string): PersonNumber[] {
  const wanted = domain.toLowerCase();
  return index.withUserName(name).filter((number) => {
    const own = index.entry(number)?.domain.toLowerCase() ?? '';
    return own === wanted || own.split('.', 1)[0] === wanted;
  });
}

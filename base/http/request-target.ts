/** The two forms of a request target that lead to a route: `/path`, and `http://host/path` as sent to proxies. */

/** RFC 9112 §3.2.2: a server has to take it. */
const ABSOLUTE = /^(?:https?|ipps?):\/\/([^/?#]*)([^#]*)$/i;

/** Host and port in an absolute target; undefined in any other. Whoever sends one means this, not the Host header. */
export function authorityOf(target: string): string | undefined {
  return ABSOLUTE.exec(target)?.[1];
}

/** The target as a path with its query. */
export function pathOf(target: string): string {
  const path = ABSOLUTE.exec(target)?.[2];
  if (path === undefined) return target;
  return path.startsWith('/') ? path : `/${path}`;
}

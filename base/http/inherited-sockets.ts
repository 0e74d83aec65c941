/** Sockets that the service manager has opened for this process and handed over (sd_listen_fds(3)). */

/** Descriptors by the name of their socket unit (`FileDescriptorName=`). */
export type InheritedSockets = ReadonlyMap<string, readonly number[]>;

/** SD_LISTEN_FDS_START */
const FIRST = 3;
/** What a socket without a name is called. */
const NAMELESS = 'unknown';
const MOST = 64;

/**
 * Takes the variables out of the environment, so that no child of ours thinks they are meant for it.
 * @param own process ids that the sockets may be meant for: ours, and that of the launcher which started us
 */
export function takeInheritedSockets(
  environment: NodeJS.ProcessEnv,
  own: readonly number[],
): InheritedSockets {
  const { LISTEN_PID: pid, LISTEN_FDS: count, LISTEN_FDNAMES: names = '' } = environment;
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete environment[name];
  const found = new Map<string, number[]>();
  if (!own.includes(Number(pid)) || !/^\d{1,3}$/.test(count ?? '')) return found;
  const each = names.split(':');
  for (let index = 0; index < Math.min(Number(count), MOST); index++) {
    const name = each[index] || NAMELESS;
    found.set(name, [...(found.get(name) ?? []), FIRST + index]);
  }
  return found;
}

/** One sync for all that wait for one: calls that come while a sync runs share the next. */

/** @returns a function that resolves once a sync that began after its call has ended. */
export function sharedSync(sync: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    next = undefined;
    const current = sync().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  };
  return () => {
    if (running === undefined) return start();
    next ??= running.catch(() => {}).then(start);
    return next;
  };
}

/**
 * What one process remembers while it works on runs: listings of targets, plan chunks, id maps.
 * Nothing here is truth: a fresh process reads it all again. Oldest entries leave first.
 */
export interface RunCache {
  /** The value of `key`, made at most once while it is remembered. A failed making is forgotten. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
  forget(key: string): void;
}

export function makeRunCache(maxEntries = 96): RunCache {
  const kept = new Map<string, Promise<unknown>>();
  return {
    once<T>(key: string, make: () => Promise<T>): Promise<T> {
      const known = kept.get(key) as Promise<T> | undefined;
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const made = make();
      kept.set(key, made);
      made.catch(() => kept.delete(key));
      for (const oldest of kept.keys()) {
        if (kept.size <= maxEntries) break;
        kept.delete(oldest);
      }
      return made;
    },
    forget: (key) => void kept.delete(key),
  };
}

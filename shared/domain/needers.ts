import type { AssetKey } from './asset';
import type { FoundReference } from './references';

/** For each of the asked assets the jobs that need it, directly or not, in the order of the jobs. Assets that nobody needs are not in it. */
export function jobsThatNeed(
  jobs: readonly AssetKey[],
  referencesOf: (key: AssetKey) => readonly FoundReference[],
  isAsked: (key: AssetKey) => boolean,
): Record<AssetKey, readonly AssetKey[]> {
  const needers: Record<AssetKey, AssetKey[]> = {};
  for (const job of jobs) {
    const seen = new Set<AssetKey>([job]);
    for (const key of seen) {
      for (const reference of referencesOf(key)) seen.add(reference.key);
      if (isAsked(key)) (needers[key] ??= []).push(job);
    }
  }
  return needers;
}

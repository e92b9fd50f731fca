import { adapterOf } from '../adapters/registry';
import { keyOf, parseKey, type AssetKey } from '../domain/asset';
import { pathsIn, type PathMention } from '../domain/path-mentions';
import type { Fate } from '../domain/readiness';
import type { FoundReference } from '../domain/references';
import type { NamedPath, PathFacts } from '../domain/report-facts';
import type { RunContext } from './run-context';

const maxListed = 200;
const broken: ReadonlySet<Fate> = new Set(['failed', 'blocked', 'missing', 'skip', 'skipped']);

/** Gathers paths in parameters and settings, and says which of them lead nowhere. What is not there degrades, as a reference by path does. */
export function makePathCheck({ pair }: RunContext) {
  const mentions: (PathMention & { readonly key: AssetKey })[] = [];
  return {
    /** The paths in a body, as references; each adds its candidates to what is `wanted`. */
    look(key: AssetKey, body: object, wanted: Set<string>): FoundReference[] {
      const places = adapterOf(parseKey(key).kind).paths ?? [];
      const found = pathsIn(body, places, pair.dbfs.roots);
      for (const one of found) {
        mentions.push({ ...one, key });
        for (const candidate of one.candidates) wanted.add(candidate);
      }
      return found
        .filter(({ candidates }) => candidates.length > 0)
        .map(({ at, path }) => ({ key: keyOf('path', path), at, by: 'path' as const }));
    },
    /** Adds what became of the paths to what became of their candidates, and sums up. */
    settle(fates: Map<AssetKey, Fate>): PathFacts {
      const missing: NamedPath[] = [];
      const unchecked: NamedPath[] = [];
      const counts = { missing: 0, unchecked: 0 };
      for (const { key, at, path, candidates } of mentions) {
        const found = candidates.flatMap((candidate) => fates.get(candidate) ?? []);
        const there = found.find((fate) => !broken.has(fate));
        fates.set(keyOf('path', path), there ?? found[0] ?? 'missing');
        if (there !== undefined) continue;
        const [list, sort] =
          candidates.length > 0 ? [missing, 'missing' as const] : [unchecked, 'unchecked' as const];
        counts[sort] += 1;
        if (list.length < maxListed) list.push({ key, at, path });
      }
      return { missing, unchecked, counts };
    },
  };
}

/** Folders of DBFS have no entries of their own: a file brings those above it. */
export function foldersOnDbfs(key: AssetKey): AssetKey[] {
  const { kind, id } = parseKey(key);
  if (kind !== 'dbfs-file') return [];
  const names = id.split('/').slice(0, -1);
  return names.slice(1).map((_name, i) => keyOf(kind, names.slice(0, i + 2).join('/')));
}

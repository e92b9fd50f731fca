import { canonicalJson, keyOf, parseKey, sha256, type AssetKey, type Side } from '../domain/asset';
import type { Link } from '../domain/link';
import { rulesFrom, rulesSha, type RewriteRules } from '../domain/rewrite';
import { listLinkPartitions } from '../storage/links';
import type { RunContext } from './run-context';

/** Source id -> target id of the assets of a kind. */
export type IdMap = ReadonlyMap<string, string>;

/** The target's version when both sides last agreed. */
export function targetVersion(link: Link, target: Side): string | undefined {
  return target === 'primary' ? link.primaryVersion : link.secondaryVersion;
}

/** Resolves references by id through the links; `era` names the moment (a wave), so that later waves see what earlier ones made. */
export async function idMap(context: RunContext, era: string, kind: string): Promise<IdMap> {
  return context.cache.once(`${context.request.runId}:ids:${era}:${kind}`, async () => {
    const ids = new Map<string, string>();
    for await (const { links } of listLinkPartitions(context.state, context.pair.name, kind)) {
      for (const link of links) ids.set(link[context.source], link[context.target]);
    }
    return ids;
  });
}

/** The id maps of all kinds that `needs` names. */
export async function idMaps(
  context: RunContext,
  era: string,
  needs: readonly AssetKey[],
): Promise<(kind: string, id: string) => string | undefined> {
  const kinds = [...new Set(needs.map((key) => parseKey(key).kind))];
  const maps = new Map(
    await Promise.all(kinds.map(async (kind) => [kind, await idMap(context, era, kind)] as const)),
  );
  return (kind, id) => maps.get(kind)?.get(id);
}

/** Hash of everything that a rewritten body depends on beside itself: the rules, and the ids that its references resolve to. */
export function mapShaOf(
  context: RunContext,
  needs: readonly AssetKey[],
  resolve: (kind: string, id: string) => string | undefined,
): string {
  const ids = needs.map((key) => {
    const { kind, id } = parseKey(key);
    return [keyOf(kind, id), resolve(kind, id) ?? null];
  });
  return sha256(canonicalJson({ rules: rulesSha(rulesOf(context)), ids: ids.sort() }));
}

/** The pair's rewrite rules in the direction of the run. */
export function rulesOf(context: RunContext): RewriteRules {
  return rulesFrom(context.pair.rewrite, context.source);
}

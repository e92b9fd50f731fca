import type { Adapter } from '../adapters/adapter';
import type { Principals } from '../adapters/principal-name';
import { hashBody, type Asset, type AssetKey } from '../domain/asset';
import { stripIgnored } from '../domain/diff';
import type { FieldDiff } from '../domain/plan';
import { rewriteReferences } from '../domain/references';
import { rewriteText } from '../domain/rewrite';
import { rulesOf } from './id-map';
import { listUnit } from './listing';
import { withMappedOwners } from './owner-rules';
import { markerOf, type RunContext } from './run-context';

/** An asset's body as it should be at the target. */
export interface Desired {
  /** Rewritten and awake: what waking restores. */
  readonly awake: object;
  /** Rewritten, asleep and with our marker: what is sent, and compared with the target. */
  readonly asleep: object;
  /** Hash of {@link asleep} without what the platform owns. */
  readonly base: string;
  /** References by id that do not resolve. */
  readonly missing: readonly AssetKey[];
  /** What the rewrite rules changed. */
  readonly changes: readonly FieldDiff[];
  readonly warnings: readonly string[];
}

/** Rewrites a source body for the target: ids, typed text rules, principals, sleep, marker. Nothing is repaired silently. */
export async function makeDesired(
  context: RunContext,
  era: string,
  adapter: Adapter,
  asset: Asset,
  resolve: (kind: string, id: string) => string | undefined,
): Promise<Desired> {
  const references = rewriteReferences(asset.body, adapter.references, resolve);
  const rules = rulesOf(context);
  const owned = withMappedOwners(references.body, rules);
  const text = rewriteText(owned.body, rules);
  const { body: awake, warnings } =
    adapter.admit === undefined
      ? { body: text.body, warnings: [] }
      : adapter.admit(text.body, await principalsOf(context, era), context.pair.rewrite.owners.fallback);
  const sleeping = adapter.asleep?.(awake) ?? awake;
  const asleep = withMarker(sleeping, adapter.marker, markerOf(context, asset.key));
  return {
    awake: withMarker(awake, adapter.marker, markerOf(context, asset.key)),
    asleep,
    base: hashBody(stripIgnored(asleep, adapter.ignore)),
    missing: references.missing.map(({ key }) => key),
    changes: [...owned.changes, ...text.changes],
    warnings,
  };
}

function withMarker(body: object, field: string | undefined, marker: string): object {
  if (field === undefined) return body;
  const tags = (body as Readonly<Record<string, unknown>>)[field];
  return { ...body, [field]: { ...(tags as object | undefined), dr_source_id: marker } };
}

/** The principals that exist in the target: entries of others cannot be granted there. Listed once a run, era and process. */
function principalsOf(context: RunContext, era: string): Promise<Principals> {
  return context.cache.once(`${context.request.runId}:principals:${era}`, async () => {
    const names = async (kind: string): Promise<Set<string>> => {
      const { stubs } = await listUnit(context.to, { partition: kind, kinds: [kind] });
      return new Set((stubs.get(kind) ?? []).map(({ name }) => name));
    };
    return {
      users: await names('user'),
      groups: await names('group'),
      servicePrincipals: await names('service-principal'),
    };
  });
}

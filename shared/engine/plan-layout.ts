import { adapters } from '../adapters/registry';
import { canonicalJson, parseKey, sha256, type AssetKey } from '../domain/asset';
import { kindLevels, waves } from '../domain/graph';
import { noActions, planVersion, type ActionCounts, type Plan, type PlanEntry } from '../domain/plan';
import { mapAhead } from '../storage/bounded';
import { writePlanHead } from '../storage/runs';
import { readStage } from '../storage/stages';
import { idMap } from './id-map';
import { resolveNeeds, type Known } from './plan-needs';
import { makeWaveWriter } from './plan-waves';
import { planStages, readPlanUnits } from './plan-units';
import { planningEra, type Draft } from './planner';
import type { RunContext } from './run-context';
import { makeScopeBook } from './scope-book';
import { leftAlone, makeScoping, type Scoping } from './scoping';

/** Drafts that are read while an earlier one is in use. */
const draftsAhead = 4;

/**
 * Lays the drafts of all units out as waves of chunks of work items. Two passes: the first learns what becomes of the assets that
 * others need, the second streams every entry to its wave, so that memory stays small whatever the size of the estate.
 */
export async function layPlan(context: RunContext): Promise<Plan> {
  const { snapshot, units } = await readPlanUnits(context);
  const scoping = await makeScoping(context, () => entriesOf(context, units.length));
  const book = makeScopeBook(context);
  const known = await learn(context, units.length, scoping);
  const levels = levelsOf(known);
  const writer = makeWaveWriter(context, levels);
  const byKind: Record<string, ActionCounts> = {};
  const counts = noActions();
  const trusted: { partition: string; verifiedAt: string }[] = [];
  const notApplicable: Record<string, string> = {};
  let hash = '';
  for await (const draft of readDrafts(context, units.length)) {
    if (draft.trusted !== undefined) trusted.push(draft.trusted);
    Object.assign(notApplicable, draft.notApplicable);
    for (const drafted of draft.entries) {
      const entry = resolveNeeds(scoped(drafted, scoping), known, levels.cycles);
      book.note(entry);
      counts[entry.action] += 1;
      (byKind[parseKey(entry.key).kind] ??= noActions())[entry.action] += 1;
      hash = hashWith(hash, entry);
      await writer.add(entry);
    }
  }
  const plan: Plan = {
    formatVersion: 1,
    planVersion,
    runId: context.request.runId,
    snapshot,
    counts,
    byKind,
    waves: await writer.finish(),
    hash,
    trusted,
    ...(Object.keys(notApplicable).length > 0 && { notApplicable }),
  };
  await book.write();
  await writePlanHead(context.state, plan);
  return plan;
}

function hashWith(hash: string, { key, action, line, target }: PlanEntry): string {
  return sha256(hash + canonicalJson([key, action, line?.bodySha ?? null, target ?? null]));
}

/** What is damaged may be anything: it stays in the plan. */
function scoped(entry: PlanEntry, scoping: Scoping): PlanEntry {
  const reason = entry.lost === true ? undefined : scoping.reasonOf(entry);
  return reason === undefined ? entry : leftAlone(entry, reason);
}

async function* entriesOf(context: RunContext, unitCount: number): AsyncGenerator<PlanEntry> {
  for await (const { entries } of readDrafts(context, unitCount)) yield* entries;
}

/** In the order of the units; a few are in memory. */
function readDrafts(context: RunContext, unitCount: number): AsyncIterable<Draft> {
  const { runId } = context.request;
  return mapAhead(Array(unitCount).keys(), draftsAhead, (unit) =>
    readStage<Draft>(context.state, runId, planStages.draft(unit)),
  );
}

/** The entries of all kinds that others refer to by id. */
async function learn(
  context: RunContext,
  unitCount: number,
  scoping: Scoping,
): Promise<Map<AssetKey, Known>> {
  const referred = new Set(
    adapters.flatMap(({ references }) =>
      references.filter(({ by = 'id' }) => by === 'id').map(({ to }) => to),
    ),
  );
  const known = new Map<AssetKey, Known>();
  for await (const { entries } of readDrafts(context, unitCount)) {
    for (const drafted of entries) {
      const { kind, id } = parseKey(drafted.key);
      if (!referred.has(kind)) continue;
      const { key, action, reason, needs, outOfScope } = scoped(drafted, scoping);
      // What is gone at the target and not made again is not there, whatever the links say.
      const isGone = outOfScope === true && drafted.action === 'create';
      const linked = !isGone && (await idMap(context, planningEra, kind)).has(id);
      known.set(key, { action, reason, needs, linked });
    }
  }
  return known;
}

/** Where the entries of each kind go: the level of the kind, and inside self-ordered kinds the level of the asset. */
export interface Levels {
  readonly kinds: ReadonlyMap<string, number>;
  readonly assets: ReadonlyMap<AssetKey, number>;
  /** Assets on a cycle, or behind one, with the chain. */
  readonly cycles: ReadonlyMap<AssetKey, readonly AssetKey[]>;
}

function levelsOf(known: ReadonlyMap<AssetKey, Known>): Levels {
  const assets = new Map<AssetKey, number>();
  const cycles = new Map<AssetKey, readonly AssetKey[]>();
  for (const { kind, selfOrdered } of adapters) {
    if (selfOrdered !== true) continue;
    const own = [...known].filter(([key]) => parseKey(key).kind === kind);
    const edges = new Map(
      own.map(([key, { needs }]) => [key, needs.filter((need) => parseKey(need).kind === kind)]),
    );
    const ordered = waves(edges);
    ordered.waves.forEach((keys, level) => {
      for (const key of keys) assets.set(key as AssetKey, level);
    });
    for (const [key, chain] of ordered.stuck) cycles.set(key as AssetKey, chain as AssetKey[]);
  }
  const kinds = new Map(
    kindLevels(adapters).flatMap((level, number) => level.map((kind) => [kind, number] as const)),
  );
  return { kinds, assets, cycles };
}

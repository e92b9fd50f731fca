import { adapters } from '../adapters/registry';
import { DrError } from '../domain/errors';
import type { Manifest } from '../domain/snapshot';
import { listLinkPartitions } from '../storage/links';
import { readLatest, readManifest } from '../storage/snapshots';
import { readStage, writeStage } from '../storage/stages';
import type { RunContext } from './run-context';
import { unitsOfManifest, type Unit } from './units';

interface PlanUnits {
  readonly formatVersion: 1;
  readonly snapshot: string;
  readonly units: readonly Unit[];
}

export const planStages = {
  units: 'planning/units',
  draft: (unit: number) => `planning/${unit}/draft`,
  fault: (unit: number) => `planning/${unit}/fault`,
};

/** Chooses the snapshot, and writes down the units to plan: its own, and those that only the links still know. Returns how many. */
export async function listPlanUnits(context: RunContext): Promise<number> {
  const { request, pair } = context;
  const snapshot = request.snapshot ?? (await readLatest(context, pair.name))?.id;
  if (snapshot === undefined) {
    throw new DrError(
      'DR_SNAPSHOT_MISSING',
      `cannot plan ${request.runId}: ${pair.name} has no snapshot yet; run a refresh`,
    );
  }
  const manifest = await readManifest(context, pair.name, snapshot);
  if (manifest.source.side !== context.source) {
    throw new DrError(
      'DR_SNAPSHOT_MISSING',
      `cannot plan ${request.runId}: snapshot ${snapshot} is one of the ${manifest.source.side}, not of the ${context.source}`,
    );
  }
  const units = unitsOfManifest(manifest, await goneUnits(context, manifest));
  const stored: PlanUnits = { formatVersion: 1, snapshot, units };
  await writeStage(context.state, request.runId, planStages.units, stored);
  return units.length;
}

/** Partitions that are linked and no longer in the snapshot: a home whose user left. */
async function goneUnits(context: RunContext, manifest: Manifest): Promise<Unit[]> {
  const here = new Set(manifest.rows.map(({ partition }) => partition));
  const kindsByPartition = new Map<string, string[]>();
  for (const adapter of adapters) {
    const { kind } = adapter;
    if (adapter.partitions === undefined) continue;
    for await (const { partition, links } of listLinkPartitions(context.state, context.pair.name, kind)) {
      // What nobody asks for any more is not gone at the source.
      const isAsked = adapter.isAsked?.(context.pair, partition) !== false;
      if (here.has(partition) || links.length === 0 || !isAsked) continue;
      kindsByPartition.set(partition, [...(kindsByPartition.get(partition) ?? []), kind]);
    }
  }
  return [...kindsByPartition].map(([partition, kinds]) => ({ partition, kinds }));
}

/** The units to plan, as written down by the first planning activity. */
export function readPlanUnits(context: RunContext): Promise<PlanUnits> {
  const { runId } = context.request;
  return context.cache.once(`${runId}:planUnits`, () =>
    readStage<PlanUnits>(context.state, runId, planStages.units),
  );
}

/** The manifest that this run restores from. */
export async function manifestOf(context: RunContext): Promise<Manifest> {
  const { snapshot } = await readPlanUnits(context);
  return context.cache.once(`manifest:${context.pair.name}:${snapshot}`, () =>
    readManifest(context, context.pair.name, snapshot),
  );
}

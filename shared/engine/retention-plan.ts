import { hasCode } from '../domain/errors';
import { daysBefore, keptSnapshots, type Damage, type SealedSnapshot } from '../domain/retention';
import type { Manifest } from '../domain/snapshot';
import { mapAhead } from '../storage/bounded';
import { paths } from '../storage/layout';
import { readState } from '../storage/pair-state';
import { listRuns, readPlanHead, readRequest, readSummary } from '../storage/runs';
import { readLatest, readManifest } from '../storage/snapshots';
import { readStage, writeStage } from '../storage/stages';
import { lastGreenRuns } from './last-green';
import { slicesToScrub } from './retention-scrub';
import { isoNow, type RunContext } from './run-context';

/** What nothing refers to is removed when it is older: an export that is under way refers to nothing yet. */
const sweepAfterDays = 7;
/** A run that wrote no summary counts as open for so long. */
const openRunDays = 7;
const manifestsAhead = 4;
const runsAhead = 8;

/** What a retention run is going to do: decided once, so that a repetition does the same. */
export interface RetentionPlan {
  readonly formatVersion: 1;
  /** What was written since is not swept (ISO-8601 UTC). */
  readonly cutoff: string;
  readonly kept: readonly { readonly id: string; readonly why: string }[];
  /** Ids of snapshots. */
  readonly removed: readonly string[];
  /** Hashes of the indexes of all kept snapshots. */
  readonly indexes: readonly string[];
  /** Ids of runs whose working data are no longer wanted. */
  readonly runs: readonly string[];
  /** First hex digits of the packs that are verified this time. */
  readonly slices: readonly string[];
  /** Manifests that cannot be read. */
  readonly damaged: readonly Damage[];
}

const stage = 'retention/plan';

export function readRetentionPlan(context: RunContext): Promise<RetentionPlan> {
  const { runId } = context.request;
  return context.cache.once(`${runId}:retention`, () => readStage(context.state, runId, stage));
}

/** Decides what stays, and writes it down. */
export async function planRetention(context: RunContext): Promise<void> {
  const { state, request, pair } = context;
  const nowIso = isoNow(context);
  const { all, indexes, damaged } = await readManifests(context);
  const latest = (await readLatest(context, pair.name))?.id;
  const facts = { nowIso, pinned: await pinnedSnapshots(context), ...(latest !== undefined && { latest }) };
  const kept = keptSnapshots(all, pair.retention, facts);
  const plan: RetentionPlan = {
    formatVersion: 1,
    cutoff: daysBefore(nowIso, sweepAfterDays),
    kept: [...kept].map(([id, why]) => ({ id, why })),
    removed: all.map(({ id }) => id).filter((id) => !kept.has(id)),
    indexes: [...new Set([...kept.keys()].flatMap((id) => indexes.get(id) ?? []))].sort(),
    runs: await oldRuns(context),
    slices: await slicesToScrub(context),
    damaged,
  };
  await writeStage(state, request.runId, stage, plan);
}

interface Found {
  readonly all: readonly SealedSnapshot[];
  readonly indexes: ReadonlyMap<string, readonly string[]>;
  readonly damaged: readonly Damage[];
}

async function readManifests(context: RunContext): Promise<Found> {
  const { snapshots, pair } = context;
  const all: SealedSnapshot[] = [];
  const indexes = new Map<string, readonly string[]>();
  const damaged: Damage[] = [];
  const ids = snapshots.listFolders(paths.snapshots(pair.name));
  for await (const { id, manifest } of mapAhead(ids, manifestsAhead, (one) => readOne(context, one))) {
    if (manifest === undefined) {
      damaged.push({ what: 'manifest', name: id, fault: 'damaged', since: isoNow(context) });
      continue;
    }
    all.push({ id, sealedAt: manifest.sealedAt, suspect: manifest.suspect !== undefined });
    indexes.set(id, [...new Set(manifest.rows.flatMap(({ indexShas }) => indexShas))]);
  }
  return { all, indexes, damaged };
}

/** Without the manifest when it is damaged: then nobody knows what the snapshot consists of. */
async function readOne(context: RunContext, id: string): Promise<{ id: string; manifest?: Manifest }> {
  try {
    return { id, manifest: await readManifest(context, context.pair.name, id) };
  } catch (error) {
    if (!hasCode(error, 'DR_BODY_CORRUPT', 'DR_BLOB_FORMAT', 'DR_SNAPSHOT_MISSING')) throw error;
    return { id };
  }
}

/** What open runs restore from, and what the side that was left is fenced by. */
async function pinnedSnapshots(context: RunContext): Promise<Set<string>> {
  const { state, pair } = context;
  const since = daysBefore(isoNow(context), openRunDays);
  const runIds = (await listRuns(state, pair.name, Infinity)).filter((id) => startedAt(id) >= since);
  const pinned = new Set<string>();
  const reads = mapAhead([...runIds, ...(await runsOfState(context))], runsAhead, (runId) =>
    snapshotsOf(context, runId),
  );
  for await (const ids of reads) for (const id of ids) pinned.add(id);
  return pinned;
}

async function snapshotsOf(context: RunContext, runId: string): Promise<string[]> {
  const isOpen = (await readSummary(context.state, runId)) === undefined;
  if (!isOpen && !(await runsOfState(context)).includes(runId)) return [];
  const request = await readRequest(context.state, runId);
  return [request?.snapshot, await plannedSnapshot(context, runId)].filter((id) => id !== undefined);
}

async function plannedSnapshot({ state }: RunContext, runId: string): Promise<string | undefined> {
  try {
    return (await readPlanHead(state, runId))?.snapshot;
  } catch (error) {
    // Of another version of the app: it cannot go on.
    if (!hasCode(error, 'DR_PLAN_VERSION')) throw error;
    return undefined;
  }
}

/** The runs that made the present state of the pair: the fence, and a way back, go by their books. */
async function runsOfState(context: RunContext): Promise<string[]> {
  const { runId, fenceRunId } = await readState(context.state, context.pair.name, isoNow(context));
  return [runId, fenceRunId].filter((id) => id !== undefined);
}

async function oldRuns(context: RunContext): Promise<string[]> {
  const { state, pair, request } = context;
  const since = daysBefore(isoNow(context), pair.retention.runDays);
  const green = await lastGreenRuns(state, pair.name);
  const wanted = new Set([request.runId, ...green, ...(await runsOfState(context))]);
  const all = await listRuns(state, pair.name, Infinity);
  return all.filter((runId) => startedAt(runId) < since && !wanted.has(runId));
}

/** The time in a run's id, as ISO-8601 UTC. */
function startedAt(runId: string): string {
  const [, date = '', time = ''] = /-(\d{8})T(\d{6})Z-[^-]+$/.exec(runId) ?? [];
  const [day, clock] = [date.replace(/(....)(..)(..)/, '$1-$2-$3'), time.replace(/(..)(..)(..)/, '$1:$2:$3')];
  return `${day}T${clock}.000Z`;
}

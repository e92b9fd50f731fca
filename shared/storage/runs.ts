import { canonicalJson, type AssetKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import { planVersion, type Plan, type PlanEntry } from '../domain/plan';
import {
  noOutcomes,
  outcomes,
  type Outcome,
  type OutcomeCounts,
  type Phase,
  type RunRequest,
  type RunSummary,
} from '../domain/run';
import type { BlobStore } from './blob-store';
import { mapAhead } from './bounded';
import {
  parseDocument,
  readDocument,
  withoutVersion,
  writeDocument,
  writeOnce,
  type Versioned,
} from './documents';
import { paths } from './layout';
import { makeLines, ndjsonType, readLines } from './ndjson';

/** Blobs that are read while an earlier one is in use. */
const readsAhead = 8;

/** Stores what was asked for. Again with the same request is fine; another one under the same id is DR_BLOB_CONFLICT. */
export async function createRequest(state: BlobStore, request: RunRequest): Promise<void> {
  const path = paths.request(request.runId);
  const text = canonicalJson(request);
  const written = await writeOnce(state, path, text, { contentType: 'application/json' });
  if (written === 'written') return;
  const stored = await state.read(path, { fresh: true });
  if (stored && canonicalJson(parseDocument(path, stored.bytes)) === text) return;
  throw new DrError(
    'DR_BLOB_CONFLICT',
    `cannot create run ${request.runId}: there is another one of this id`,
  );
}

export function readRequest(state: BlobStore, runId: string): Promise<RunRequest | undefined> {
  return valueAt(state, paths.request(runId));
}

/** Freezes the configuration that a run started with. */
export async function writeRunConfig(state: BlobStore, runId: string, config: object): Promise<void> {
  await writeDocument(state, paths.runConfig(runId), { ...config, formatVersion: 1 });
}

export function readRunConfig(state: BlobStore, runId: string): Promise<object | undefined> {
  return plainAt(state, paths.runConfig(runId));
}

export async function writePlanHead(state: BlobStore, plan: Plan): Promise<void> {
  await writeDocument(state, paths.planHead(plan.runId), plan);
}

/** DR_PLAN_VERSION when the plan was made by a version of the app that plans otherwise. */
export async function readPlanHead(state: BlobStore, runId: string): Promise<Plan | undefined> {
  const plan = await valueAt<Plan>(state, paths.planHead(runId));
  if (plan === undefined || plan.planVersion === planVersion) return plan;
  throw new DrError('DR_PLAN_VERSION', `cannot carry out the plan of ${runId}: version ${plan.planVersion}`);
}

export async function writePlanChunk(
  state: BlobStore,
  runId: string,
  wave: number,
  chunk: number,
  entries: readonly PlanEntry[],
): Promise<void> {
  await state.write(paths.planChunk(runId, wave, chunk), makeLines(entries), ndjsonType);
}

export function readPlanChunk(
  state: BlobStore,
  runId: string,
  wave: number,
  chunk: number,
): Promise<PlanEntry[]> {
  return readLines(state, paths.planChunk(runId, wave, chunk));
}

/** Entries that are no work. */
export async function writeSettledChunk(
  state: BlobStore,
  runId: string,
  wave: number,
  chunk: number,
  entries: readonly PlanEntry[],
): Promise<void> {
  await state.write(paths.settledChunk(runId, wave, chunk), makeLines(entries), ndjsonType);
}

export function readSettledChunk(
  state: BlobStore,
  runId: string,
  wave: number,
  chunk: number,
): Promise<PlanEntry[]> {
  return readLines(state, paths.settledChunk(runId, wave, chunk));
}

/** Every entry of a plan, wave by wave, work first. Only a few chunks are in memory. */
export async function* streamPlan(state: BlobStore, plan: Plan): AsyncGenerator<PlanEntry> {
  for await (const entries of mapAhead(chunkPaths(plan), readsAhead, (path) =>
    readLines<PlanEntry>(state, path),
  )) {
    yield* entries;
  }
}

function* chunkPaths({ runId, waves }: Plan): Generator<string> {
  for (const { wave, chunkItems, settledChunks } of waves) {
    for (let chunk = 0; chunk < chunkItems.length; chunk += 1) yield paths.planChunk(runId, wave, chunk);
    for (let chunk = 0; chunk < settledChunks; chunk += 1) yield paths.settledChunk(runId, wave, chunk);
  }
}

/** What a work item cost at the workspace. */
export interface RequestTally {
  readonly calls: number;
  readonly writes: number;
  readonly throttled: number;
}

/** What one work item did in one phase. */
export interface ItemResult extends Versioned {
  readonly runId: string;
  readonly phase: Phase;
  readonly wave: number;
  readonly chunk: number;
  readonly item: number;
  readonly outcomes: readonly Outcome[];
  /** What the next pass has to do. */
  readonly left: readonly AssetKey[];
  /** Why, for each of `left`. */
  readonly reasons?: Readonly<Record<AssetKey, string>>;
  readonly requests: RequestTally;
}

export type ResultTally = OutcomeCounts & { calls: number; writes: number; throttled: number };

/** Stores a result; its numbers go into the metadata, so that a listing adds them up. */
export async function writeItemResult(state: BlobStore, result: ItemResult): Promise<void> {
  const { runId, phase, wave, chunk, item } = result;
  const tally: ResultTally = { ...noOutcomes(), ...result.requests };
  for (const { outcome } of result.outcomes) tally[outcome] += 1;
  const metadata = Object.fromEntries(tallied.map((name) => [name, String(tally[name])]));
  await writeDocument(state, paths.itemResult(runId, phase, wave, chunk, item), result, { metadata });
}

export function readItemResult(
  state: BlobStore,
  runId: string,
  phase: Phase,
  wave: number,
  chunk: number,
  item: number,
): Promise<ItemResult | undefined> {
  return valueAt(state, paths.itemResult(runId, phase, wave, chunk, item));
}

/** The results of a phase, or of one wave of it. */
export async function* streamItemResults(
  state: BlobStore,
  runId: string,
  phase: Phase,
  wave?: number,
): AsyncGenerator<ItemResult> {
  const blobs = state.list(paths.itemResults(runId, phase, wave));
  const results = mapAhead(blobs, readsAhead, ({ path }) => valueAt<ItemResult>(state, path));
  for await (const result of results) if (result) yield result;
}

const tallied = [...outcomes, 'calls', 'writes', 'throttled'] as const;

/** Adds up the results of a phase without reading them. */
export async function tallyResults(state: BlobStore, runId: string, phase: Phase): Promise<ResultTally> {
  const tally: ResultTally = { ...noOutcomes(), calls: 0, writes: 0, throttled: 0 };
  for await (const { metadata } of state.list(paths.itemResults(runId, phase), { metadata: true })) {
    for (const name of tallied) tally[name] += Number(metadata[name] ?? 0);
  }
  return tally;
}

export async function writeSummary(state: BlobStore, summary: RunSummary): Promise<void> {
  await writeDocument(state, paths.summary(summary.runId), summary);
}

export function readSummary(state: BlobStore, runId: string): Promise<RunSummary | undefined> {
  return valueAt(state, paths.summary(runId));
}

/** The report as data and as a web page. */
export async function writeReport(
  state: BlobStore,
  runId: string,
  report: object,
  html: string,
): Promise<void> {
  await state.write(paths.reportHtml(runId), html, { contentType: 'text/html; charset=utf-8' });
  await writeDocument(state, paths.report(runId), { ...report, formatVersion: 1 });
}

export function readReport(state: BlobStore, runId: string): Promise<object | undefined> {
  return plainAt(state, paths.report(runId));
}

export async function readReportHtml(state: BlobStore, runId: string): Promise<string | undefined> {
  return (await state.read(paths.reportHtml(runId)))?.bytes.toString();
}

/** `<pair>-<utc>-<6 random>`, the pair cut to 24 characters. */
const runIdPattern = /^(?<pair>.+)-(?<startedAt>\d{8}T\d{6}Z)-[A-Za-z0-9]{6}$/;
const pairInRunId = 24;

/** Run ids, newest first. */
export async function listRuns(state: BlobStore, pair: string | undefined, limit: number): Promise<string[]> {
  const found: { runId: string; startedAt: string }[] = [];
  const prefix = pair === undefined ? '' : `${pair.slice(0, pairInRunId)}-`;
  for await (const name of state.listFolders(`${paths.runs()}${prefix}`)) {
    const runId = prefix + name;
    const { pair: of, startedAt } = runIdPattern.exec(runId)?.groups ?? {};
    if (startedAt === undefined || (pair !== undefined && of !== pair.slice(0, pairInRunId))) continue;
    found.push({ runId, startedAt });
  }
  found.sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  return found.slice(0, limit).map(({ runId }) => runId);
}

async function valueAt<T extends Versioned>(state: BlobStore, path: string): Promise<T | undefined> {
  return (await readDocument<T>(state, path))?.value;
}

/** A document without what storage added to it. */
async function plainAt(state: BlobStore, path: string): Promise<object | undefined> {
  const stored = await readDocument(state, path);
  return stored && withoutVersion(stored.value);
}

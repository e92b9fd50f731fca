import { unbuiltInPair } from '../config/unbuilt';
import type { Side } from '../domain/asset';
import { hasCode } from '../domain/errors';
import { notCarried } from '../domain/not-carried';
import type { Preflight } from '../domain/preflight';
import { makeReport } from '../domain/report';
import type { CutoverFacts, ReportInput, SideFacts } from '../domain/report-input';
import { reportPage } from '../domain/report-page';
import { resultOf } from '../domain/result';
import { type RunSummary } from '../domain/run';
import type { Manifest } from '../domain/snapshot';
import { readApproval } from '../storage/approval';
import { readDocument } from '../storage/documents';
import { paths } from '../storage/layout';
import { readState } from '../storage/pair-state';
import { readPlanHead, readSummary, writeReport, writeSummary } from '../storage/runs';
import { readLatest, readManifest } from '../storage/snapshots';
import { countUnwoken, cutoverFacts } from './cutover-facts';
import { noteGreen, readLastGreen } from './last-green';
import { findMetastores } from './metastore-finder';
import { notApplicableWarnings } from './not-applicable';
import { withOpenPoints } from './open-points';
import { readReadiness } from './readiness-judge';
import { requestsBySide } from './requests';
import { retentionFacts } from './retention-facts';
import { isoNow, type RunContext } from './run-context';
import { tallyRun, type Tally } from './tally';
import { readEntered, timingsOf } from './timeline';

/** How the orchestrator left the run. */
export interface Ending {
  /** It did what it was for; for a failover: the cutover. */
  readonly reached: boolean;
  readonly cancelled: boolean;
  /** Why it ended early, in one sentence. */
  readonly reason?: string;
}

/** Writes the report and the summary of a run that is over. A repetition gives the same status. */
export async function writeRunReport(context: RunContext, ending: Ending): Promise<RunSummary> {
  const { request, state } = context;
  const before = await readSummary(state, request.runId);
  const tally = await tallyRun(context);
  const cutover = await cutoverFacts(context);
  const unwoken = await countUnwoken(context, cutover);
  const retention = request.kind === 'retention' ? await retentionFacts(context) : undefined;
  const plain = resultOf(tally, ending.reached, ending.cancelled);
  const result = withOpenPoints(plain, unwoken, tally, retention);
  const { status } = result;
  const endedAt = before?.endedAt ?? isoNow(context);
  const total = Object.values(tally.counts).reduce((sum, count) => sum + count, 0);
  const summary: RunSummary = {
    formatVersion: 1,
    runId: request.runId,
    status,
    reason: ending.reason ?? result.reason,
    counts: { ...tally.counts, total },
    startedAt: request.requestedAt,
    endedAt,
    ...(await objectives(context, cutover?.switched === true, endedAt)),
  };
  const input = await inputOf(context, summary, tally, cutover);
  const report = makeReport({ ...input, ...(retention && { retention }) });
  await writeReport(state, request.runId, report, reportPage(report));
  await writeSummary(state, summary);
  // What comes later is compared with it: a retention run has nothing to compare.
  if (status === 'succeeded' && request.kind !== 'retention') await noteGreen(state, request);
  return summary;
}

/** Recovery time and recovery point, counted from the outage where it is known. */
async function objectives(
  context: RunContext,
  switched: boolean,
  endedAt: string,
): Promise<Pick<RunSummary, 'rtoSeconds' | 'rpoSeconds' | 'snapshot'>> {
  const { request } = context;
  const id =
    (await readPlanHead(context.state, request.runId))?.snapshot ??
    (await readLatest(context, request.pair))?.id;
  if (id === undefined) return {};
  const manifest = await findManifest(context, id);
  const from = request.outageAt ?? request.requestedAt;
  const liveAt = (await readEntered(context, request.runId)).reporting ?? endedAt;
  const seconds = (start: string, end: string): number =>
    Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000);
  if (request.kind !== 'failover') return { snapshot: id };
  return {
    snapshot: id,
    ...(manifest === undefined ? {} : { rpoSeconds: seconds(manifest.startedAt, from) }),
    ...(switched ? { rtoSeconds: seconds(from, liveAt) } : {}),
  };
}

/** The manifest, unless it is damaged: a run that fails for it ends with a report all the same. */
async function findManifest(context: RunContext, id: string): Promise<Manifest | undefined> {
  try {
    return await readManifest(context, context.pair.name, id);
  } catch (error) {
    if (!hasCode(error, 'DR_BODY_CORRUPT', 'DR_SNAPSHOT_MISSING', 'DR_BLOB_FORMAT')) throw error;
    return undefined;
  }
}

async function inputOf(
  context: RunContext,
  summary: RunSummary,
  tally: Tally,
  cutover: CutoverFacts | undefined,
): Promise<ReportInput> {
  const { request, state, pair } = context;
  const now = await readState(state, pair.name, isoNow(context));
  const plan = await readPlanHead(state, request.runId);
  const snapshot = summary.snapshot === undefined ? undefined : await findManifest(context, summary.snapshot);
  const lastGreen = await readLastGreen(state, request);
  const preflight = await readOwnPreflight(context);
  return {
    request,
    summary,
    sides: { primary: await sideFacts(context, 'primary'), secondary: await sideFacts(context, 'secondary') },
    kinds: tally.kinds,
    outcomes: tally.outcomes,
    excepted: tally.excepted,
    active: now.active,
    tenure: now.tenure,
    readiness: (await readReadiness(context, request.runId))?.jobs ?? [],
    phases: await timingsOf(context, summary.endedAt),
    requests: await requestsBySide(context),
    decisions: (await readApproval(state, request.runId))?.decisions ?? [],
    missing: tally.missing,
    notCarried,
    trusted: plan?.trusted ?? [],
    metastores: plan === undefined ? [] : await findMetastores(context),
    retire: tally.retire,
    warnings: [...settingsWithoutEffect(pair), ...notApplicableWarnings(context, snapshot, plan)],
    ...(snapshot === undefined ? {} : { snapshot: { id: snapshot.id, sealedAt: snapshot.sealedAt } }),
    ...(cutover === undefined ? {} : { cutover }),
    ...(lastGreen === undefined ? {} : { lastGreen }),
    ...(preflight === undefined ? {} : { preflight }),
    ...tally.facts,
  };
}

function settingsWithoutEffect(pair: RunContext['pair']): string[] {
  return unbuiltInPair(pair, 0).map(({ path, message }) => `${path} ${message}`);
}

/** What the look at the pair said that this run made. */
async function readOwnPreflight({ state, pair, request }: RunContext): Promise<Preflight | undefined> {
  const stored = await readDocument<Preflight>(state, paths.preflight(pair.name));
  return stored !== undefined && stored.value.runId === request.runId ? stored.value : undefined;
}

async function sideFacts(context: RunContext, side: Side): Promise<SideFacts> {
  const { region, url } = context.pair[side];
  const health = await context.probe(side);
  return {
    region,
    url,
    reachable: health.alive,
    token: health.token,
    ...(health.alive ? {} : { fault: health.detail }),
  };
}

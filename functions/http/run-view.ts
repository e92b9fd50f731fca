import type { ActionCounts } from '../../shared/domain/plan';
import {
  noOutcomes,
  outcomes,
  type OutcomeCounts,
  type Phase,
  type RunRequest,
  type RunStatus,
} from '../../shared/domain/run';
import { readApproval } from '../../shared/storage/approval';
import type { BlobStore } from '../../shared/storage/blob-store';
import { sumChunkTallies } from '../../shared/storage/chunk-tallies';
import { readPlanHead, readSummary } from '../../shared/storage/runs';
import type { Hub, Instance } from '../app/hub';

/** A run as the status routes show it. */
export interface RunView {
  readonly id: string;
  readonly kind: string;
  readonly pair: string;
  readonly dryRun: boolean;
  readonly status: RunStatus;
  /** Why it ended as it did. */
  readonly reason: string | null;
  readonly phase: Phase;
  readonly wave: number;
  readonly waves: number;
  readonly counts: OutcomeCounts & { readonly total: number };
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** The decision that it waits for. */
  readonly approval: { readonly point: number; readonly openedAt: string; readonly planHash: string } | null;
  readonly links: Readonly<Record<string, string>>;
}

/** How a run stands: from its summary when it is over, else from the task hub and its books. */
export async function viewRun(state: BlobStore, hub: Hub, request: RunRequest): Promise<RunView> {
  const { runId, kind, pair, dryRun, requestedAt: startedAt } = request;
  const base = { id: runId, kind, pair, dryRun, startedAt };
  const summary = await readSummary(state, runId);
  if (summary !== undefined) {
    const { status, reason, counts, endedAt } = summary;
    const over = { phase: 'reporting', wave: 0, waves: 0, approval: null } as const;
    return { ...base, ...over, status, reason, counts, endedAt, links: linksOf(request, false) };
  }
  const instance = await hub.find(runId);
  const { phase, wave, waves } = instance?.progress ?? { phase: 'starting', wave: 0, waves: 0 };
  const ended = instance !== undefined && instance.state !== 'live';
  const approval = phase === 'approving' && !ended ? await openApproval(state, runId) : null;
  return {
    ...base,
    ...endingOf(instance),
    phase,
    wave,
    waves,
    counts: await countsOf(state, runId),
    approval,
    links: linksOf(request, approval !== null),
  };
}

/** An orchestration that is gone and left no summary has failed, whatever it was doing. */
function endingOf(instance: Instance | undefined): Pick<RunView, 'status' | 'reason' | 'endedAt'> {
  if (instance === undefined || instance.state === 'live')
    return { status: 'running', reason: null, endedAt: null };
  return {
    status: 'failed',
    reason: 'its orchestration ended without a report',
    endedAt: instance.updatedAt,
  };
}

async function openApproval(state: BlobStore, runId: string): Promise<RunView['approval']> {
  const approval = await readApproval(state, runId);
  if (approval?.open !== true) return null;
  return { point: approval.point, openedAt: approval.openedAt, planHash: approval.planHash };
}

/** What the plan has settled, and what the chunks have done so far. */
async function countsOf(state: BlobStore, runId: string): Promise<RunView['counts']> {
  const plan = await readPlanHead(state, runId);
  if (plan === undefined) return { ...noOutcomes(), total: 0 };
  const done = await sumChunkTallies(state, runId, 'restoring');
  const settled = settledCounts(plan.counts);
  const counts = noOutcomes();
  for (const verb of outcomes) counts[verb] = settled[verb] + done[verb];
  const total = Object.values(plan.counts).reduce((sum, count) => sum + count, 0) - plan.counts.retire;
  return { ...counts, total };
}

function settledCounts({ unchanged, skip, conflict, blocked }: ActionCounts): OutcomeCounts {
  return { ...noOutcomes(), unchanged, skipped: skip, conflict, blocked };
}

function linksOf({ runId, pair }: RunRequest, asks: boolean): Record<string, string> {
  const self = `/api/runs/${runId}`;
  const links = { self, pair: `/api/pairs/${pair}`, plan: `${self}/plan`, report: `${self}/report` };
  return asks ? { ...links, approve: `${self}/approve`, reject: `${self}/reject` } : links;
}

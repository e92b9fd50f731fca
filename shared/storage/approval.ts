import type { Decision } from '../domain/run';
import { updateDocument, readDocument } from './documents';
import { paths } from './layout';
import type { BlobStore } from './blob-store';

/** A decision and its moment (ISO-8601 UTC). */
export interface PointDecision extends Decision {
  readonly at: string;
  /** Tells two alike that came in one millisecond apart: only the first of them was taken. */
  readonly id?: string;
}

/** A decision point of a run: open until somebody decides. */
export interface Approval {
  readonly formatVersion: 1;
  readonly runId: string;
  /** Number of the point, from 1: the external event is `decision:<n>`. */
  readonly point: number;
  readonly open: boolean;
  readonly openedAt: string;
  /** The plan that is approved. */
  readonly planHash: string;
  readonly timeoutMinutes: number;
  /** Only a person may approve, whatever the policy: jobs that have to run would not. */
  readonly personOnly?: true;
  readonly decisions: readonly PointDecision[];
}

/**
 * Opens the decision point, or finds it open already. A later point replaces an earlier one at which nobody decided: a decision
 * that came at the last moment counts, and is returned with its point.
 */
export async function openPoint(state: BlobStore, fresh: Approval): Promise<Approval> {
  const stored = await updateDocument<Approval>(state, paths.approval(fresh.runId), (current) =>
    current !== undefined && (current.point >= fresh.point || !current.open) ? undefined : fresh,
  );
  return stored ?? fresh;
}

/** Records a decision at the open point and closes it. Undefined when none is open: somebody else was first. */
export async function decidePoint(
  state: BlobStore,
  runId: string,
  decision: PointDecision,
): Promise<Approval | undefined> {
  const isMine = isSame(decision);
  const stored = await updateDocument<Approval>(
    state,
    paths.approval(runId),
    (current) =>
      current?.open === true
        ? { ...current, open: false, decisions: [...current.decisions, decision] }
        : undefined,
    ({ decisions }) => decisions.some(isMine),
  );
  return stored?.decisions.some(isMine) === true ? stored : undefined;
}

/** Records a decision that no point is open for: a run may be cancelled at any time. It counts at a point that would open later. */
export async function noteDecision(state: BlobStore, runId: string, decision: PointDecision): Promise<void> {
  const head = { formatVersion: 1, runId, point: 0, openedAt: decision.at, planHash: '' } as const;
  await updateDocument<Approval>(
    state,
    paths.approval(runId),
    (current) => ({
      ...(current ?? { ...head, timeoutMinutes: 0 }),
      open: false,
      decisions: [...(current?.decisions ?? []), decision],
    }),
    ({ decisions }) => decisions.some(isSame(decision)),
  );
}

function isSame(decision: PointDecision): (other: PointDecision) => boolean {
  return ({ at, who, id }) => at === decision.at && who === decision.who && id === decision.id;
}

/** The decision point of a run, open or not. */
export async function readApproval(state: BlobStore, runId: string): Promise<Approval | undefined> {
  return (await readDocument<Approval>(state, paths.approval(runId)))?.value;
}

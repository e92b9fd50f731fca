import type { Decision } from '../domain/run';
import { updateDocument, readDocument } from './documents';
import { paths } from './layout';
import type { BlobStore } from './blob-store';

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
  /** What the approver should know: one sentence each. */
  readonly notes: readonly string[];
  readonly decisions: readonly (Decision & { readonly at: string })[];
}

/** Opens the decision point, or finds it open already. A later point replaces an earlier one. */
export async function openPoint(state: BlobStore, fresh: Approval): Promise<Approval> {
  const stored = await updateDocument<Approval>(state, paths.approval(fresh.runId), (current) =>
    current !== undefined && current.point >= fresh.point
      ? undefined
      : { ...fresh, decisions: current?.decisions ?? [] },
  );
  return stored ?? fresh;
}

/** Records a decision at the open point and closes it. Undefined when none is open: somebody else was first. */
export async function decidePoint(
  state: BlobStore,
  runId: string,
  decision: Decision & { readonly at: string },
): Promise<Approval | undefined> {
  let won = false;
  const stored = await updateDocument<Approval>(
    state,
    paths.approval(runId),
    (current) => {
      won = current?.open === true;
      if (current?.open !== true) return undefined;
      return { ...current, open: false, decisions: [...current.decisions, decision] };
    },
    (written) => written.decisions.some(({ at, who }) => at === decision.at && who === decision.who),
  );
  return won ? stored : undefined;
}

/** The decision point of a run, open or not. */
export async function readApproval(state: BlobStore, runId: string): Promise<Approval | undefined> {
  return (await readDocument<Approval>(state, paths.approval(runId)))?.value;
}

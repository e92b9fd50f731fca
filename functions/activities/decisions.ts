import type { Decision } from '../../shared/domain/run';
import { approvalOf } from '../../shared/engine/incident-keeper';
import { planOf } from '../../shared/engine/ledger';
import { isoNow, type RunContext } from '../../shared/engine/run-context';
import { decidePoint, openPoint, readApproval, type Approval } from '../../shared/storage/approval';
import type { RunContexts } from '../../shared/run-contexts';
import { activity } from './activity';

interface PointRef {
  readonly runId: string;
  readonly point: number;
}

/** A point that was opened: how long it waits, and what happens then. */
interface OpenedPoint {
  readonly timeoutMinutes: number;
  readonly onTimeout: 'hold' | 'cancel';
  /** Decided already: nobody has to be waited for. */
  readonly decided?: Decision;
}

/** After so many points at which nobody decided, the question is put once a day: the history of the run stays small. */
const urgentPoints = 24;
const dayMinutes = 24 * 60;

/** The activities of a decision: the question, and what counts when nobody answers it. */
export function makeDecisionActivities(contexts: RunContexts) {
  return {
    openDecision: activity((ref: PointRef & { readonly personOnly: boolean }) => openDecision(contexts, ref)),
    expireDecision: activity((ref: PointRef) => expireDecision(contexts, ref)),
  };
}

async function openDecision(
  contexts: RunContexts,
  { runId, point, personOnly }: PointRef & { readonly personOnly: boolean },
): Promise<OpenedPoint> {
  const context = await contexts.open(runId);
  const { approval } = context.pair;
  const timeoutMinutes = Math.max(approval.timeoutMinutes, point > urgentPoints ? dayMinutes : 0);
  const { hash } = await planOf(context);
  const opened = await openPoint(context.state, {
    formatVersion: 1,
    runId,
    point,
    open: true,
    openedAt: isoNow(context),
    planHash: hash,
    timeoutMinutes,
    ...(personOnly ? { personOnly } : {}),
    decisions: [],
  });
  const byPolicy = opened.open && !personOnly ? await decideByPolicy(context) : undefined;
  const decided = opened.open ? byPolicy : lastOf(opened);
  if (decided === undefined) context.log.warn('a cutover waits for approval', { point, timeoutMinutes });
  return { timeoutMinutes, onTimeout: approval.onTimeout, ...(decided === undefined ? {} : { decided }) };
}

/** What an alert brought since the run was judged. One that comes later finds the open point. */
async function decideByPolicy(context: RunContext): Promise<Decision | undefined> {
  const { ask, why } = await approvalOf(context, context.pair, context.request);
  return ask ? undefined : decided(context, { verb: 'approve', who: 'policy', why });
}

/** Closes a point at which nobody decided in time. */
async function expireDecision(contexts: RunContexts, { runId }: PointRef): Promise<Decision> {
  const context = await contexts.open(runId);
  const why = `nobody decided within ${context.pair.approval.timeoutMinutes} minutes`;
  return decided(context, { verb: 'timeout', who: 'policy', why });
}

/** Records a decision, unless somebody was faster. Returns what counts. */
async function decided(context: RunContext, decision: Decision): Promise<Decision> {
  const { runId } = context.request;
  await decidePoint(context.state, runId, { ...decision, at: isoNow(context) });
  const approval = await readApproval(context.state, runId);
  return (approval && lastOf(approval)) ?? decision;
}

function lastOf({ decisions }: Approval): Decision | undefined {
  const last = decisions.at(-1);
  return last && { verb: last.verb, who: last.who, why: last.why };
}

import { randomUUID } from 'node:crypto';
import { applyEvent } from '../../shared/engine/incident-keeper';
import { DrError } from '../../shared/domain/errors';
import type { Decision, RunRequest } from '../../shared/domain/run';
import { decidePoint, noteDecision, type Approval } from '../../shared/storage/approval';
import { requestCancel } from '../../shared/storage/claims';
import { readSummary } from '../../shared/storage/runs';
import type { Runtime } from '../../shared/runtime';
import type { Hub } from './hub';

type DecisionRuntime = Pick<Runtime, 'state' | 'snapshots' | 'now' | 'log' | 'pairOf'>;

/** Records a decision at the open point of a run and tells the run. Throws DR_APPROVAL_NOT_OPEN when none is open. */
export async function decide(
  runtime: DecisionRuntime,
  hub: Hub,
  request: RunRequest,
  decision: Decision,
): Promise<void> {
  const { runId } = request;
  const approval = await record(runtime, runId, decision);
  if (approval === undefined) {
    throw new DrError('DR_APPROVAL_NOT_OPEN', `cannot ${decision.verb} ${runId}: it waits for no decision`);
  }
  runtime.log.info('a decision was made', { runId, verb: decision.verb, who: decision.who });
  if (decision.verb === 'reject') {
    const pair = await runtime.pairOf(request.pair);
    await applyEvent(runtime, pair, { kind: 'rejected', who: decision.who });
  }
  await tell(runtime, hub, runId, approval.point, decision);
}

/**
 * Asks a run to stop: at its open decision point, or else at its next step. Throws DR_APPROVAL_NOT_OPEN when there is nothing to
 * stop, or when its cutover has begun: half of the schedules awake is worse than all of them.
 */
export async function cancel(
  runtime: DecisionRuntime,
  hub: Hub,
  request: RunRequest,
  decision: Decision,
): Promise<void> {
  const { runId, pair } = request;
  const refuse = (why: string): DrError =>
    new DrError('DR_APPROVAL_NOT_OPEN', `cannot cancel ${runId}: ${why}`);
  if ((await readSummary(runtime.state, runId)) !== undefined) throw refuse('it is over');
  const asked = await requestCancel(runtime.state, pair, runId);
  if (!asked) throw refuse('its cutover has begun, or it has no claim that it could give up');
  runtime.log.info('a run is asked to stop', { runId, who: decision.who });
  const approval = await record(runtime, runId, decision);
  if (approval !== undefined) await tell(runtime, hub, runId, approval.point, decision);
  else await noteDecision(runtime.state, runId, { ...decision, at: isoNow(runtime) });
}

function record(runtime: DecisionRuntime, runId: string, decision: Decision): Promise<Approval | undefined> {
  return decidePoint(runtime.state, runId, { ...decision, at: isoNow(runtime), id: randomUUID() });
}

/** What is recorded counts: the probe timer tells a run that was not reached. */
async function tell(
  runtime: DecisionRuntime,
  hub: Hub,
  runId: string,
  point: number,
  decision: Decision,
): Promise<void> {
  try {
    await hub.raise(runId, `decision:${point}`, decision);
  } catch {
    runtime.log.warn('a decision is recorded and waits to be delivered', { runId, point });
  }
}

function isoNow(runtime: Pick<Runtime, 'now'>): string {
  return new Date(runtime.now()).toISOString();
}

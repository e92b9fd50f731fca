import type { PairConfig } from '../config/schema';
import { DrError } from '../domain/errors';
import type { RunRequest } from '../domain/run';
import type { PairState } from '../domain/state';
import type { BlobStores } from '../storage/blob-store';
import { updateState } from '../storage/pair-state';
import { applyEvent } from './incident-keeper';
import { isoNow, type RunContext } from './run-context';

/** Marks that this run is quieting the source; from now on a crash is continued, not begun again. */
export async function beginCutover(context: RunContext): Promise<void> {
  await change(context, (state) => {
    if (isOurs(context, state)) return undefined;
    if (state.active !== context.source) throw notOurs(context, state);
    return { ...state, cutover: 'fencing', runId: context.request.runId };
  });
}

function notOurs({ pair }: RunContext, { active, runId }: PairState): DrError {
  const message = `cannot switch ${pair.name}: ${active} is active already, by run ${runId ?? 'unknown'}`;
  return new DrError('DR_CLAIM_LOST', message);
}

/**
 * Moves the active role to the target: one small record with one rule, never both active. The one step that cannot be half done.
 * A repetition by the same run changes nothing. Returns the new state.
 */
export function switchActive(context: RunContext, fenced: boolean): Promise<PairState> {
  return change(context, (state) => {
    if (isOurs(context, state) && state.active === context.target) return undefined;
    if (state.active !== context.source) throw notOurs(context, state);
    const now = isoNow(context);
    return {
      formatVersion: 1,
      active: context.target,
      tenure: state.tenure + 1,
      since: now,
      committed: false,
      cutover: 'switched',
      runId: context.request.runId,
      fenceRunId: context.request.runId,
      fence: fenced ? 'done' : 'pending',
      ...(fenced ? { fencedAt: now } : {}),
    };
  });
}

/** Records how far the waking is: `waking`, then `none` when everything that may wake has been woken. */
export async function markWaking(context: RunContext, cutover: 'waking' | 'none'): Promise<void> {
  await change(context, (state) =>
    isOurs(context, state) && state.cutover !== cutover ? { ...state, cutover } : undefined,
  );
}

/** Records that the side that this run left behind is quiet. */
export async function markFenced(context: RunContext): Promise<void> {
  await change(context, (state) =>
    state.fence === 'pending' && state.fenceRunId === context.request.runId
      ? { ...state, fence: 'done', fencedAt: isoNow(context) }
      : undefined,
  );
}

/**
 * Ends what a failover that is over had begun: a cutover that did not come to its switch is given up, so that the clock goes on,
 * and the incident learns how it ended. Repeatable; also for a run that left nothing but its claim.
 */
export async function closeFailover(
  runtime: BlobStores & { now(): number },
  pair: PairConfig,
  { runId, source }: RunRequest,
  why: string,
): Promise<void> {
  const nowIso = new Date(runtime.now()).toISOString();
  const state = await updateState(runtime.state, pair.name, nowIso, (now) =>
    now.runId === runId && now.cutover === 'fencing' ? { ...now, cutover: 'none' } : undefined,
  );
  const cutOver = state.runId === runId && state.active !== source;
  await applyEvent(runtime, pair, { kind: 'runEnded', cutOver, why });
}

function isOurs(context: RunContext, state: PairState): boolean {
  return state.runId === context.request.runId;
}

function change(
  context: RunContext,
  decide: (state: PairState) => PairState | undefined,
): Promise<PairState> {
  return updateState(context.state, context.pair.name, isoNow(context), decide);
}

import { DrError } from '../domain/errors';
import type { PairState } from '../domain/state';
import { updateState } from '../storage/pair-state';
import { isoNow, type RunContext } from './run-context';

/** Marks that this run is quieting the source; from now on a crash is continued, not begun again. */
export async function beginCutover(context: RunContext): Promise<void> {
  await change(context, (state) =>
    isOurs(context, state) ? undefined : { ...state, cutover: 'fencing', runId: context.request.runId },
  );
}

/**
 * Moves the active role to the target: one small record with one rule, never both active. The one step that cannot be half done.
 * A repetition by the same run changes nothing. Returns the new state.
 */
export function switchActive(context: RunContext, fenced: boolean): Promise<PairState> {
  return change(context, (state) => {
    if (isOurs(context, state) && state.active === context.target) return undefined;
    if (state.active !== context.source) {
      throw new DrError(
        'DR_CLAIM_LOST',
        `cannot switch ${context.pair.name}: ${state.active} is active already, by run ${state.runId ?? 'unknown'}`,
      );
    }
    const now = isoNow(context);
    return {
      formatVersion: 1,
      active: context.target,
      tenure: state.tenure + 1,
      since: now,
      committed: false,
      cutover: 'switched',
      runId: context.request.runId,
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

/** Records that the side that is no longer active is quiet. */
export async function markFenced(context: RunContext): Promise<void> {
  await change(context, (state) =>
    state.fence === 'pending' ? { ...state, fence: 'done', fencedAt: isoNow(context) } : undefined,
  );
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

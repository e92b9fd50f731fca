import type { OrchestrationContext } from 'durable-functions';
import type { Wave } from '../../shared/domain/plan';
import type { Phase } from '../../shared/domain/run';
import {
  call,
  callChildren,
  callEach,
  maxFanOut,
  pause,
  resultOfError,
  type ChildResult,
  type Steps,
} from './steps';

/** Lanes of a wave: each does one chunk after another, so that no history grows and nothing fans out without bound. */
const lanes = 4;
/** Waits before a pass that follows one without progress (ms); after the last of them what is left has failed. */
const waitsMs: readonly number[] = [15_000, 60_000, 240_000];
/** The same for work that comes round again: what is left then is left, and does not keep the rest waiting. */
const roundWaitsMs: readonly number[] = [15_000, 60_000];

export type ItemActivity = 'restoreItem' | 'verifyItem' | 'retireItem' | 'wakeItem';

/** The work of one lane: chunks `chunk`, `chunk + step`, … of a wave. */
export interface LaneWork {
  readonly runId: string;
  readonly phase: Phase;
  readonly activity: ItemActivity;
  readonly wave: number;
  /** Work items of every chunk of the wave. */
  readonly chunkItems: readonly number[];
  readonly chunk: number;
  readonly step: number;
  /** Wait after each work item of a chunk (ms): bounds how fast schedules wake. */
  readonly msPerItem: number;
  /** What cannot be done now is tried again in a later round: nothing has failed yet. */
  readonly isRound: boolean;
  /** Work items that the chunks before left for a later round. */
  readonly left: number;
}

/** How a lane ended, and how many work items it left for a later round. */
interface LaneResult extends ChildResult {
  readonly left?: number;
}

/** One lane: a chunk, then itself again with the next one. Never throws. */
export function* lane(context: OrchestrationContext): Steps<LaneResult> {
  const work = context.df.getInput<LaneWork>();
  let left = work.left;
  try {
    left += yield* runChunk(context, work);
  } catch (error) {
    return resultOfError(error);
  }
  const chunk = work.chunk + work.step;
  if (chunk < work.chunkItems.length) context.df.continueAsNew({ ...work, chunk, left });
  return { left };
}

/**
 * One chunk: all of its work items side by side, then what is left of them again, until nothing is left or nothing helps.
 * Returns how many it left for a later round.
 */
function* runChunk(context: OrchestrationContext, work: LaneWork): Steps<number> {
  const { runId, phase, wave, chunk, isRound } = work;
  const waits = isRound ? roundWaitsMs : waitsMs;
  const items = work.chunkItems[chunk] ?? 0;
  let open = Array.from({ length: items }, (_none, item) => item);
  let idlePasses = 0;
  let done = -1;
  while (open.length > 0) {
    yield* callEach(
      context,
      work.activity,
      open.map((item) => ({ runId, phase, wave, chunk, item })),
    );
    const isLast = idlePasses === waits.length;
    const final = isLast && !isRound;
    const settled = yield* call(context, 'settleChunk', { runId, phase, wave, chunk, items, final });
    idlePasses = settled.done > done ? 0 : idlePasses + 1;
    done = settled.done;
    open = settled.left;
    if (isLast && idlePasses > 0) break;
    if (open.length > 0) yield* pause(context, waits[idlePasses - 1] ?? 0);
  }
  yield* pause(context, Math.ceil(items * work.msPerItem));
  return open.length;
}

export interface WaveWork {
  readonly runId: string;
  readonly phase: Phase;
  readonly activity: ItemActivity;
  /** One lane only, with this wait after each work item (ms). @default as many lanes as pay */
  readonly msPerItem?: number;
  /** The waves are walked again and again until nothing is left. @default once */
  readonly round?: Round;
}

/** One walk through the waves; after the last one what is left has failed. */
export interface Round {
  readonly number: number;
  readonly isLast: boolean;
}

/**
 * Walks the waves of a plan in order. A small wave runs inline: a warm failover must not pay for hops.
 * Returns how many work items are left for a later round.
 */
export function* eachWave(
  context: OrchestrationContext,
  waves: readonly Wave[],
  work: WaveWork,
): Steps<number> {
  const full = waves.filter(({ chunkItems }) => chunkItems.length > 0);
  let left = 0;
  for (const [number, { wave, chunkItems }] of full.entries()) {
    context.df.setCustomStatus({ phase: work.phase, wave: number + 1, waves: full.length });
    left += yield* runWave(context, wave, chunkItems, work);
    yield* call(context, 'sealWave', { runId: work.runId, phase: work.phase, wave });
  }
  return left;
}

function* runWave(
  context: OrchestrationContext,
  wave: number,
  chunkItems: readonly number[],
  { runId, phase, activity, msPerItem, round }: WaveWork,
): Steps<number> {
  const items = chunkItems.reduce((sum, count) => sum + count, 0);
  const step = msPerItem === undefined ? Math.min(lanes, chunkItems.length) : 1;
  const isRound = round?.isLast === false;
  const each = { runId, phase, activity, wave, chunkItems, step, msPerItem: msPerItem ?? 0, isRound };
  const laneWork = (chunk: number): LaneWork => ({ ...each, chunk, left: 0 });
  if (items <= maxFanOut) {
    let left = 0;
    for (let chunk = 0; chunk < chunkItems.length; chunk += 1)
      left += yield* runChunk(context, laneWork(chunk));
    return left;
  }
  const suffix = round === undefined || round.number === 1 ? '' : `:r${round.number}`;
  const children = Array.from({ length: step }, (_none, chunk) => ({
    id: `${runId}:${phase}:w${wave}:l${chunk}${suffix}`,
    input: laneWork(chunk),
  }));
  const results: readonly LaneResult[] = yield* callChildren(context, 'lane', children);
  return results.reduce((sum, { left = 0 }) => sum + left, 0);
}

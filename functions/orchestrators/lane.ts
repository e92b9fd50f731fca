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
const waitsMs = [15_000, 60_000, 240_000] as const;

export type ItemActivity = 'restoreItem' | 'verifyItem' | 'wakeItem';

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
}

/** One lane: a chunk, then itself again with the next one. Never throws. */
export function* lane(context: OrchestrationContext): Steps<ChildResult> {
  const work = context.df.getInput<LaneWork>();
  try {
    yield* runChunk(context, work);
  } catch (error) {
    return resultOfError(error);
  }
  const chunk = work.chunk + work.step;
  if (chunk < work.chunkItems.length) context.df.continueAsNew({ ...work, chunk });
  return {};
}

/** One chunk: all of its work items side by side, then what is left of them again, until nothing is left or nothing helps. */
function* runChunk(context: OrchestrationContext, work: LaneWork): Steps<void> {
  const { runId, phase, wave, chunk } = work;
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
    const final = idlePasses === waitsMs.length;
    const settled = yield* call(context, 'settleChunk', { runId, phase, wave, chunk, items, final });
    idlePasses = settled.done > done ? 0 : idlePasses + 1;
    done = settled.done;
    open = settled.left;
    if (open.length > 0) yield* pause(context, waitsMs[idlePasses - 1] ?? 0);
  }
  yield* pause(context, Math.ceil(items * work.msPerItem));
}

export interface WaveWork {
  readonly runId: string;
  readonly phase: Phase;
  readonly activity: ItemActivity;
  /** One lane only, with this wait after each work item (ms). @default as many lanes as pay */
  readonly msPerItem?: number;
}

/** Walks the waves of a plan in order. A small wave runs inline: a warm failover must not pay for hops. */
export function* eachWave(
  context: OrchestrationContext,
  waves: readonly Wave[],
  work: WaveWork,
): Steps<void> {
  const full = waves.filter(({ chunkItems }) => chunkItems.length > 0);
  for (const [number, { wave, chunkItems }] of full.entries()) {
    context.df.setCustomStatus({ phase: work.phase, wave: number + 1, waves: full.length });
    yield* runWave(context, wave, chunkItems, work);
    yield* call(context, 'sealWave', { runId: work.runId, phase: work.phase, wave });
  }
}

function* runWave(
  context: OrchestrationContext,
  wave: number,
  chunkItems: readonly number[],
  { runId, phase, activity, msPerItem }: WaveWork,
): Steps<void> {
  const items = chunkItems.reduce((sum, count) => sum + count, 0);
  const step = msPerItem === undefined ? Math.min(lanes, chunkItems.length) : 1;
  const first: LaneWork = {
    runId,
    phase,
    activity,
    wave,
    chunkItems,
    chunk: 0,
    step,
    msPerItem: msPerItem ?? 0,
  };
  if (items <= maxFanOut) {
    for (let chunk = 0; chunk < chunkItems.length; chunk += 1) yield* runChunk(context, { ...first, chunk });
    return;
  }
  const children = Array.from({ length: step }, (_none, chunk) => ({
    id: `${runId}:${phase}:w${wave}:l${chunk}`,
    input: { ...first, chunk },
  }));
  yield* callChildren(context, 'lane', children);
}

import type { OrchestrationContext } from 'durable-functions';
import {
  call,
  callChildren,
  callEach,
  chunksOf,
  pause,
  resultOfError,
  RunFailed,
  type ChildResult,
  type Steps,
} from './steps';

const lanes = 4;
const waitsMs = [15_000, 60_000, 240_000] as const;
/** Packs that one generation of an export does. */
const packsAGeneration = 50;

/** `exportPartition`: each user's home is one. `planUnit`: the same units, planned. */
export type UnitStep = 'exportPartition' | 'planUnit';

export interface UnitLaneWork {
  readonly runId: string;
  readonly step: UnitStep;
  readonly units: number;
  readonly chunk: number;
  readonly lanes: number;
}

/** Does `step` for every unit, a bounded number side by side. */
export function* eachUnit(
  context: OrchestrationContext,
  runId: string,
  step: UnitStep,
  units: number,
): Steps<void> {
  const chunks = chunksOf(units).length;
  const work: UnitLaneWork = { runId, step, units, chunk: 0, lanes: Math.min(lanes, chunks) };
  if (chunks <= 1) {
    yield* runUnits(context, work);
    return;
  }
  const children = Array.from({ length: work.lanes }, (_none, chunk) => ({
    id: `${runId}:${step}:l${chunk}`,
    input: { ...work, chunk },
  }));
  yield* callChildren(context, 'unitLane', children);
}

/** One lane of units: a chunk of at most ten, then itself again with the next one. Never throws. */
export function* unitLane(context: OrchestrationContext): Steps<ChildResult> {
  const work = context.df.getInput<UnitLaneWork>();
  try {
    yield* runUnits(context, work);
  } catch (error) {
    return resultOfError(error);
  }
  const chunk = work.chunk + work.lanes;
  if (chunk < chunksOf(work.units).length) context.df.continueAsNew({ ...work, chunk });
  return {};
}

function* runUnits(context: OrchestrationContext, { runId, step, units, chunk }: UnitLaneWork): Steps<void> {
  const numbers = chunksOf(units)[chunk] ?? [];
  if (step === 'planUnit') yield* planUnits(context, runId, numbers);
  else {
    const children = numbers.map((unit) => ({
      id: `${runId}:export:${unit}`,
      input: { runId, unit },
    }));
    yield* callChildren(context, 'exportPartition', children);
  }
}

/** Passes go on as long as they help. */
function* planUnits(context: OrchestrationContext, runId: string, units: readonly number[]): Steps<void> {
  let open: readonly number[] = units;
  let before = Infinity;
  for (let idlePasses = 0; ;) {
    yield* callEach(
      context,
      'planUnit',
      open.map((unit) => ({ runId, unit })),
    );
    const { left, fault } = yield* call(context, 'settleUnits', { runId, units: open });
    if (fault !== undefined) throw new RunFailed(fault);
    if (left.length === 0) return;
    idlePasses = left.length < before ? 0 : idlePasses + 1;
    const waitMs = waitsMs[idlePasses];
    if (waitMs === undefined) break;
    before = left.length;
    open = left;
    yield* pause(context, waitMs);
  }
  throw new RunFailed(`the planning of ${open.length} partitions did not end, however often it was tried`);
}

/** The work of one generation: its history stays small, however many notebooks a home has and however many passes they take. */
export interface ExportWork {
  readonly runId: string;
  readonly unit: number;
  /** Packs to do; absent in the first generation, which makes the listing. */
  readonly todo?: readonly number[];
  /** Packs that the last pass left, and how many passes before it changed nothing. */
  readonly left?: number;
  readonly idlePasses?: number;
}

/** Exports one partition: lists it, fetches what changed pack by pack, seals its indexes. Never throws. */
export function* exportPartition(context: OrchestrationContext): Steps<ChildResult> {
  try {
    const next = yield* exportSome(context, context.df.getInput<ExportWork>());
    if (next !== undefined) context.df.continueAsNew(next);
    return {};
  } catch (error) {
    return resultOfError(error);
  }
}

/** One generation. Returns what the next one has to do. */
function* exportSome(context: OrchestrationContext, work: ExportWork): Steps<ExportWork | undefined> {
  const { runId, unit, left = Infinity, idlePasses = 0 } = work;
  const todo = work.todo ?? numbersTo((yield* call(context, 'exportListing', { runId, unit })).packs);
  yield* exportPacks(context, runId, unit, todo.slice(0, packsAGeneration));
  if (todo.length > packsAGeneration) return { ...work, todo: todo.slice(packsAGeneration) };
  const { again } = yield* call(context, 'sealUnit', { runId, unit, final: false });
  if (again.length === 0) return undefined;
  const idle = again.length < left ? 0 : idlePasses + 1;
  const waitMs = waitsMs[idle];
  if (waitMs !== undefined) {
    yield* pause(context, waitMs);
    return { runId, unit, todo: again, left: again.length, idlePasses: idle };
  }
  // What is missing is recorded as failed.
  yield* call(context, 'sealUnit', { runId, unit, final: true });
  return undefined;
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_none, number) => number);
}

function* exportPacks(
  context: OrchestrationContext,
  runId: string,
  unit: number,
  packs: readonly number[],
): Steps<void> {
  for (const some of chunksOf(packs.length)) {
    yield* callEach(
      context,
      'exportPack',
      some.map((offset) => ({ runId, unit, pack: packs[offset] ?? 0 })),
    );
  }
}

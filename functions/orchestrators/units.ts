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
/** Packs that one generation of an export does: keeps its history small, however many notebooks a home has. */
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
      input: { runId, unit, pack: 0 },
    }));
    yield* callChildren(context, 'exportPartition', children);
  }
}

function* planUnits(context: OrchestrationContext, runId: string, units: readonly number[]): Steps<void> {
  let open: readonly number[] = units;
  for (const waitMs of [...waitsMs, 0]) {
    yield* callEach(
      context,
      'planUnit',
      open.map((unit) => ({ runId, unit })),
    );
    const { left, fault } = yield* call(context, 'settleUnits', { runId, units: open });
    if (fault !== undefined) throw new RunFailed(fault);
    if (left.length === 0) return;
    open = left;
    yield* pause(context, waitMs);
  }
  throw new RunFailed(`the planning of ${open.length} partitions did not end, however often it was tried`);
}

export interface ExportWork {
  readonly runId: string;
  readonly unit: number;
  /** The first pack of this generation; the listing is made by the first generation. */
  readonly pack: number;
  readonly packs?: number;
}

/** Exports one partition: lists it, fetches what changed pack by pack, seals its indexes. Never throws. */
export function* exportPartition(context: OrchestrationContext): Steps<ChildResult> {
  const work = context.df.getInput<ExportWork>();
  const { runId, unit } = work;
  try {
    const packs = work.packs ?? (yield* call(context, 'exportListing', { runId, unit })).packs;
    const end = Math.min(packs, work.pack + packsAGeneration);
    const numbers = Array.from({ length: end - work.pack }, (_none, offset) => work.pack + offset);
    yield* exportPacks(context, runId, unit, numbers);
    if (end < packs) {
      context.df.continueAsNew({ ...work, packs, pack: end });
      return {};
    }
    yield* sealUnit(context, runId, unit);
    return {};
  } catch (error) {
    return resultOfError(error);
  }
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

/** Seals a unit; packs that are not complete are tried again first, then what is missing is recorded as failed. */
function* sealUnit(context: OrchestrationContext, runId: string, unit: number): Steps<void> {
  for (const waitMs of waitsMs) {
    const { again } = yield* call(context, 'sealUnit', { runId, unit, final: false });
    if (again.length === 0) return;
    yield* pause(context, waitMs);
    yield* exportPacks(context, runId, unit, again);
  }
  yield* call(context, 'sealUnit', { runId, unit, final: true });
}

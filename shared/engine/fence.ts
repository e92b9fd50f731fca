import { keyOf, parseKey, type AssetKey, type Stub } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import { excluder } from '../domain/scope';
import type { AwakeEntry } from '../domain/state';
import { addLateAwake } from '../storage/late-awake';
import {
  awakeRecord,
  endingTenure,
  sealAwakeRecord,
  triggeredAdapters,
  type TriggeredAdapter,
} from './awake';
import { listUnit } from './listing';
import type { RunContext } from './run-context';
import { linesById } from './snapshot-bodies';

/** How far the quieting of a side has come. */
export interface FenceState {
  /** Quieted by this call. */
  readonly quieted: number;
  /** May still start work there. */
  readonly left: readonly AssetKey[];
  /** Why it is not complete; undefined when it is. */
  readonly incomplete?: string;
}

/**
 * A slice of quieting begins nothing new after this time (ms). It reads again what earlier slices have quieted, so it has to be
 * long enough for the jobs of a large estate at the pace of its API: a minute would never come to the last of 2,000.
 */
const sliceMs = 600_000;
/** Assets that are read, written down and quieted together. */
const batch = 50;

/** What a fence goes by, and what it has come to. */
interface Fencing {
  readonly record: ReadonlyMap<AssetKey, AwakeEntry>;
  readonly deadlineMs: number;
  readonly left: AssetKey[];
  sealed: boolean;
  quieted: number;
  lastFault?: string;
}

interface Awake {
  readonly stub: Stub;
  readonly body: object;
  readonly triggers: readonly string[];
}

/**
 * Quiets everything that is awake at the source: what the record names, and what came since. Repeatable: each is read first, and
 * what is quiet already is left alone. Changes only triggers. A side that refuses is as little fenced as one that is not there.
 */
export async function fenceSource(context: RunContext): Promise<FenceState> {
  const record = new Map((await awakeRecord(context)).map((entry) => [entry.key, entry]));
  const health = await context.probe(context.source);
  if (!health.alive) {
    const incomplete = `the source cannot be reached: ${health.detail}`;
    return { quieted: 0, left: [...record.keys()], incomplete };
  }
  const deadlineMs = context.now() + sliceMs;
  const fencing: Fencing = { record, deadlineMs, left: [], sealed: false, quieted: 0 };
  // The other way round than they wake: what still starts until it is quieted needs these.
  const last = (adapter: TriggeredAdapter): number => (adapter.wakesFirst === true ? 1 : 0);
  for (const adapter of triggeredAdapters().toSorted((a, b) => last(a) - last(b)))
    await fenceKind(context, adapter, fencing);
  const { quieted, left, lastFault } = fencing;
  const incomplete = lastFault ?? (left.length === 0 ? undefined : `${left.length} are still to be quieted`);
  return { quieted, left, ...(incomplete === undefined ? {} : { incomplete }) };
}

async function fenceKind(context: RunContext, adapter: TriggeredAdapter, fencing: Fencing): Promise<void> {
  let candidates: Stub[];
  try {
    candidates = await candidatesOf(context, adapter, fencing);
  } catch (error) {
    fencing.lastFault = faultOf(error);
    fencing.left.push(...[...fencing.record.keys()].filter((key) => parseKey(key).kind === adapter.kind));
    return;
  }
  for (let start = 0; start < candidates.length; start += batch)
    await fenceSome(context, adapter, candidates.slice(start, start + batch), fencing);
}

/** What has to be looked at: named by the record, or not as the snapshot has it. */
async function candidatesOf(
  context: RunContext,
  { kind }: TriggeredAdapter,
  { record }: Fencing,
): Promise<Stub[]> {
  const { stubs, notApplicable } = await listUnit(context.from, { partition: kind, kinds: [kind] });
  const answer = notApplicable.get(kind);
  // A region that comes back may answer like that before it is well: what was awake there is not quiet because nobody finds it.
  if (answer !== undefined && [...record.keys()].some((key) => parseKey(key).kind === kind))
    throw new DrError(
      'DR_NOT_DISCOVERED',
      `cannot list what was awake: the source has no ${kind} (${answer})`,
    );
  const lines = await linesById(context, kind);
  return (stubs.get(kind) ?? []).filter(
    ({ id, version }) =>
      record.has(keyOf(kind, id)) || version === undefined || lines.get(id)?.version !== version,
  );
}

async function fenceSome(
  context: RunContext,
  adapter: TriggeredAdapter,
  stubs: readonly Stub[],
  fencing: Fencing,
): Promise<void> {
  const awake: Awake[] = [];
  const excludedBy = excluder(context.pair.scope);
  await context.from.each(stubs, (stub) =>
    attempt(context, fencing, keyOf(adapter.kind, stub.id), async () => {
      const body = stub.body ?? (await adapter.export(context.from, stub));
      const triggers = adapter.triggers.awake(body);
      const isExcluded = excludedBy(keyOf(adapter.kind, stub.id), adapter.tags?.(body)) !== undefined;
      if (triggers.length > 0 && !isExcluded) awake.push({ stub, body, triggers });
    }),
  );
  if (awake.length === 0) return;
  await writeDown(context, adapter, awake, fencing);
  await context.from.each(awake, ({ stub, body }) =>
    attempt(context, fencing, keyOf(adapter.kind, stub.id), async () => {
      await adapter.triggers.quiet(context.from, stub.id, body);
      fencing.quieted += 1;
    }),
  );
}

/** Before the first of them is paused: afterwards nobody could tell what was awake. */
async function writeDown(
  context: RunContext,
  { kind }: TriggeredAdapter,
  awake: readonly Awake[],
  fencing: Fencing,
): Promise<void> {
  const { record } = fencing;
  if (!fencing.sealed) await sealAwakeRecord(context, [...record.values()]);
  fencing.sealed = true;
  const late = awake.flatMap(({ stub: { id, name }, triggers }) =>
    record.has(keyOf(kind, id)) ? [] : [{ key: keyOf(kind, id), name, triggers }],
  );
  await addLateAwake(context.state, context.pair.name, await endingTenure(context), late);
}

/** One step for one asset, as long as there is time; what goes wrong leaves it to the next slice. */
async function attempt(
  context: RunContext,
  fencing: Fencing,
  key: AssetKey,
  step: () => Promise<void>,
): Promise<void> {
  try {
    if (context.now() >= fencing.deadlineMs) fencing.left.push(key);
    else await step();
  } catch (error) {
    // Deleted since it was listed: as quiet as it can be.
    if (hasCode(error, 'DR_ASSET_VANISHED', 'DR_API_NOT_FOUND')) return;
    fencing.lastFault = faultOf(error);
    fencing.left.push(key);
  }
}

/** The message of what may stay undone. Throws what has to end the work. */
function faultOf(error: unknown): string {
  if (!(error instanceof DrError) || hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) throw error;
  return error.message;
}

import { keyOf, type AssetKey, type Stub } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { AwakeEntry } from '../domain/state';
import { addLateAwake } from '../storage/late-awake';
import { endingTenure, sealAwakeRecord, triggeredAdapters, type TriggeredAdapter } from './awake';
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

interface Candidate {
  readonly adapter: TriggeredAdapter;
  readonly stub: Stub;
  readonly entry?: AwakeEntry;
}

/**
 * Quiets everything that is awake at the source: what the sealed record names, and what came since.
 * Repeatable: each is read first, and what is quiet already is left alone. Changes only triggers.
 */
export async function fenceSource(context: RunContext): Promise<FenceState> {
  const record = new Map((await sealAwakeRecord(context)).map((entry) => [entry.key, entry]));
  const health = await context.probe(context.source);
  if (!health.alive) {
    return {
      quieted: 0,
      left: [...record.keys()],
      incomplete: `the source cannot be reached: ${health.detail}`,
    };
  }
  const left: AssetKey[] = [];
  const late: AwakeEntry[] = [];
  let quieted = 0;
  let lastFault: string | undefined;
  for (const adapter of triggeredAdapters()) {
    const candidates = await candidatesOf(context, adapter, record);
    await context.from.each(candidates, async (candidate) => {
      const key = keyOf(adapter.kind, candidate.stub.id);
      try {
        if (context.now() >= context.deadlineMs) left.push(key);
        else if (await quietOne(context, candidate, late)) quieted += 1;
      } catch (error) {
        if (!(error instanceof DrError) || hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) throw error;
        left.push(key);
        lastFault = error.message;
      }
    });
  }
  await addLateAwake(context.state, context.pair.name, await endingTenure(context), late);
  if (left.length === 0) return { quieted, left };
  return { quieted, left, incomplete: lastFault ?? `${left.length} are still to be quieted` };
}

/** What has to be looked at: named by the record, or not as the snapshot has it. */
async function candidatesOf(
  context: RunContext,
  adapter: TriggeredAdapter,
  record: ReadonlyMap<AssetKey, AwakeEntry>,
): Promise<Candidate[]> {
  const { stubs } = await listUnit(context.from, { partition: adapter.kind, kinds: [adapter.kind] });
  const lines = await linesById(context, adapter.kind);
  return (stubs.get(adapter.kind) ?? []).flatMap((stub): Candidate[] => {
    const line = lines.get(stub.id);
    const changed = stub.version === undefined || line?.version !== stub.version;
    const entry = record.get(keyOf(adapter.kind, stub.id));
    if (entry === undefined && !changed) return [];
    return [{ adapter, stub, ...(entry === undefined ? {} : { entry }) }];
  });
}

/** Quiets one asset when it is awake. Returns whether it was. */
async function quietOne(context: RunContext, candidate: Candidate, late: AwakeEntry[]): Promise<boolean> {
  const { adapter, stub, entry } = candidate;
  const body = stub.body ?? (await adapter.export(context.from, stub));
  const triggers = adapter.triggers.awake(body);
  if (triggers.length === 0) return false;
  if (entry === undefined) late.push({ key: keyOf(adapter.kind, stub.id), name: stub.name, triggers });
  await adapter.triggers.quiet(context.from, stub.id, body);
  return true;
}

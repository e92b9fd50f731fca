import { adapterOf } from '../adapters/registry';
import { parseKey, type AssetKey } from '../domain/asset';
import type { PlanEntry, Wave } from '../domain/plan';
import { writePlanChunk, writeSettledChunk } from '../storage/runs';
import type { Levels } from './plan-layout';
import type { RunContext } from './run-context';

/** Work items in a chunk: one Task.all. */
export const chunkItems = 10;
/** Entries in a chunk of those that are no work. */
const settledEntries = 500;
/** Room for the levels inside a self-ordered kind, between two levels of kinds. */
const slots = 1000;

/** Cuts a stream of entries into waves, chunks and work items, and writes each chunk as soon as it is full. */
export interface WaveWriter {
  add(entry: PlanEntry): Promise<void>;
  finish(): Promise<Wave[]>;
}

interface OpenWave {
  readonly kinds: Set<string>;
  readonly chunkItems: number[];
  /** The chunk that is being filled, per kind: work items do not mix kinds. */
  readonly filling: Map<string, PlanEntry[]>;
  settled: PlanEntry[];
  settledChunks: number;
}

/**
 * A wave's number in blobs is its slot (level of the kind x 1,000 + level of the asset), so that chunks can be written before
 * it is known which waves there are; empty waves leave no trace.
 */
export function makeWaveWriter(context: RunContext, levels: Levels): WaveWriter {
  const open = new Map<number, OpenWave>();
  return {
    async add(entry) {
      const slot = slotOf(levels, entry.key);
      const wave = open.get(slot) ?? newWave();
      open.set(slot, wave);
      if (entry.action === 'create' || entry.action === 'update') await addWork(context, slot, wave, entry);
      else await addSettled(context, slot, wave, entry);
    },
    async finish() {
      const waves: Wave[] = [];
      for (const [slot, wave] of [...open].sort(([a], [b]) => a - b)) {
        for (const kind of wave.filling.keys()) await writeChunk(context, slot, wave, kind);
        await writeSettled(context, slot, wave);
        const { kinds, chunkItems: items, settledChunks } = wave;
        waves.push({ wave: slot, kinds: [...kinds], chunkItems: items, settledChunks });
      }
      return waves;
    },
  };
}

function slotOf(levels: Levels, key: AssetKey): number {
  return (levels.kinds.get(parseKey(key).kind) ?? 0) * slots + (levels.assets.get(key) ?? 0);
}

async function addWork(context: RunContext, slot: number, wave: OpenWave, entry: PlanEntry): Promise<void> {
  const { kind } = parseKey(entry.key);
  wave.kinds.add(kind);
  const filling = wave.filling.get(kind) ?? [];
  wave.filling.set(kind, filling);
  filling.push({ ...entry, item: Math.floor(filling.length / batchOf(kind)) });
  if (filling.length === chunkItems * batchOf(kind)) await writeChunk(context, slot, wave, kind);
}

async function addSettled(
  context: RunContext,
  slot: number,
  wave: OpenWave,
  entry: PlanEntry,
): Promise<void> {
  wave.settled.push(entry);
  if (wave.settled.length === settledEntries) await writeSettled(context, slot, wave);
}

async function writeChunk(context: RunContext, slot: number, wave: OpenWave, kind: string): Promise<void> {
  const entries = wave.filling.get(kind) ?? [];
  if (entries.length === 0) return;
  wave.filling.set(kind, []);
  const chunk = wave.chunkItems.push(Math.ceil(entries.length / batchOf(kind))) - 1;
  await writePlanChunk(context.state, context.request.runId, slot, chunk, entries);
}

async function writeSettled(context: RunContext, slot: number, wave: OpenWave): Promise<void> {
  if (wave.settled.length === 0) return;
  await writeSettledChunk(context.state, context.request.runId, slot, wave.settledChunks, wave.settled);
  wave.settledChunks += 1;
  wave.settled = [];
}

function newWave(): OpenWave {
  return { kinds: new Set(), chunkItems: [], filling: new Map(), settled: [], settledChunks: 0 };
}

function batchOf(kind: string): number {
  return adapterOf(kind).batchSize ?? 1;
}

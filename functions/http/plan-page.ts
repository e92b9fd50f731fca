import { invalidRequest } from '../../shared/config/request-bodies';
import type { Plan, PlanEntry } from '../../shared/domain/plan';
import type { BlobStore } from '../../shared/storage/blob-store';
import { readPlanChunk, readSettledChunk } from '../../shared/storage/runs';

/** A place in a plan: the wave (by position), the blob in it (chunks of work, then settled ones), the entry in that. */
interface Place {
  readonly wave: number;
  readonly blob: number;
  readonly offset: number;
}

export interface PlanPage {
  readonly entries: readonly Pick<PlanEntry, 'key' | 'name' | 'action' | 'reason' | 'needs' | 'diff'>[];
  /** Where the next page begins; `null` after the last. */
  readonly nextCursor: string | null;
}

const cursorSyntax = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/;

/** At most `limit` entries of a plan from `cursor` on. Reads only the blobs that they lie in. */
export async function readPlanPage(
  state: BlobStore,
  plan: Plan,
  cursor: string | null,
  limit: number,
): Promise<PlanPage> {
  const entries: PlanEntry[] = [];
  let next: Place | undefined = placeOf(cursor);
  while (next !== undefined && entries.length < limit) {
    const place: Place = next;
    const found = (await readBlob(state, plan, place)) ?? [];
    const end = Math.min(found.length, place.offset + limit - entries.length);
    entries.push(...found.slice(place.offset, end));
    next = end < found.length ? { ...place, offset: end } : nextBlob(plan, place);
  }
  const nextCursor = next === undefined ? null : `${next.wave}.${next.blob}.${next.offset}`;
  return { entries: entries.map(shown), nextCursor };
}

function placeOf(cursor: string | null): Place {
  if (cursor === null) return { wave: 0, blob: 0, offset: 0 };
  const [, wave, blob, offset] = cursorSyntax.exec(cursor) ?? [];
  if (wave === undefined)
    throw invalidRequest([{ path: 'cursor', message: 'is none: take nextCursor of the page before' }]);
  return { wave: Number(wave), blob: Number(blob), offset: Number(offset) };
}

/** The entries of a blob; undefined when the wave has no such blob. */
async function readBlob(
  state: BlobStore,
  { runId, waves }: Plan,
  { wave, blob }: Place,
): Promise<PlanEntry[] | undefined> {
  const at = waves[wave];
  if (at === undefined) return undefined;
  const chunks = at.chunkItems.length;
  if (blob < chunks) return readPlanChunk(state, runId, at.wave, blob);
  return blob < chunks + at.settledChunks
    ? readSettledChunk(state, runId, at.wave, blob - chunks)
    : undefined;
}

function nextBlob({ waves }: Plan, { wave, blob }: Place): Place | undefined {
  const at = waves[wave];
  if (at === undefined) return undefined;
  if (blob + 1 < at.chunkItems.length + at.settledChunks) return { wave, blob: blob + 1, offset: 0 };
  return wave + 1 < waves.length ? { wave: wave + 1, blob: 0, offset: 0 } : undefined;
}

/** Where the body lies is of no use to a reader. */
function shown({ key, name, action, reason, needs, diff }: PlanEntry): PlanPage['entries'][number] {
  return { key, name, action, reason, needs, ...(diff === undefined ? {} : { diff }) };
}

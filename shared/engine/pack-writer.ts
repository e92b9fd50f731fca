import { adapterOf } from '../adapters/registry';
import { canonicalJson, keyOf, sha256, type AssetKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import { findReferences } from '../domain/references';
import { excluder } from '../domain/scope';
import type { IndexLine } from '../domain/snapshot';
import { forgetDamage } from '../storage/damage';
import { makePack, maxPackBytes, writePack } from '../storage/packs';
import type { RequestTally } from '../storage/runs';
import { readStage, writeStage } from '../storage/stages';
import { addRequests } from './requests';
import { excludedLine, exportBody, lineOf, stages, todoOf, type Todo, type UnitListing } from './exporter';
import type { RunContext } from './run-context';

/** What one export activity has got: a line for each asset that it is done with. */
export interface Exported {
  readonly formatVersion: 1;
  readonly lines: readonly IndexLine[];
  /** Failures that may heal, with their reasons: the next pass tries these again. */
  readonly left: Readonly<Record<AssetKey, string>>;
  readonly requests: RequestTally;
}

/** Bodies fetched side by side. Bounds the memory of one activity: a body may have 10 MB. */
const batch = 10;

interface Fetched {
  readonly todo: Todo;
  readonly body?: object;
  readonly error?: DrError;
}

/** Fetches the bodies of one pack and stores them. What an earlier try got is kept. */
export async function exportPack(context: RunContext, unit: number, pack: number): Promise<number> {
  const { runId } = context.request;
  const listing = await context.cache.once(`${runId}:listing:${unit}`, () =>
    readStage<UnitListing>(context.state, runId, stages.listing(unit)),
  );
  const before = await readStage<Exported | undefined>(
    context.state,
    runId,
    stages.exported(unit, pack),
    true,
  );
  const done = new Set(before?.lines.map(({ key }) => key));
  const open = todoOf(listing, pack).filter(({ kind, stub }) => !done.has(keyOf(kind, stub.id)));
  const lines: IndexLine[] = [...(before?.lines ?? [])];
  const left: Record<AssetKey, string> = {};
  const waiting: Fetched[] = [];
  for (let start = 0; start < open.length; start += batch) {
    waiting.push(...(await fetchBodies(context, open.slice(start, start + batch))));
    if (waitingBytes(waiting) >= maxPackBytes) lines.push(...(await store(context, waiting.splice(0), left)));
  }
  lines.push(...(await store(context, waiting, left)));
  const exported: Exported = {
    formatVersion: 1,
    lines,
    left,
    requests: addRequests(before?.requests, context.from.counts),
  };
  await writeStage(context.state, runId, stages.exported(unit, pack), exported);
  return Object.keys(left).length;
}

async function fetchBodies(context: RunContext, todo: readonly Todo[]): Promise<Fetched[]> {
  return context.from.each(todo, async (one) => {
    try {
      return { todo: one, body: await exportBody(context, one) };
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
      return { todo: one, error };
    }
  });
}

function waitingBytes(fetched: readonly Fetched[]): number {
  return fetched.reduce((sum, { body }) => sum + (body === undefined ? 0 : canonicalJson(body).length), 0);
}

/** Packs the new bodies; a body that is as before keeps its place in its old pack. */
async function store(
  context: RunContext,
  fetched: readonly Fetched[],
  left: Record<AssetKey, string>,
): Promise<IndexLine[]> {
  const excludedBy = excluder(context.pair.scope);
  const lines: IndexLine[] = [];
  const fresh: { key: AssetKey; body: object; head: IndexLine }[] = [];
  for (const { todo, body, error } of fetched) {
    const head = lineOf(todo.kind, todo.stub);
    if (body === undefined) {
      const line = error === undefined ? undefined : lineOfFailure(head, todo, error);
      if (line === undefined) left[head.key] = error?.message ?? 'no body';
      else lines.push(line);
      continue;
    }
    const whole = { ...head, ...aboutBody(todo.kind, body) };
    const pattern = excludedBy(head.key, whole.tags);
    if (pattern !== undefined) {
      lines.push(excludedLine(whole, pattern));
      continue;
    }
    if (todo.anew !== true && todo.previous?.bodySha === sha256(canonicalJson(body)))
      lines.push({ ...withoutFailure(todo.previous), ...whole });
    else fresh.push({ key: head.key, body, head: whole });
  }
  if (fresh.length === 0) return lines;
  const pack = makePack(fresh);
  await writePack(context.snapshots, context.pair.name, pack);
  if (fetched.some(({ todo }) => todo.anew)) await forgetDamage(context.state, context.pair.name, pack.sha);
  const heads = new Map(fresh.map(({ key, head }) => [key, head]));
  for (const { key, ...place } of pack.rows)
    lines.push({ ...(heads.get(key) ?? { key, name: key }), ...place, pack: pack.sha });
  return lines;
}

/** The line as it is once its body could be exported: an earlier failure is over. */
function withoutFailure({ failed: _failed, ...line }: IndexLine): IndexLine {
  return line;
}

/** The line of an asset that cannot be exported: not carried, or the body of the last snapshot; undefined when trying again may help. */
function lineOfFailure(head: IndexLine, todo: Todo, error: DrError): IndexLine | undefined {
  if (error.code === 'DR_ASSET_VANISHED')
    return { ...head, skip: 'it was deleted at the source while it was being copied', harmless: true };
  if (error.code === 'DR_ASSET_TOO_LARGE') return { ...head, skip: error.message };
  // What there was a body of is kept and told.
  if (error.code === 'DR_API_FEATURE_DISABLED' && todo.previous === undefined)
    return { ...head, skip: `not applicable: ${error.message}` };
  return error.retryable ? undefined : lostLine(head, todo, error.message);
}

/** The line of an asset whose body could not be had: the older body if there is one, and always the reason. */
export function lostLine(head: IndexLine, todo: Todo, reason: string): IndexLine {
  // The version is left out, so that the next sync fetches the body again.
  const { version: _version, ...rest } = head;
  return todo.previous === undefined
    ? { ...rest, failed: reason }
    : { ...todo.previous, ...rest, version: '', failed: reason };
}

/** What the index keeps about a body, so that nobody has to read it for that. */
function aboutBody(kind: string, body: object): Pick<IndexLine, 'needs' | 'tags' | 'pieces'> {
  const adapter = adapterOf(kind);
  const found = findReferences(body, adapter.references).filter(({ by }) => by === 'id');
  const needs = [...new Set(found.map(({ key }) => key))];
  const tags = adapter.tags?.(body);
  const pieces = adapter.pieces?.(body) ?? [];
  return { ...(needs.length > 0 && { needs }), ...(tags && { tags }), ...(pieces.length > 0 && { pieces }) };
}

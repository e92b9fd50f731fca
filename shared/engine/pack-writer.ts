import { adapterOf } from '../adapters/registry';
import { canonicalJson, keyOf, sha256, type AssetKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import { findReferences } from '../domain/references';
import { excluder } from '../domain/scope';
import type { LiteralScanner } from '../domain/literals';
import type { BodyRef, IndexLine } from '../domain/snapshot';
import { forgetDamage } from '../storage/damage';
import { makePack, maxPackBytes, readBodies, writePack } from '../storage/packs';
import type { RequestTally } from '../storage/runs';
import { readStage, writeStage } from '../storage/stages';
import { addRequests } from './requests';
import { exportBody, lineOf, stages, todoOf, type Todo, type UnitListing } from './exporter';
import { excludedLine } from './export-line';
import { scannerOf } from './literal-watch';
import { refOf } from './plan-compare';
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
  const kept = await keptBodies(context, todo);
  return context.from.each(todo, async (one) => {
    try {
      const body = kept.get(keyOf(one.kind, one.stub.id));
      return { todo: one, body: body ?? (await exportBody(context, one)) };
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
      return { todo: one, error };
    }
  });
}

/** Bodies that are looked at again without being fetched again. Damaged ones are fetched. */
async function keptBodies(context: RunContext, todo: readonly Todo[]): Promise<Map<string, object>> {
  const lines = todo.flatMap(({ kept, previous }) => (kept && previous ? [refOf(previous)] : []));
  const bodies = await readBodies(context.snapshots, context.pair.name, lines);
  return new Map([...bodies].filter((entry) => !(entry[1] instanceof DrError)));
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
  const scanner = scannerOf(context);
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
    const whole = { ...head, ...aboutBody(todo.kind, body, scanner) };
    const pattern = excludedBy(head.key, whole.tags);
    if (pattern !== undefined) {
      lines.push(excludedLine(whole, pattern));
      continue;
    }
    if (todo.anew !== true && todo.previous?.bodySha === sha256(canonicalJson(body)))
      lines.push({ ...placeOf(todo.previous), ...whole });
    else fresh.push({ key: head.key, body, head: whole });
  }
  if (fresh.length === 0) return lines;
  const pack = makePack(fresh);
  await writePack(context.snapshots, context.pair.name, pack);
  if (fetched.some(({ todo }) => todo.anew)) {
    const written = [pack.sha, ...fresh.flatMap(({ head }) => head.pieces ?? [])];
    await forgetDamage(context.state, context.pair.name, written);
  }
  const heads = new Map(fresh.map(({ key, head }) => [key, head]));
  for (const { key, ...place } of pack.rows)
    lines.push({ ...(heads.get(key) ?? { key, name: key }), ...place, pack: pack.sha });
  return lines;
}

/** Where a body lies. What else is noted about an asset is noted anew with its body: an earlier failure is over. */
function placeOf({ bodySha = '', pack = '', offset = 0, length = 0 }: IndexLine): BodyRef {
  return { bodySha, pack, offset, length };
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
function aboutBody(
  kind: string,
  body: object,
  scanner: LiteralScanner,
): Pick<IndexLine, 'needs' | 'tags' | 'pieces' | 'literals' | 'scanned'> {
  const adapter = adapterOf(kind);
  const found = findReferences(body, adapter.references).filter(({ by }) => by === 'id');
  const needs = [...new Set(found.map(({ key }) => key))];
  const tags = adapter.tags?.(body);
  const pieces = adapter.pieces?.(body) ?? [];
  const literals = scanner.literalsLeft(body);
  return {
    ...(needs.length > 0 && { needs }),
    ...(tags && { tags }),
    ...(pieces.length > 0 && { pieces }),
    ...(literals.length > 0 && { literals }),
    scanned: scanner.id,
  };
}

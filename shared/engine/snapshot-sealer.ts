import { keyOf, parseKey } from '../domain/asset';
import type { Outcome } from '../domain/run';
import type { IndexLine, Latest, Manifest, ManifestRow } from '../domain/snapshot';
import { writeItemResult } from '../storage/runs';
import { sealSnapshot, writeIndex } from '../storage/snapshots';
import { readStage, writeStage } from '../storage/stages';
import { lineOf, packCount, readUnits, stages, todoOf, type UnitListing } from './exporter';
import { lostLine, type Exported } from './pack-writer';
import { isoNow, type RunContext } from './run-context';

interface UnitRows {
  readonly formatVersion: 1;
  readonly rows: readonly ManifestRow[];
  readonly count: number;
}

/**
 * Writes the indexes of a unit. Returns the packs that have to be tried again; with `final` there are none:
 * what could not be had is recorded as failed, and the older body, where there is one, stays in the snapshot.
 */
export async function sealUnit(context: RunContext, unit: number, final: boolean): Promise<number[]> {
  const { runId } = context.request;
  const listing = await readStage<UnitListing>(context.state, runId, stages.listing(unit));
  const lines: IndexLine[] = [...listing.ready];
  const failures: Outcome[] = [];
  const again: number[] = [];
  for (let pack = 0; pack < packCount(listing); pack += 1) {
    const exported = await readStage<Exported | undefined>(
      context.state,
      runId,
      stages.exported(unit, pack),
      true,
    );
    lines.push(...(exported?.lines ?? []));
    const have = new Set(exported?.lines.map(({ key }) => key));
    const lost = todoOf(listing, pack).filter(({ kind, stub }) => !have.has(keyOf(kind, stub.id)));
    if (lost.length > 0) again.push(pack);
    for (const todo of lost) {
      const head = lineOf(todo.kind, todo.stub);
      lines.push(lostLine(head, todo, exported?.left[head.key] ?? 'the export did not get to it'));
    }
  }
  if (again.length > 0 && !final) return again;
  for (const { key, name, failed } of lines) {
    if (failed !== undefined)
      failures.push({ key, name, outcome: 'failed', reason: `cannot be exported: ${failed}` });
  }
  await writeUnit(context, unit, listing, lines, failures);
  return [];
}

async function writeUnit(
  context: RunContext,
  unit: number,
  listing: UnitListing,
  lines: readonly IndexLine[],
  failures: readonly Outcome[],
): Promise<void> {
  const { runId } = context.request;
  const partition = (await readUnits(context)).units[unit]?.partition ?? '';
  const rows: ManifestRow[] = [];
  for (const kind of listing.kinds) {
    const own = lines
      .filter(({ key }) => parseKey(key).kind === kind)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const indexShas = await writeIndex(context.snapshots, context.pair.name, own);
    const bytes = own.reduce((sum, line) => sum + (line.length ?? 0), 0);
    rows.push({ kind, partition, indexShas, count: own.length, bytes });
  }
  const stored: UnitRows = { formatVersion: 1, rows, count: lines.length };
  await writeStage(context.state, runId, stages.rows(unit), stored);
  await writeItemResult(context.state, {
    formatVersion: 1,
    runId,
    phase: 'syncing',
    wave: 0,
    chunk: unit,
    item: 0,
    outcomes: failures,
    left: [],
    requests: { calls: 0, writes: 0, throttled: 0 },
  });
}

/** Writes the manifest over all units, then makes it the latest snapshot. */
export async function sealSnapshotOf(context: RunContext, tenure: number): Promise<Latest> {
  const { runId, requestedAt } = context.request;
  const { units } = await readUnits(context);
  const rows: ManifestRow[] = [];
  for (let unit = 0; unit < units.length; unit += 1) {
    rows.push(...(await readStage<UnitRows>(context.state, runId, stages.rows(unit))).rows);
  }
  const manifest: Manifest = {
    formatVersion: 1,
    id: runId,
    pair: context.pair.name,
    source: { side: context.source, url: context.from.url },
    tenure,
    toolVersion: context.toolVersion,
    startedAt: requestedAt,
    sealedAt: isoNow(context),
    rows,
    count: rows.reduce((sum, row) => sum + row.count, 0),
  };
  return sealSnapshot(context, manifest);
}

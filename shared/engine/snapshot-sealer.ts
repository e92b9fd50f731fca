import { parseKey } from '../domain/asset';
import { noOutcomes, outcomes, type Outcome, type OutcomeCounts } from '../domain/run';
import type { IndexLine, Manifest, ManifestRow } from '../domain/snapshot';
import { writeItemResult, type RequestTally } from '../storage/runs';
import { addChanges, suspicions, type KindChange } from '../domain/suspect';
import { sealSnapshot, writeIndex } from '../storage/snapshots';
import { sealSuspect } from '../storage/suspects';
import { readStage, writeStage } from '../storage/stages';
import { lineOf, packCount, previousManifest, readUnits, stages, todoOf, type UnitListing } from './exporter';
import { lostLine, type Exported } from './pack-writer';
import { isoNow, type RunContext } from './run-context';
import { rowOf } from './units';

interface UnitRows {
  readonly formatVersion: 1;
  readonly rows: readonly ManifestRow[];
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  /** Against the snapshot before. */
  readonly changes?: Readonly<Record<string, KindChange>>;
}

/**
 * Writes the indexes of a unit. Returns the packs that have to be tried again; with `final` there are none:
 * what could not be had is recorded as failed, and the older body, where there is one, stays in the snapshot.
 */
export async function sealUnit(context: RunContext, unit: number, final: boolean): Promise<number[]> {
  const gathered = await gather(context, unit);
  if (gathered.again.length > 0 && !final) return gathered.again;
  const { units, previous } = await readUnits(context);
  const manifest = await previousManifest(context, previous);
  const { partition = '', kinds = [] } = units[unit] ?? {};
  const rows: ManifestRow[] = [];
  const counts: Record<string, OutcomeCounts> = {};
  const changes: Record<string, KindChange> = {};
  for (const kind of kinds) {
    const own = gathered.lines.filter(({ line }) => parseKey(line.key).kind === kind);
    const lines = own.map(({ line }) => line);
    const known = rowOf(manifest, kind, partition)?.indexShas ?? [];
    const good = new Set(known.filter((sha) => !gathered.damaged.includes(sha)));
    const indexShas = await writeIndex(context.snapshots, context.pair.name, lines, good);
    const bytes = lines.reduce((sum, line) => sum + (line.length ?? 0), 0);
    const notApplicable = gathered.notApplicable[kind];
    rows.push({
      kind,
      partition,
      indexShas,
      count: lines.length,
      bytes,
      ...(notApplicable !== undefined && { notApplicable }),
      ...(gathered.listedAt !== undefined && { listedAt: gathered.listedAt }),
    });
    counts[kind] = countsOf(own);
    const before = gathered.before[kind];
    if (before !== undefined) changes[kind] = changeOf(before, own);
  }
  const stored: UnitRows = { formatVersion: 1, rows, counts, changes };
  await writeStage(context.state, context.request.runId, stages.rows(unit), stored);
  await writeFailures(context, unit, gathered);
  return [];
}

interface GatheredLine {
  readonly line: IndexLine;
  readonly kept: boolean;
  /** The last snapshot had another body of it. */
  readonly changed?: boolean;
}

interface Gathered {
  /** Every line of the unit, and whether its body is the one that the last snapshot had. */
  readonly lines: readonly GatheredLine[];
  readonly again: number[];
  readonly requests: RequestTally;
  readonly before: NonNullable<UnitListing['before']>;
  readonly damaged: readonly string[];
  readonly notApplicable: Readonly<Record<string, string>>;
  readonly listedAt?: string;
}

async function gather(context: RunContext, unit: number): Promise<Gathered> {
  const { runId } = context.request;
  const listing = await readStage<UnitListing>(context.state, runId, stages.listing(unit));
  const lines: GatheredLine[] = listing.ready.map((line) => ({ line, kept: true }));
  const again: number[] = [];
  const requests = { ...listing.requests };
  for (let pack = 0; pack < packCount(listing); pack += 1) {
    const stage = stages.exported(unit, pack);
    const exported = await readStage<Exported | undefined>(context.state, runId, stage, true);
    const have = new Map(exported?.lines.map((line) => [line.key, line]));
    for (const count of ['calls', 'writes', 'throttled'] as const)
      requests[count] += exported?.requests[count] ?? 0;
    let lost = false;
    for (const todo of todoOf(listing, pack)) {
      const head = lineOf(todo.kind, todo.stub);
      const line = have.get(head.key);
      lost ||= line === undefined;
      lines.push({
        line: line ?? lostLine(head, todo, exported?.left[head.key] ?? 'the export did not get to it'),
        kept: line?.bodySha !== undefined && line.bodySha === todo.previous?.bodySha,
        changed: line?.bodySha !== undefined && (todo.previous?.bodySha ?? line.bodySha) !== line.bodySha,
      });
    }
    if (lost) again.push(pack);
  }
  const { before = {}, damaged = [], notApplicable = {}, listedAt } = listing;
  const told = { before, damaged, notApplicable, ...(listedAt !== undefined && { listedAt }) };
  return { lines, again, requests, ...told };
}

function changeOf({ count, gone }: { count: number; gone: number }, lines: Gathered['lines']): KindChange {
  return { before: count, gone, changed: lines.filter(({ changed }) => changed).length };
}

/** A sync restores nothing: `restored` is what was copied anew, `unchanged` what the last snapshot had already. */
function countsOf(lines: Gathered['lines']): OutcomeCounts {
  const counts = noOutcomes();
  for (const { line, kept } of lines) {
    if (line.failed !== undefined) continue;
    counts[line.skip !== undefined ? 'skipped' : kept ? 'unchanged' : 'restored'] += 1;
  }
  return counts;
}

async function writeFailures(
  context: RunContext,
  unit: number,
  { lines, requests }: Gathered,
): Promise<void> {
  const outcomes = lines.flatMap(({ line: { key, name, failed } }): Outcome[] =>
    failed === undefined ? [] : [{ key, name, outcome: 'failed', reason: `cannot be exported: ${failed}` }],
  );
  const { runId } = context.request;
  const place = { runId, phase: 'syncing', wave: 0, chunk: unit, item: 0 } as const;
  await writeItemResult(context.state, { formatVersion: 1, ...place, outcomes, left: [], requests });
}

/** What a sync did, by kind. */
export async function syncedCounts(context: RunContext): Promise<Map<string, OutcomeCounts>> {
  const { runId } = context.request;
  const byKind = new Map<string, OutcomeCounts>();
  const units = await readStage<UnitRows | undefined>(context.state, runId, stages.units, true);
  if (units === undefined) return byKind;
  for (let unit = 0; unit < (await readUnits(context)).units.length; unit += 1) {
    const rows = await readStage<UnitRows | undefined>(context.state, runId, stages.rows(unit), true);
    for (const [kind, counts] of Object.entries(rows?.counts ?? {})) {
      const sum = byKind.get(kind) ?? noOutcomes();
      byKind.set(kind, sum);
      for (const verb of outcomes) sum[verb] += counts[verb];
    }
  }
  return byKind;
}

/** A snapshot that was sealed, and why it is not the latest, when it is not. */
export interface Sealed {
  readonly id: string;
  readonly count: number;
  readonly suspect: readonly string[];
}

/** Writes the manifest over all units, then makes it the latest snapshot, unless too much is gone or changed. */
export async function sealSnapshotOf(context: RunContext, tenure: number): Promise<Sealed> {
  const { runId, requestedAt } = context.request;
  const { units, previous } = await readUnits(context);
  const before = await previousManifest(context, previous);
  const rows: ManifestRow[] = [];
  const changes: Record<string, KindChange> = {};
  for (let unit = 0; unit < units.length; unit += 1) {
    const stored = await readStage<UnitRows>(context.state, runId, stages.rows(unit));
    rows.push(...stored.rows);
    addChanges(changes, stored.changes ?? {});
  }
  addChanges(changes, goneRows(before, rows));
  const sameTool = before?.toolVersion === context.toolVersion;
  const suspect = suspicions(changes, context.pair.maxChange, sameTool);
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
    ...(suspect.length > 0 && { suspect }),
  };
  if (suspect.length === 0) return { ...(await sealSnapshot(context, manifest)), suspect };
  context.log.error('a snapshot is suspect and is not applied', { snapshot: runId, suspect });
  const { id, reasons } = await sealSuspect(context, manifest);
  return { id, count: manifest.count, suspect: reasons };
}

/** Partitions that the snapshot before had, and this one has not: a home whose user left. */
function goneRows(before: Manifest | undefined, rows: readonly ManifestRow[]): Record<string, KindChange> {
  const here = new Set(rows.map(({ kind, partition }) => `${kind} ${partition}`));
  const gone: Record<string, KindChange> = {};
  for (const { kind, partition, count } of before?.rows ?? []) {
    if (!here.has(`${kind} ${partition}`))
      addChanges(gone, { [kind]: { before: count, gone: count, changed: 0 } });
  }
  return gone;
}

import { adapterOf, adapters } from '../adapters/registry';
import type { Adapter } from '../adapters/adapter';
import { keyOf, parseKey } from '../domain/asset';
import type { Link, LinkPartition } from '../domain/link';
import type { Action, PlanEntry } from '../domain/plan';
import type { IndexLine } from '../domain/snapshot';
import { readLinks, writeLinks } from '../storage/links';
import { readIndex } from '../storage/snapshots';
import { writeStage } from '../storage/stages';
import { manifestOf, planStages, readPlanUnits } from './plan-units';
import { idMaps, mapShaOf, targetVersion } from './id-map';
import { makeIndex, targetStubs, type GrowingIndex, type Stubs } from './listing';
import { compareBodies, type Open } from './plan-compare';
import { isoNow, type RunContext } from './run-context';
import { rowOf, type Unit } from './units';

/** A tree partition is trusted from its links, not listed, while they were verified by a listing within this time. */
const trustMs = 26 * 3600 * 1000;

/** The era of listings made while planning. */
export const planningEra = 'planning';

/** What the planning of one unit found. */
export interface Draft {
  readonly formatVersion: 1;
  readonly entries: readonly PlanEntry[];
  /** Set when the target's partition was trusted instead of listed. */
  readonly trusted?: { readonly partition: string; readonly verifiedAt: string };
}

/** Plans one unit: snapshot x target x links. Writes its draft and, unless it is a dry run, the links it confirmed. */
export async function planUnit(context: RunContext, unitNumber: number): Promise<void> {
  const { units } = await readPlanUnits(context);
  const unit = units[unitNumber];
  if (unit === undefined) throw new RangeError(`no unit ${unitNumber}`);
  const manifest = await manifestOf(context);
  const links = new Map<string, LinkPartition>();
  const lines = new Map<string, readonly IndexLine[]>();
  for (const kind of unit.kinds) {
    const row = rowOf(manifest, kind, unit.partition);
    lines.set(
      kind,
      row === undefined ? [] : await readIndex(context.snapshots, context.pair.name, row.indexShas),
    );
    const stored = await readLinks(context.state, context.pair.name, kind, unit.partition);
    links.set(kind, stored ?? { kind, partition: unit.partition, links: [] });
  }
  const trustedSince = trusted(context, unit, lines, links);
  const stubs = trustedSince === undefined ? await targetStubs(context, unit) : undefined;
  const index = makeIndex([...(stubs?.values() ?? [])].flat());
  const entries: PlanEntry[] = [];
  const stopped = new Map<string, PlanEntry>();
  for (const kind of unit.kinds) {
    const part = links.get(kind) ?? { kind, partition: unit.partition, links: [] };
    const planned = await planKind(context, adapterOf(kind), lines.get(kind) ?? [], part, stubs, index);
    for (const entry of planned.entries) {
      const blocked = blockedByOwner(entry, stopped);
      if (!isGoing(blocked.action)) stopped.set(blocked.key, blocked);
      entries.push(blocked);
    }
    if (!context.request.dryRun && (stubs !== undefined || planned.links.length !== part.links.length)) {
      const verifiedAt = stubs === undefined ? part.verifiedAt : isoNow(context);
      await writeLinks(context.state, context.pair.name, {
        kind,
        partition: unit.partition,
        ...(verifiedAt === undefined ? {} : { verifiedAt }),
        links: planned.links,
      });
    }
  }
  const draft: Draft = {
    formatVersion: 1,
    entries,
    ...(trustedSince === undefined
      ? {}
      : { trusted: { partition: unit.partition, verifiedAt: trustedSince } }),
  };
  await writeStage(context.state, context.request.runId, planStages.draft(unitNumber), draft);
}

/** True for what is, or will be, at the target. */
function isGoing(action: Action): boolean {
  return action === 'create' || action === 'update' || action === 'unchanged';
}

/** A part of something that does not arrive (its permissions, its libraries) is blocked with it. */
function blockedByOwner(entry: PlanEntry, stopped: ReadonlyMap<string, PlanEntry>): PlanEntry {
  const owner = entry.line?.owner;
  const why = owner === undefined ? undefined : stopped.get(owner);
  if (why === undefined || !isGoing(entry.action)) return entry;
  if (why.action === 'skip')
    return { ...entry, action: 'skip', reason: `${why.key} is not carried: ${why.reason}` };
  return { ...entry, action: 'blocked', reason: `needs ${why.key}: ${why.action}: ${why.reason}` };
}

/** Since when every kind of a tree unit is known to be at the target as linked; undefined = list it. */
function trusted(
  context: RunContext,
  unit: Unit,
  lines: ReadonlyMap<string, readonly IndexLine[]>,
  links: ReadonlyMap<string, LinkPartition>,
): string | undefined {
  const isTree = !adapters.some(({ kind }) => kind === unit.partition);
  if (!isTree || context.request.kind !== 'failover') return undefined;
  let oldest: string | undefined;
  for (const [kind, part] of links) {
    const linked = new Set(part.links.map((link) => link[context.source]));
    const unlinked = (lines.get(kind) ?? []).some(
      ({ key, skip }) => skip === undefined && !linked.has(parseKey(key).id),
    );
    if (unlinked || part.verifiedAt === undefined) return undefined;
    if (oldest === undefined || part.verifiedAt < oldest) oldest = part.verifiedAt;
  }
  return oldest !== undefined && context.now() - Date.parse(oldest) < trustMs ? oldest : undefined;
}

async function planKind(
  context: RunContext,
  adapter: Adapter,
  lines: readonly IndexLine[],
  part: LinkPartition,
  stubs: Stubs | undefined,
  index: GrowingIndex,
): Promise<{ entries: PlanEntry[]; links: Link[] }> {
  const kept = new Map(part.links.map((link) => [link[context.source], link]));
  const resolve = await idMaps(
    context,
    planningEra,
    lines.flatMap(({ needs }) => needs ?? []),
  );
  const entries: PlanEntry[] = [];
  const open: Open[] = [];
  const here = stubs && new Map((stubs.get(adapter.kind) ?? []).map((stub) => [stub.id, stub]));
  const gone = new Map(kept);
  for (const line of lines) {
    const sourceId = parseKey(line.key).id;
    gone.delete(sourceId);
    const link = kept.get(sourceId);
    const mapSha = mapShaOf(context, line.needs ?? [], resolve);
    const targetId = link === undefined ? undefined : link[context.target];
    const stub = targetId === undefined ? undefined : here?.get(targetId);
    const agreed = link !== undefined && link.bodySha === line.bodySha && link.mapSha === mapSha;
    const asAgreed =
      agreed &&
      (stubs === undefined || (stub !== undefined && stub.version === targetVersion(link, context.target)));
    const entry = settledEntry(line, part.partition, asAgreed ? targetId : undefined);
    if (entry !== undefined) entries.push(entry);
    else open.push({ line, mapSha, ...(link && { link }), ...(stub && { stub }) });
  }
  for (const [id, link] of gone) entries.push(retireEntry(context, adapter.kind, part.partition, id, link));
  const compared = await compareBodies(
    context,
    { adapter, partition: part.partition, resolve, index, ...(here && { here }) },
    open,
  );
  for (const { entry, link } of compared) {
    entries.push(entry);
    if (link !== undefined) kept.set(parseKey(entry.key).id, link);
  }
  return { entries, links: [...kept.values()] };
}

/** The entry of an asset about which nothing has to be read: not carried, not exported, or at the target as it was agreed. */
function settledEntry(
  line: IndexLine,
  partition: string,
  agreedTarget: string | undefined,
): PlanEntry | undefined {
  const head = { key: line.key, name: line.name, partition, needs: line.needs ?? [], line };
  if (line.skip !== undefined) return { ...head, action: 'skip', reason: line.skip };
  if (line.bodySha === undefined) {
    return {
      ...head,
      action: 'blocked',
      reason: `cannot be restored: ${line.failed ?? 'the snapshot has no body of it'}`,
    };
  }
  if (agreedTarget === undefined) return undefined;
  return { ...head, action: 'unchanged', reason: 'as both sides agreed', target: agreedTarget };
}

function retireEntry(
  context: RunContext,
  kind: string,
  partition: string,
  id: string,
  link: Link,
): PlanEntry {
  return {
    key: keyOf(kind, id),
    name: id,
    partition,
    action: 'retire',
    reason: link.ours
      ? 'gone at the source: our copy stays, asleep, until it is removed by a person'
      : 'gone at the source: the target had it before us, it stays',
    needs: [],
    target: link[context.target],
  };
}

import { adapterOf } from '../adapters/registry';
import type { Adapter } from '../adapters/adapter';
import { keyOf, parseKey } from '../domain/asset';
import type { Link, LinkPartition } from '../domain/link';
import type { PlanEntry } from '../domain/plan';
import type { IndexLine } from '../domain/snapshot';
import { writeLinks } from '../storage/links';
import { writeItemResult } from '../storage/runs';
import { writeStage } from '../storage/stages';
import { clashEntry } from './plan-path';
import { makeStopped } from './plan-stopped';
import { isCostly, readKnown, trustedSince, type KnownLines, type Lost } from './plan-known';
import { isOurs, planRetired } from './plan-retire';
import { planStages, readPlanUnits } from './plan-units';
import { idMaps, mapShaOf, targetVersion } from './id-map';
import { listTargetUnit, makeIndex, type GrowingIndex, type Stubs } from './listing';
import { planNotApplicable } from './not-applicable';
import { compareBodies, type Open, type Scope } from './plan-compare';
import { addRequests } from './requests';
import { isoNow, type RunContext } from './run-context';

/** The era of listings made while planning. */
export const planningEra = 'planning';

/** What the planning of one unit found. */
export interface Draft {
  readonly formatVersion: 1;
  readonly entries: readonly PlanEntry[];
  /** Set when the target's partition was trusted instead of listed. */
  readonly trusted?: { readonly partition: string; readonly verifiedAt: string };
  /** Kinds that the target does not have, with what its API answered. */
  readonly notApplicable?: Readonly<Record<string, string>>;
}

/** Plans one unit: snapshot x target x links. Writes its draft and, unless it is a dry run, the links it confirmed. */
export async function planUnit(context: RunContext, unitNumber: number): Promise<void> {
  const { units } = await readPlanUnits(context);
  const unit = units[unitNumber];
  if (unit === undefined) throw new RangeError(`no unit ${unitNumber}`);
  const known = await readKnown(context, unit);
  const trusted = trustedSince(context, unit, known);
  const isListed = trusted === undefined && !isCostly(unit);
  const listing = isListed ? await listTargetUnit(context, unit) : undefined;
  const stubs = listing?.stubs;
  const index = makeIndex([...(stubs?.values() ?? [])].flat());
  const entries: PlanEntry[] = [];
  const stopped = makeStopped();
  for (const [kind, part] of known.links) {
    const lines = known.lines.get(kind) ?? { lines: [], lost: [] };
    const answer = listing?.notApplicable.get(kind);
    const planned =
      answer === undefined
        ? await planKind(context, adapterOf(kind), lines, part, stubs, index)
        : planNotApplicable(lines, part, context.target, answer);
    const linked = new Set(part.links.map((link) => keyOf(kind, link[context.source])));
    for (const entry of planned.entries) entries.push(stopped.resolve(entry, linked.has(entry.key)));
    if (!context.request.dryRun) await confirmLinks(context, part, planned, stubs !== undefined);
  }
  const { partition } = unit;
  const draft: Draft = {
    formatVersion: 1,
    entries,
    ...(trusted === undefined ? {} : { trusted: { partition, verifiedAt: trusted } }),
    ...(listing && { notApplicable: Object.fromEntries(listing.notApplicable) }),
  };
  const { runId } = context.request;
  const place = { runId, phase: 'planning', wave: 0, chunk: unitNumber, item: 0 } as const;
  const requests = addRequests(undefined, context.to.counts);
  await writeItemResult(context.state, { formatVersion: 1, ...place, outcomes: [], left: [], requests });
  await writeStage(context.state, runId, planStages.draft(unitNumber), draft);
}

/**
 * Stores the links that planning found or confirmed; a listing of the target stamps when. Where something is in dispute there is no
 * stamp: what the links say of it is not what is there.
 */
async function confirmLinks(
  context: RunContext,
  before: LinkPartition,
  { entries, links }: Planned,
  listed: boolean,
): Promise<void> {
  if (!listed && links.length === before.links.length) return;
  const { verifiedAt, ...part } = before;
  const stampedAt = listed ? isoNow(context) : verifiedAt;
  const disputed = entries.some(({ action }) => action === 'conflict' || action === 'blocked');
  const stamp = stampedAt === undefined || disputed ? {} : { verifiedAt: stampedAt };
  await context.holdsClaim();
  await writeLinks(context.state, context.pair.name, { ...part, ...stamp, links });
}

/** What became of one kind. */
interface Planned {
  readonly entries: readonly PlanEntry[];
  readonly links: readonly Link[];
}

async function planKind(
  context: RunContext,
  adapter: Adapter,
  { lines, lost, notApplicable }: KnownLines,
  part: LinkPartition,
  stubs: Stubs | undefined,
  index: GrowingIndex,
): Promise<Planned> {
  const { partition } = part;
  const links = new Map(part.links.map((link) => [link[context.source], link]));
  const needs = lines.flatMap((line) => line.needs ?? []);
  const resolve = await idMaps(context, planningEra, needs);
  const here = stubs && new Map((stubs.get(adapter.kind) ?? []).map((stub) => [stub.id, stub]));
  const putAway = part.links.filter((link) => link.goneSince !== undefined && isOurs(context, link));
  const retired = new Set(putAway.map((link) => link[context.target]));
  const scope = { adapter, partition, resolve, index, retired, ...(here && { here }) };
  const entries: PlanEntry[] = lost.map((one) => lostEntry(adapter.kind, partition, one));
  const open: Open[] = [];
  for (const line of lines) {
    const one = openOf(context, scope, line, links.get(parseKey(line.key).id));
    const agreed = isAgreed(context, scope, one) ? one.targetId : undefined;
    const entry = settledEntry(line, partition, agreed) ?? clashEntry(scope, line);
    if (entry === undefined) open.push(one);
    else entries.push(entry);
  }
  for (const { entry, link } of await compareBodies(context, scope, open)) {
    entries.push(entry);
    if (link !== undefined) links.set(parseKey(entry.key).id, link);
  }
  // What is not in the lines that can be read may be in those that cannot.
  if (lost.length > 0 || notApplicable !== undefined) return { entries, links: [...links.values()] };
  const atSource = new Set(lines.map(({ key }) => parseKey(key).id));
  const taken = new Set(entries.flatMap(({ target }) => target ?? []));
  const gone = planRetired(context, adapter, partition, links, atSource, taken, here);
  return { entries: [...entries, ...gone.entries], links: [...gone.links.values()] };
}

function openOf(context: RunContext, scope: Scope, line: IndexLine, link: Link | undefined): Open {
  const targetId = link?.[context.target];
  const stub = targetId === undefined ? undefined : scope.here?.get(targetId);
  const mapSha = mapShaOf(context, line.needs ?? [], scope.resolve);
  return {
    line,
    mapSha,
    ...(link && { link }),
    ...(targetId !== undefined && { targetId }),
    ...(stub && { stub }),
  };
}

/**
 * Nothing moved since both sides were seen to agree: not the body, not what its references resolve to, and not the target's version.
 * What has no version is looked at; only for what is derived from other kinds that would be a request for each of them.
 */
function isAgreed(
  { target }: RunContext,
  { adapter, here }: Scope,
  { line, link, mapSha, stub }: Open,
): boolean {
  if (link?.targetSha === undefined || link.bodySha !== line.bodySha || link.mapSha !== mapSha) return false;
  if (here === undefined) return true;
  if (stub === undefined || (stub.version === undefined && adapter.of === undefined)) return false;
  return stub.version === targetVersion(link, target);
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

/** Stands for the assets of one part of an index that cannot be read: nobody knows which they are. */
function lostEntry(kind: string, partition: string, { sha, reason }: Lost): PlanEntry {
  return {
    key: keyOf(kind, `${partition}#${sha.slice(0, 12)}`),
    name: `a part of the index of ${partition}`,
    partition,
    action: 'blocked',
    reason,
    needs: [],
    lost: true,
  };
}

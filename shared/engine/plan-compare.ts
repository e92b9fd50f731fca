import type { Adapter } from '../adapters/adapter';
import { hashBody, parseKey, type Asset, type Stub } from '../domain/asset';
import { diff, stripIgnored } from '../domain/diff';
import { hasCode } from '../domain/errors';
import type { Link } from '../domain/link';
import type { PlanEntry } from '../domain/plan';
import type { IndexLine } from '../domain/snapshot';
import { decideAction } from '../domain/three-way';
import { readBodies } from '../storage/packs';
import { makeDesired, type Desired } from './desired';
import { holdBack, isHeldByBody, unstagedEntry } from './hold-back';
import type { GrowingIndex } from './listing';
import { degraded, makeLink } from './make-link';
import { isCascade } from './plan-cascade';
import { contestedEntry } from './plan-contested';
import {
  createEntry,
  headOf,
  laterReason,
  newEntries,
  stubOf,
  unsettledEntry,
  updateReason,
} from './plan-entry';
import { planDiff } from './plan-rewrites';
import { planningEra } from './planner';
import { markerOf, type RunContext } from './run-context';
import { bodyOrLost } from './snapshot-damage';

/** An asset whose plan needs a look at bodies. */
export interface Open {
  readonly line: IndexLine;
  readonly mapSha: string;
  readonly link?: Link;
  readonly targetId?: string;
  /** The linked asset, as the target lists it. */
  readonly stub?: Stub;
}

export interface Scope {
  readonly adapter: Adapter;
  readonly partition: string;
  readonly resolve: (kind: string, id: string) => string | undefined;
  readonly index: GrowingIndex;
  /** What we took out of use at the target, for its source was gone: by its id there. */
  readonly retired: ReadonlySet<string>;
  /** The target's listing of this kind; undefined when the target was trusted instead. */
  readonly here?: ReadonlyMap<string, Stub>;
}

export interface Compared {
  readonly entry: PlanEntry;
  /** The link, when the two sides were found to agree. */
  readonly link?: Link;
}

/** Bodies read at a time: bounds the memory of one planning activity. */
const batch = 50;

/** Plans assets that are new or may differ. Bodies are read only where the target has something to compare them with. */
export async function compareBodies(
  context: RunContext,
  scope: Scope,
  open: readonly Open[],
): Promise<Compared[]> {
  const compared: Compared[] = [];
  const isBlind = !isHeldByBody(scope.adapter) && scope.here?.size === 0;
  const isNew = ({ link }: Open): boolean => link === undefined && isBlind;
  const fresh = open.filter(isNew).map(({ line }) => line);
  compared.push(...(await newEntries(context, scope, fresh)));
  const rest = open.filter((one) => !isNew(one));
  for (let start = 0; start < rest.length; start += batch) {
    const some = rest.slice(start, start + batch);
    const bodies = await readBodies(
      context.snapshots,
      context.pair.name,
      some.map(({ line }) => refOf(line)),
    );
    compared.push(
      ...(await context.to.each(some, async (one) => {
        const body = bodies.get(one.line.key);
        return holdBack(context, scope.adapter, body, await compareOne(context, scope, one, body));
      })),
    );
  }
  return compared;
}

/** Where the body of a line lies. Lines without one never get here. */
export function refOf(line: IndexLine) {
  const { key, bodySha = '', pack = '', offset = 0, length = 0 } = line;
  return { key, bodySha, pack, offset, length };
}

/** The asset of a line with its body. */
export function assetOf(line: IndexLine, body: object): Asset {
  const { kind, id } = parseKey(line.key);
  return {
    key: line.key,
    kind,
    id,
    name: line.name,
    body,
    ...(line.path === undefined ? {} : { path: line.path }),
  };
}

async function compareOne(
  context: RunContext,
  scope: Scope,
  open: Open,
  body: object | undefined,
): Promise<Compared> {
  const { line, link } = open;
  const read = bodyOrLost(body);
  if ('lost' in read) {
    return { entry: { ...headOf(scope, line), action: 'blocked', reason: read.lost, lost: true } };
  }
  const asset = assetOf(line, read.body);
  const desired = await makeDesired(context, planningEra, scope.adapter, asset, scope.resolve);
  const found = link === undefined ? findUnlinked(context, scope, asset, desired.asleep) : open.stub;
  const target = open.targetId;
  // In a trusted partition the link's target is taken to be there.
  const stub =
    found ?? (target !== undefined && scope.here === undefined ? stubOf(asset, target) : undefined);
  if (stub === undefined) {
    return {
      entry: createEntry(
        scope,
        line,
        link === undefined ? 'not at the target yet' : 'it is gone at the target',
        desired.changes,
      ),
    };
  }
  // What is not linked is found again, and compared, when it would be created.
  if (desired.missing.length > 0 && link === undefined)
    return { entry: createEntry(scope, line, laterReason(desired), desired.changes) };
  if (isTakenForTrue(scope, open)) return { entry: changedEntry(scope, line, stub) };
  const actual = await readTarget(context, scope.adapter, stub);
  if (actual === undefined)
    return { entry: createEntry(scope, line, 'it is gone at the target', desired.changes) };
  const seen = [context, scope, open, stub, desired, actual] as const;
  return contestedEntry(...seen) ?? unstagedEntry(...seen) ?? decideOne(...seen);
}

async function decideOne(
  context: RunContext,
  scope: Scope,
  open: Open,
  stub: Stub,
  desired: Desired,
  actual: object,
): Promise<Compared> {
  const { line, link } = open;
  const { adapter } = scope;
  const differences = diff(desired.asleep, actual, adapter.ignore);
  const targetSha = hashBody(stripIgnored(actual, adapter.ignore));
  const marked = stub.marker === markerOf(context, line.key);
  const isLater = desired.missing.length > 0;
  // A link without the target's hash was never verified: what was written then may not be what arrived.
  const sameSource = link?.base === desired.base && link.targetSha !== undefined;
  const touched = link?.targetSha !== undefined && link.targetSha !== targetSha;
  const cascade = touched && sameSource && (await isCascade(context, adapter, desired.asleep, actual));
  const decided = decideAction({
    equal: differences.length === 0 && !isLater,
    linked: link !== undefined || marked,
    targetChanged: touched && !cascade,
    sourceChanged: !sameSource || cascade,
    unlinked: adapter.unlinked ?? (adapter.marker === undefined ? 'compare' : 'foreign'),
    policy: context.pair.conflict,
    canUpdate: adapter.update !== undefined,
  });
  const unsettled =
    decided.action === 'unchanged' ? unsettledEntry(scope, open, stub, desired, actual) : undefined;
  if (unsettled !== undefined) return { entry: unsettled };
  const entry = { ...headOf(scope, line), ...decided, target: stub.id };
  if (decided.action !== 'unchanged') {
    const why = decided.action !== 'update' ? decided.reason : updateReason(desired, cascade, decided.reason);
    const seen = { sha: targetSha, ...(stub.version !== undefined && { version: stub.version }) };
    return { entry: { ...entry, reason: why, ...planDiff(differences, desired.changes), seen } };
  }
  const agreed = { targetSha, ...makerOf(context, link, marked) };
  return { entry, link: agreedLink(context, open, stub, desired, agreed) };
}

/** Our marker on what is not linked yet says that we made it, before a crash or behind a lost answer. */
function makerOf(
  { target }: RunContext,
  link: Link | undefined,
  marked: boolean,
): Pick<Link, 'ours' | 'madeAt'> {
  const madeAt = link === undefined && marked ? target : link?.madeAt;
  return { ours: link?.ours ?? marked, ...(madeAt === undefined ? {} : { madeAt }) };
}

function agreedLink(
  context: RunContext,
  { line, mapSha }: Open,
  { id, version }: Stub,
  { base, warnings }: Desired,
  state: { readonly targetSha: string } & Pick<Link, 'ours' | 'madeAt'>,
): Link {
  return makeLink(context, {
    line,
    targetId: id,
    base,
    mapSha: warnings.length === 0 ? mapSha : degraded,
    verified: true,
    ...state,
    ...(version === undefined ? {} : { targetVersion: version }),
  });
}

/** What is trusted because looking is too dear is not looked at for a difference either. */
function isTakenForTrue({ adapter, here }: Scope, { link }: Open): boolean {
  return adapter.costly !== undefined && link !== undefined && here === undefined;
}

function changedEntry(scope: Scope, line: IndexLine, { id }: Stub): PlanEntry {
  return { ...headOf(scope, line), action: 'update', reason: 'the source has changed', target: id };
}

function findUnlinked(context: RunContext, scope: Scope, asset: Asset, desired: object): Stub | undefined {
  const id = scope.adapter.find(scope.index, { ...asset, body: desired }, markerOf(context, asset.key));
  return id === undefined ? undefined : scope.index.byId(id);
}

/** The target's body, or undefined when it vanished since it was listed. */
export async function readTarget(
  context: RunContext,
  adapter: Adapter,
  stub: Stub,
): Promise<object | undefined> {
  if (stub.body !== undefined) return stub.body;
  try {
    return await adapter.export(context.to, stub);
  } catch (error) {
    if (hasCode(error, 'DR_API_NOT_FOUND', 'DR_ASSET_VANISHED')) return undefined;
    throw error;
  }
}

import type { Adapter } from '../adapters/adapter';
import type { Workspace } from '../databricks/workspace';
import type { Stub } from '../domain/asset';
import { parsePath, visitPath } from '../domain/body-path';
import { literalsIn, rewriteText } from '../domain/rewrite';
import { decideAction } from '../domain/three-way';
import { rulesOf, targetVersion } from './id-map';
import type { Desired } from './desired';
import type { Compared, Open, Scope } from './plan-compare';
import type { RunContext } from './run-context';
import { bodyOrLost } from './snapshot-damage';

/** True where the body says whether an asset may be made at all: it is read also when the target has nothing to compare it with. */
export function isHeldByBody(adapter: Adapter): boolean {
  return adapter.unstaged !== undefined || adapter.regional !== undefined || adapter.handmade !== undefined;
}

/** What was planned for an asset, unless a person has to act first: then it is blocked, with what to do. */
export function holdBack(
  context: RunContext,
  adapter: Adapter,
  read: object | undefined,
  compared: Compared,
): Compared {
  const found = bodyOrLost(read);
  if ('lost' in found) return compared;
  const { entry } = compared;
  const byHand = adapter.byHand?.(rewriteText(found.body, rulesOf(context)).body, context.pair);
  if (byHand !== undefined && entry.action !== 'unchanged')
    return { entry: { ...entry, action: 'skip', reason: byHand } };
  const unmapped = whyUnmapped(context, adapter, found.body);
  if (unmapped !== undefined) return { entry: { ...entry, action: 'blocked', reason: unmapped } };
  const isOpen = entry.action === 'create' || entry.action === 'update' || entry.action === 'conflict';
  const todo = isOpen ? todoOf(context, adapter, found.body) : undefined;
  if (todo === undefined) return compared;
  const what =
    entry.action === 'create'
      ? `the ${context.target} does not have it`
      : `the ${context.target} has an older one than the ${context.source}`;
  return { entry: { ...entry, action: 'blocked', reason: `${todo}: ${what}`, byHand: true } };
}

/** What only a person can bring. */
function todoOf(context: RunContext, adapter: Adapter, body: object): string | undefined {
  const { unstaged } = adapter;
  if (unstaged === undefined) return adapter.handmade?.(body);
  return mayCopy(context) && unstaged.canCopy(body) ? undefined : unstaged.todo(body);
}

/** What names a thing of the source's region for which no rule says what takes its place. */
function whyUnmapped(context: RunContext, { regional = [] }: Adapter, body: object): string | undefined {
  const rules = rulesOf(context);
  const unmapped: string[] = [];
  for (const path of regional)
    visitPath(body, parsePath(path), (value) => {
      if (typeof value === 'string' && literalsIn(value, rules).length === 0) unmapped.push(value);
      return value;
    });
  return unmapped.length === 0
    ? undefined
    : `no rule of \`rewrite\` says what takes the place of ${unmapped.join(', ')} in the ${context.target}`;
}

/**
 * The entry of an asset whose content cannot be compared. What a person set in the target is kept as long as it is not older than the
 * source's, and is never overwritten unseen after that. Undefined where both sides may be taken to agree, and for all other kinds.
 */
export function unstagedEntry(
  context: RunContext,
  { adapter, partition }: Scope,
  { line, link }: Open,
  stub: Stub,
  desired: Desired,
  actual: object,
): Compared | undefined {
  if (adapter.unstaged === undefined) return undefined;
  const written = link?.ours === true ? targetVersion(link, context.target) : undefined;
  const targetChanged = written !== undefined && written !== stub.version;
  const { key, name, needs = [] } = line;
  const head = { key, name, partition, needs, line, target: stub.id };
  if (adapter.unstaged.isFresh(desired.asleep, actual)) {
    const reason = 'set in the target since it was copied: kept';
    return targetChanged ? { entry: { ...head, action: 'unchanged', reason } } : undefined;
  }
  const decided = decideAction({
    equal: false,
    linked: link?.ours === true,
    sourceChanged: true,
    targetChanged,
    unlinked: adapter.unlinked ?? 'compare',
    policy: context.pair.conflict,
    canUpdate: adapter.update !== undefined,
  });
  return { entry: { ...head, ...decided } };
}

/** Where content that is never staged is read: only in a refresh, for a failover must not wait for a region that is gone. */
export function sourceOf(context: RunContext, { unstaged }: Adapter): Workspace | undefined {
  return unstaged !== undefined && mayCopy(context) ? context.from : undefined;
}

function mayCopy({ pair, request }: RunContext): boolean {
  return pair.copySecretValues && request.kind === 'refresh';
}

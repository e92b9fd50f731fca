import type { Adapter } from '../adapters/adapter';
import { keyOf, type Stub } from '../domain/asset';
import type { Link } from '../domain/link';
import type { PlanEntry } from '../domain/plan';
import { isoNow, type RunContext } from './run-context';

const dayMs = 24 * 3600 * 1000;

/** What becomes of the links of a kind whose source is gone. */
export interface Retired {
  readonly entries: readonly PlanEntry[];
  /** The links as they are to be stored, by source id. */
  readonly links: Map<string, Link>;
}

/**
 * Tells what is gone at the source, and remembers since when. A refresh forgets what is gone on both sides, and what a new asset of
 * the source has taken over (`taken`: targets): that is not gone at all.
 */
export function planRetired(
  context: RunContext,
  adapter: Adapter,
  partition: string,
  links: ReadonlyMap<string, Link>,
  atSource: ReadonlySet<string>,
  taken: ReadonlySet<string>,
  here: ReadonlyMap<string, Stub> | undefined,
): Retired {
  const isRefresh = context.request.kind === 'refresh';
  const entries: PlanEntry[] = [];
  const kept = new Map<string, Link>();
  for (const [id, link] of links) {
    const target = link[context.target];
    if (atSource.has(id)) {
      kept.set(id, isBack(link));
      continue;
    }
    if (isRefresh && (taken.has(target) || here?.has(target) === false)) continue;
    const gone = isRefresh ? { ...link, goneSince: link.goneSince ?? isoNow(context) } : link;
    kept.set(id, gone);
    const name = here?.get(target)?.name ?? id;
    entries.push({
      ...entryOf(context, adapter, gone, target),
      key: keyOf(adapter.kind, id),
      name,
      partition,
    });
  }
  return { entries, links: kept };
}

/** The source has it again. */
function isBack(link: Link): Link {
  const { goneSince, ...rest } = link;
  return goneSince === undefined ? link : rest;
}

function entryOf(context: RunContext, adapter: Adapter, link: Link, target: string) {
  const ours = isOurs(context, link);
  const isWork =
    ours && (['triggers', 'retirement', 'remove'] as const).some((way) => adapter[way] !== undefined);
  return {
    action: 'retire' as const,
    reason: ours
      ? retiredReason(context, adapter, link)
      : 'gone at the source: the target had it before us, it stays',
    needs: [],
    target,
    ...(isWork && { retire: true as const }),
  };
}

/** Only what we created on the side that is the target now may be put asleep, or removed: the other side has the original. */
export function isOurs({ target }: Pick<RunContext, 'target'>, { ours, madeAt }: Link): boolean {
  return ours && madeAt === target;
}

/** True when the source is gone for `retireDays`. */
export function isDue({ pair, ...context }: Pick<RunContext, 'pair' | 'now'>, { goneSince }: Link): boolean {
  return goneSince !== undefined && context.now() - Date.parse(goneSince) >= pair.retireDays * dayMs;
}

/** What is said of our copy of something that is gone at the source. */
export function retiredReason(
  { pair }: Pick<RunContext, 'pair'>,
  adapter: Adapter,
  { goneSince }: Link,
): string {
  const since = goneSince === undefined ? '' : ` since ${goneSince}`;
  if (adapter.remove === undefined && adapter.of !== undefined)
    return `gone at the source${since}: our copy goes with what it belongs to`;
  const head = `gone at the source${since}: our copy stays asleep`;
  if (adapter.remove === undefined) return `${head} until a person removes it`;
  if (goneSince === undefined) return head;
  const until = new Date(Date.parse(goneSince) + pair.retireDays * dayMs).toISOString();
  return `${head}, and is removed after ${until.slice(0, 10)} unless somebody changes it`;
}

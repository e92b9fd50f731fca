import { parseKey, type Side } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { Link, LinkPartition } from '../domain/link';
import type { Plan, PlanEntry } from '../domain/plan';
import type { Manifest } from '../domain/snapshot';
import type { Adapter } from '../adapters/adapter';
import type { KnownLines } from './plan-known';

/** Kinds that a workspace does not have, with what its API answered; those that could not be listed, with the reason. */
export type NotApplicable = ReadonlyMap<string, string>;

/** Stands for the answer where the configuration does not ask for a kind. */
export const notAsked = 'not asked for';
/** Before the reason why a kind could not be listed, though it may well be there. */
const unknown = 'not known: ';

/**
 * What the answer to a listing says when the workspace does not have the kind: its feature is off, or there is nothing at the
 * address of the collection. In a tree partition a 404 means that the partition is gone. Undefined for every other failure.
 */
export function whyNotApplicable(adapter: Adapter, isTree: boolean, error: unknown): string | undefined {
  if (!(error instanceof DrError) || adapter.everywhere === true) return undefined;
  if (error.code === 'DR_NOT_DISCOVERED') return `${unknown}${error.message}`;
  const { status, errorCode } = error.details;
  const noCollection = error.code === 'DR_API_NOT_FOUND' && status === 404 && !isTree;
  if (error.code !== 'DR_API_FEATURE_DISABLED' && !noCollection) return undefined;
  return [status, errorCode].filter((part) => part !== undefined && part !== '').join(' ');
}

/** The plan of a kind that the target does not have: nothing of it can be brought there, and nothing of it is gone. */
export function planNotApplicable(
  { lines }: KnownLines,
  { partition, links }: LinkPartition,
  side: Side,
  answer: string,
): { readonly entries: PlanEntry[]; readonly links: readonly Link[] } {
  const entries = lines.map((line): PlanEntry => {
    const { key, name, needs = [] } = line;
    const reason = line.skip ?? `not applicable: the ${side} has no ${parseKey(key).kind} (${answer})`;
    return { key, name, partition, needs, line, action: 'skip', reason };
  });
  return { entries, links };
}

/** What the report tells of kinds that one of the sides does not have. */
export function notApplicableWarnings(
  sides: { readonly source: Side; readonly target: Side },
  manifest: Manifest | undefined,
  plan: Plan | undefined,
): string[] {
  const atSource = new Map<string, { answer: string; kept: number }>();
  for (const { kind, notApplicable, count } of manifest?.rows ?? []) {
    if (notApplicable === undefined) continue;
    atSource.set(kind, { answer: notApplicable, kept: (atSource.get(kind)?.kept ?? 0) + count });
  }
  const told = (kind: string, side: Side, answer: string): string =>
    answer === notAsked || answer.startsWith(unknown)
      ? `${kind}: ${answer}`
      : `${kind}: not applicable: the ${side} does not have it (${answer})`;
  return [
    ...[...atSource]
      .filter(([, { answer, kept }]) => answer !== notAsked || kept > 0)
      .map(([kind, { answer, kept }]) =>
        kept === 0
          ? told(kind, sides.source, answer)
          : `${told(kind, sides.source, answer)}; ${kept} that it had are kept as they were last seen`,
      ),
    ...Object.entries(plan?.notApplicable ?? {}).map(([kind, answer]) => told(kind, sides.target, answer)),
  ];
}

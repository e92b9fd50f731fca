import type { Side } from './asset';
import type { Link } from './link';

/** Links as a run sees them: from its source to its target. */
export interface LinksView {
  /** The link of the asset that has this id at the source. */
  byOwnId(sourceId: string): Link | undefined;
  targetOf(sourceId: string): string | undefined;
  sourceOf(targetId: string): string | undefined;
}

/** The other side of a pair. */
export function otherSide(side: Side): Side {
  return side === 'primary' ? 'secondary' : 'primary';
}

/** The links seen from `source`. When an id is linked twice the later link counts. */
export function directed(links: Iterable<Link>, source: Side): LinksView {
  const target = otherSide(source);
  const bySource = new Map<string, Link>();
  const byTarget = new Map<string, Link>();
  for (const link of links) {
    bySource.set(link[source], link);
    byTarget.set(link[target], link);
  }
  return {
    byOwnId: (id) => bySource.get(id),
    targetOf: (id) => bySource.get(id)?.[target],
    sourceOf: (id) => byTarget.get(id)?.[source],
  };
}

import type { Side } from './asset';

/** Primary id <-> secondary id of one asset, and the last state that both sides agreed on. Direction is a view on links. */
export interface Link {
  readonly primary: string;
  readonly secondary: string;
  /** Hash of the source's own body when both sides last agreed. */
  readonly bodySha: string;
  /** Hash of the rewritten, sleeping body when both sides last agreed: the base of a three-way comparison. */
  readonly base: string;
  readonly primaryVersion?: string;
  readonly secondaryVersion?: string;
  /** When the target was last seen to be in the agreed state (ISO-8601 UTC). */
  readonly verifiedAt?: string;
  /** We created the target's asset (as opposed to: found it by its natural key). Only such ones may ever be removed. */
  readonly ours: boolean;
}

/** The links of one partition of one kind, with what they were made from: equal inputs mean that nothing has to be read. */
export interface LinkPartition {
  readonly kind: string;
  readonly partition: string;
  /** The index that was restored completely, if it was. */
  readonly indexSha?: string;
  /** Hash of the rewrite rules and of the id map under which it was restored. */
  readonly rulesSha?: string;
  /** When the target's listing was last compared (ISO-8601 UTC). */
  readonly verifiedAt?: string;
  readonly links: readonly Link[];
}

/** Links as a run sees them: from its source to its target. */
export interface DirectedLinks {
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
export function directed(links: Iterable<Link>, source: Side): DirectedLinks {
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

/** The state that both sides agree on, as the run that brought it about knows it. */
export interface Agreement {
  readonly sourceId: string;
  readonly targetId: string;
  readonly bodySha: string;
  readonly base: string;
  readonly sourceVersion?: string | undefined;
  readonly targetVersion?: string | undefined;
  readonly verifiedAt?: string | undefined;
  /** This run created the target's asset. Once true it stays true. */
  readonly created?: boolean | undefined;
}

/** The link after both sides agreed. A version that is not known is left out: the next run reads the body. */
export function nextLink(source: Side, agreement: Agreement, previous?: Link): Link {
  const { sourceId, targetId, bodySha, base, sourceVersion, targetVersion, verifiedAt } = agreement;
  const sameTarget = previous?.[otherSide(source)] === targetId;
  const forward = source === 'primary';
  const primaryVersion = forward ? sourceVersion : targetVersion;
  const secondaryVersion = forward ? targetVersion : sourceVersion;
  return {
    primary: forward ? sourceId : targetId,
    secondary: forward ? targetId : sourceId,
    bodySha,
    base,
    ...(primaryVersion !== undefined && { primaryVersion }),
    ...(secondaryVersion !== undefined && { secondaryVersion }),
    ...(verifiedAt !== undefined && { verifiedAt }),
    ours: agreement.created === true || (sameTarget && previous.ours),
  };
}

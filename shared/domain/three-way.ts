import type { Action } from './plan';

/** What is known about one asset that was found in the target. */
export interface ThreeWay {
  /** Source (rewritten, asleep) and target do not differ. */
  readonly equal: boolean;
  /** Linked, or carrying our marker. */
  readonly linked: boolean;
  /** The source differs from what both sides last agreed on. */
  readonly sourceChanged: boolean;
  /** The target differs from what it was when both sides last agreed; false when that is not known. */
  readonly targetChanged: boolean;
  /** What the kind does with a thing that is there and not linked. */
  readonly unlinked: 'link' | 'compare' | 'foreign';
  /** What the pair does with conflicts. */
  readonly policy: 'skip' | 'overwrite';
  /** The platform can change it in place. */
  readonly canUpdate: boolean;
  /**
   * What a change that only the target has means. `drift`: the standby is no longer what it should be, a conflict.
   * `keep` (failback): it is the newer state, and stays. @default 'drift'
   */
  readonly onlyTarget?: 'drift' | 'keep';
}

export interface Decided {
  readonly action: Action;
  readonly reason: string;
}

/**
 * What to do with an asset that the target already has. Nothing is overwritten that is not linked or that somebody
 * changed since we wrote it, unless the policy says so.
 */
export function decideAction(asset: ThreeWay): Decided {
  const wanted = asset.linked ? decideLinked(asset) : decideUnlinked(asset);
  if (wanted.action !== 'update' || asset.canUpdate) return wanted;
  return { action: 'blocked', reason: `cannot be changed in place (${wanted.reason})` };
}

function decideLinked(asset: ThreeWay): Decided {
  if (asset.equal) return { action: 'unchanged', reason: 'both sides agree' };
  if (asset.sourceChanged && asset.targetChanged)
    return bySettledPolicy(asset, 'changed on both sides since they last agreed');
  if (asset.sourceChanged) return { action: 'update', reason: 'changed at the source' };
  // They differ and the source is as it was: whoever changed it did so in the target.
  if (asset.onlyTarget === 'keep')
    return { action: 'skip', reason: 'changed only in the target since both sides last agreed: kept' };
  return bySettledPolicy(asset, 'changed in the target since it was written');
}

function decideUnlinked(asset: ThreeWay): Decided {
  if (asset.unlinked === 'foreign')
    return { action: 'create', reason: 'what has this name in the target is not ours: created beside it' };
  if (asset.equal) return { action: 'unchanged', reason: 'already there, and equal' };
  if (asset.unlinked === 'link')
    return { action: 'update', reason: 'already there under the same identity, and differs' };
  return bySettledPolicy(asset, 'already there with other content, and not ours');
}

function bySettledPolicy({ policy }: ThreeWay, why: string): Decided {
  return policy === 'overwrite'
    ? { action: 'update', reason: `${why}; overwritten by policy` }
    : { action: 'conflict', reason: why };
}

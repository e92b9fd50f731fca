import type { AssetKey, Side } from './asset';

/** Which side of a pair runs the schedules, since when, and how far the last cutover got. */
export interface PairState {
  readonly formatVersion: 1;
  readonly active: Side;
  /** Number of this period of activity, from 1. */
  readonly tenure: number;
  readonly since: string;
  /** The tenure was made final: failback by refresh is allowed. */
  readonly committed: boolean;
  readonly cutover: 'none' | 'fencing' | 'switched' | 'waking';
  /** The run that made, or is making, the last cutover. */
  readonly runId?: string;
  /** The side that is no longer active has been quieted: `pending` until every trigger there was. */
  readonly fence: 'none' | 'pending' | 'done';
  readonly fencedAt?: string;
  /** The run that left the other side behind: that side is its source, and what it has to quiet is in its record. */
  readonly fenceRunId?: string;
}

/** One asset that was awake when a tenure ended. Fence, wake, rollback and failback read only these. */
export interface AwakeEntry {
  readonly key: AssetKey;
  readonly name: string;
  readonly triggers: readonly string[];
  /** Tier by tag: 0 wakes first; absent = last. */
  readonly tier?: number;
}

/** The state of a pair that has never failed over. */
export function firstState(since: string): PairState {
  return {
    formatVersion: 1,
    active: 'primary',
    tenure: 1,
    since,
    committed: true,
    cutover: 'none',
    fence: 'none',
  };
}

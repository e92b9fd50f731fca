import type { AssetKey } from './asset';
import type { IndexLine } from './snapshot';

export const planVersion = 1;

/** What is to be done with one asset, by severity: which wins is a `max`. */
export const actions = ['unchanged', 'skip', 'retire', 'update', 'create', 'conflict', 'blocked'] as const;
export type Action = (typeof actions)[number];

/** One field that differs: its path, what the target has, what it should have. Never a secret value. */
export interface FieldDiff {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  /** A rule changes it on the way: `from` is what the source has. */
  readonly by?: 'rewrite';
}

/** What is to be done with one asset, and why. Bodies stay in the snapshot. */
export interface PlanEntry {
  readonly key: AssetKey;
  readonly name: string;
  readonly partition: string;
  readonly action: Action;
  readonly reason: string;
  /** Assets that must be there before this one. */
  readonly needs: readonly AssetKey[];
  /** The target's id, when it is already there. */
  readonly target?: string;
  /** For updates: the hash and the version of what the target had then. Nothing else is overwritten. */
  readonly seen?: { readonly sha: string; readonly version?: string };
  readonly diff?: readonly FieldDiff[];
  /** Where the body lies. Absent for what the snapshot does not have (`retire`). */
  readonly line?: IndexLine;
  /** Its content is as it should be: what is left is only to settle it. */
  readonly settle?: true;
  /** What the snapshot has of it is damaged: it has failed, whatever is tried. */
  readonly lost?: true;
  /** With `retire`: a copy that we made, to be put asleep at once and removed in time. */
  readonly retire?: true;
  /** The run was not asked to touch it. */
  readonly outOfScope?: true;
  /** Blocked until a person brings its content, which is never copied. */
  readonly byHand?: true;
  /** The work item inside the chunk, for entries that are work (`create`, `update`). */
  readonly item?: number;
}

export type ActionCounts = Record<Action, number>;

/** One wave of the plan: nothing in it depends on anything else in it. */
export interface Wave {
  readonly wave: number;
  readonly kinds: readonly string[];
  /** Chunks of work items: `chunkItems[i]` is the number of work items of chunk i (1-10). */
  readonly chunkItems: readonly number[];
  /** Chunks of entries that are no work: they are only accounted for. */
  readonly settledChunks: number;
}

/** The head of a plan; its entries lie in chunk blobs beside it. */
export interface Plan {
  readonly formatVersion: 1;
  readonly planVersion: number;
  readonly runId: string;
  readonly snapshot: string;
  readonly counts: ActionCounts;
  readonly byKind: Readonly<Record<string, ActionCounts>>;
  readonly waves: readonly Wave[];
  /** Hash over all entries: an approval binds to it. */
  readonly hash: string;
  /** Partitions of the target that were trusted from the links instead of listed, and since when. */
  readonly trusted: readonly { readonly partition: string; readonly verifiedAt: string }[];
  /** Kinds that the target does not have, with what its API answered. */
  readonly notApplicable?: Readonly<Record<string, string>>;
}

/** Counts of nothing yet. */
export function noActions(): ActionCounts {
  return { unchanged: 0, skip: 0, retire: 0, update: 0, create: 0, conflict: 0, blocked: 0 };
}

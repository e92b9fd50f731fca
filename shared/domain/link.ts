import type { Side } from './asset';

/** Primary id <-> secondary id of one asset, and the last state that both sides agreed on. Direction is a view on links. */
export interface Link {
  readonly primary: string;
  readonly secondary: string;
  /** Hash of the source's own body when both sides last agreed. */
  readonly bodySha: string;
  /** Hash of the rewritten, sleeping body when both sides last agreed: the base of a three-way comparison. */
  readonly base: string;
  /** Hash of the rewrite rules and of the ids that the body's references were resolved to. */
  readonly mapSha: string;
  /** Hash of the target's body as it was read back: tells whether somebody changed it since. */
  readonly targetSha?: string;
  readonly primaryVersion?: string;
  readonly secondaryVersion?: string;
  /** When the target was last seen to be in the agreed state (ISO-8601 UTC). */
  readonly verifiedAt?: string;
  /** We created the target's asset (as opposed to: found it by its natural key). Only such ones may ever be removed. */
  readonly ours: boolean;
  /** The side on which we created it, when `ours`: the other one has the original. */
  readonly madeAt?: Side;
  /** Since when the source no longer has it (ISO-8601 UTC): what a refresh retires. */
  readonly goneSince?: string;
}

/** The links of one partition of one kind. */
export interface LinkPartition {
  readonly kind: string;
  readonly partition: string;
  /** When the target's listing was last compared (ISO-8601 UTC). */
  readonly verifiedAt?: string;
  readonly links: readonly Link[];
}

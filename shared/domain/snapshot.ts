import type { AssetKey, Side } from './asset';

/** Where a body lies: a gzip member inside a pack. */
export interface BodyRef {
  readonly bodySha: string;
  readonly pack: string;
  readonly offset: number;
  readonly length: number;
}

/** One asset in a snapshot. With `skip` it has no body: it is not carried, and that is why. */
export interface IndexLine extends Partial<BodyRef> {
  readonly key: AssetKey;
  readonly name: string;
  readonly path?: string;
  readonly version?: string;
  /** The tags by which tiers and scopes pick it, for kinds that have any. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Names of the source region that the rules leave in the body, and what was looked for. */
  readonly literals?: readonly string[];
  readonly scanned?: string;
  /** What the body points at by id: it must be there first. */
  readonly needs?: readonly AssetKey[];
  /** The asset that this one is a part of. */
  readonly owner?: AssetKey;
  readonly skip?: string;
  /** Its place among those that are made one after another. */
  readonly order?: number;
  /** What a person has to know about it although it is carried. */
  readonly remarks?: readonly string[];
  /** Packs of one piece each that hold what is too large for the body, by the hash that the body names. */
  readonly pieces?: readonly string[];
  /** The triggers of what is skipped that can make something run: they are stilled and told like any other's. */
  readonly awake?: readonly string[];
  /** Skipping it loses nothing. */
  readonly harmless?: true;
  /** Why its present body could not be exported; the body of the line, if there is one, is an older one. */
  readonly failed?: string;
}

/** One partition of one kind in a snapshot: its index may be cut into several blobs of at most 2,000 lines. */
export interface ManifestRow {
  readonly kind: string;
  readonly partition: string;
  readonly indexShas: readonly string[];
  readonly count: number;
  readonly bytes: number;
  /** What the API answered when the source does not have this kind. The lines, if there are any, are those of the snapshot before. */
  readonly notApplicable?: string;
  /** When the lines were listed, for kinds whose listing is costly. */
  readonly listedAt?: string;
}

/** A sealed, immutable export of a workspace. Written last: what it names is there. */
export interface Manifest {
  readonly formatVersion: 1;
  readonly id: string;
  readonly pair: string;
  readonly source: { readonly side: Side; readonly url: string };
  readonly tenure: number;
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly sealedAt: string;
  readonly rows: readonly ManifestRow[];
  /** Total number of assets, the skipped ones included. */
  readonly count: number;
  /** So much is gone or changed against the snapshot before that a person has to accept it first: kinds and figures. */
  readonly suspect?: readonly string[];
}

/** A snapshot younger than this is fresh enough to fail over without asking (ms). */
const freshMs = 24 * 3600 * 1000;

export function isFreshSnapshot({ sealedAt }: Pick<Manifest, 'sealedAt'>, nowMs: number): boolean {
  return nowMs - Date.parse(sealedAt) < freshMs;
}

/** The last good snapshot of a pair: the commit point. */
export interface Latest {
  readonly formatVersion: 1;
  readonly id: string;
  readonly manifestSha: string;
  readonly sealedAt: string;
  readonly startedAt: string;
  readonly count: number;
}

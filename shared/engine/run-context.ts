import type { PairConfig } from '../config/schema';
import type { Workspace } from '../databricks/workspace';
import { parseKey, type Side } from '../domain/asset';
import type { RunRequest } from '../domain/run';
import type { Log } from '../log';
import type { BlobStore } from '../storage/blob-store';
import type { RunCache } from './run-cache';

/** What a look at a side found. */
export interface Probe {
  readonly alive: boolean;
  /** A token for it could be had. */
  readonly token: boolean;
  readonly detail: string;
}

/** What one piece of work of a run has at hand. Made anew for every activity. */
export interface RunContext {
  readonly request: RunRequest;
  readonly pair: PairConfig;
  /** The side that is copied from, and the one that is copied to. */
  readonly source: Side;
  readonly target: Side;
  readonly from: Workspace;
  readonly to: Workspace;
  readonly state: BlobStore;
  readonly snapshots: BlobStore;
  readonly cache: RunCache;
  readonly log: Log;
  readonly toolVersion: string;
  /** Throws DR_CLAIM_LOST once another run has the pair: what all runs share, the links, is not this one's to write any more. */
  holdsClaim(): Promise<void>;
  /** Whether a side answers, asked once, outside pace and retries. */
  probe(side: Side): Promise<Probe>;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** No new asset is begun after this moment (ms): what is left comes back as `left`. */
  readonly deadlineMs: number;
}

/** The present moment of the run's clock, as stored. */
export function isoNow(context: Pick<RunContext, 'now'>): string {
  return new Date(context.now()).toISOString();
}

/** The value of the marker tag on our copy of an asset: `<pair>:<source id>`. */
export function markerOf(context: RunContext, key: string): string {
  return `${context.pair.name}:${parseKey(key).id}`;
}

/** Seconds from an ISO time until now, never negative. */
export function secondsSince(context: Pick<RunContext, 'now'>, iso: string): number {
  return Math.max(0, Math.round((context.now() - Date.parse(iso)) / 1000));
}

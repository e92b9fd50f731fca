import { runKinds, type RunKind } from './run';

/** The single flight of a pair: whoever holds it may write to its workspaces. */
export interface Claim {
  readonly formatVersion: 1;
  readonly runId: string;
  readonly kind: RunKind;
  /** The task hub in which the run lives. */
  readonly hub: string;
  /** Grows with every take-over; a writer whose epoch is not this one stops. */
  readonly epoch: number;
  /** ISO-8601 UTC. */
  readonly claimedAt: string;
  readonly heartbeat: string;
  readonly cancelRequested: boolean;
  /** Its cutover has begun: it cannot be asked to stop any more. */
  readonly cuttingOver?: true;
  /** The run is over: anyone may claim. */
  readonly released: boolean;
}

/** True when a run of `kind` may take the claim from one of `holder`. */
export function preempts(kind: RunKind, holder: RunKind): boolean {
  return runKinds.indexOf(kind) > runKinds.indexOf(holder);
}

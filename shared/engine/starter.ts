import type { PairConfig } from '../config/schema';
import type { Side } from '../domain/asset';
import type { Claim } from '../domain/claim';
import { DrError } from '../domain/errors';
import type { FencePolicy, RunKind, RunRequest } from '../domain/run';
import type { RunScope } from '../domain/scope';
import type { BlobStore } from '../storage/blob-store';
import { releaseClaim, takeClaim } from '../storage/claims';
import { readState } from '../storage/pair-state';
import { createRequest, readRequest, writeRunConfig } from '../storage/runs';

/** What a starter needs of the process. */
export interface StarterRuntime {
  readonly state: BlobStore;
  readonly settings: { readonly hub: string };
  now(): number;
  newRunId(pair: string): string;
}

/** What is asked for. */
export interface RunWish {
  readonly pair: PairConfig;
  readonly kind: RunKind;
  readonly mode: RunRequest['mode'];
  readonly dryRun: boolean;
  readonly snapshot?: string;
  /** @default all that the pair protects */
  readonly scope?: RunScope;
  readonly reason: string;
  /** @default the pair's policy */
  readonly fence?: FencePolicy;
  readonly startedBy: string;
  readonly outageAt?: string;
  /** The run is only wanted while this side is active. */
  readonly expectActive?: Side;
  /** An operator says that the holder of the claim is gone. */
  readonly force?: boolean;
  /** Makes asking twice harmless: the same id is the same run. @default a new one */
  readonly runId?: string;
}

export type StartResult =
  | { readonly request: RunRequest; /** The run whose claim was taken over. */ readonly preempted?: string }
  | { readonly busy: Claim };

/**
 * Prepares a run: claims the pair (not for a dry run), freezes request and configuration. The caller starts the orchestration
 * under the run's id; if it dies first, the probe timer does. Throws DR_CLAIM_LOST when another side is active than expected.
 */
export async function startRun(runtime: StarterRuntime, wish: RunWish): Promise<StartResult> {
  const { pair, kind } = wish;
  const nowIso = new Date(runtime.now()).toISOString();
  await activeSide(runtime, wish, nowIso);
  const runId = wish.runId ?? runtime.newRunId(pair.name);
  const claim = {
    runId,
    kind,
    hub: runtime.settings.hub,
    nowIso,
    ...(wish.force === true ? { force: true } : {}),
  };
  const taken = wish.dryRun ? undefined : await takeClaim(runtime.state, pair.name, claim);
  if (taken !== undefined && 'busy' in taken) return taken;
  const preempted = taken?.previous === undefined ? {} : { preempted: taken.previous.runId };
  // A starter that was cut off begins again: what is written down counts.
  const before = await readRequest(runtime.state, runId);
  if (before !== undefined) return { request: before, ...preempted };
  const source = await activeSideUnderClaim(runtime, wish, runId, nowIso);
  const request = requestOf(wish, runId, source, taken?.taken.claimedAt ?? nowIso, taken?.taken.epoch ?? 0);
  await writeRunConfig(runtime.state, runId, { pair });
  await createRequest(runtime.state, request);
  return { request, ...preempted };
}

/** The active side. Throws when the run was only wanted while another one is. */
async function activeSide(runtime: StarterRuntime, wish: RunWish, nowIso: string): Promise<Side> {
  const { pair, kind, expectActive } = wish;
  const { active } = await readState(runtime.state, pair.name, nowIso);
  if (expectActive === undefined || expectActive === active) return active;
  const message = `cannot start a ${kind} of ${pair.name}: ${active} is active, not ${expectActive}`;
  throw new DrError('DR_CLAIM_LOST', message);
}

/** Only under the claim the active side stays where it is. */
async function activeSideUnderClaim(
  runtime: StarterRuntime,
  wish: RunWish,
  runId: string,
  nowIso: string,
): Promise<Side> {
  try {
    return await activeSide(runtime, wish, nowIso);
  } catch (error) {
    await releaseClaim(runtime.state, wish.pair.name, runId);
    throw error;
  }
}

function requestOf(
  wish: RunWish,
  runId: string,
  source: Side,
  requestedAt: string,
  epoch: number,
): RunRequest {
  const { pair, kind, mode, dryRun, reason, startedBy, snapshot, scope, outageAt } = wish;
  return {
    formatVersion: 1,
    runId,
    kind,
    pair: pair.name,
    mode,
    dryRun,
    source,
    reason,
    fence: wish.fence ?? pair.cutover.fence,
    startedBy,
    requestedAt,
    epoch,
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(scope === undefined ? {} : { scope }),
    ...(outageAt === undefined ? {} : { outageAt }),
  };
}

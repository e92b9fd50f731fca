import type { PairConfig } from '../config/schema';
import type { Side } from '../domain/asset';
import type { Claim } from '../domain/claim';
import { DrError } from '../domain/errors';
import type { FencePolicy, RunKind, RunRequest } from '../domain/run';
import type { BlobStore } from '../storage/blob-store';
import { takeClaim } from '../storage/claims';
import { readState } from '../storage/pair-state';
import { createRequest, writeRunConfig } from '../storage/runs';

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
 * under the run's id; if it dies first, the probe timer does. Throws DR_REQUEST_INVALID when another side is active than expected.
 */
export async function startRun(runtime: StarterRuntime, wish: RunWish): Promise<StartResult> {
  const { pair, kind } = wish;
  const nowIso = new Date(runtime.now()).toISOString();
  const { active } = await readState(runtime.state, pair.name, nowIso);
  if (wish.expectActive !== undefined && wish.expectActive !== active) {
    throw new DrError(
      'DR_CLAIM_LOST',
      `cannot start a ${kind} of ${pair.name}: ${active} is active, not ${wish.expectActive}`,
    );
  }
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
  const request: RunRequest = {
    formatVersion: 1,
    runId,
    kind,
    pair: pair.name,
    mode: wish.mode,
    dryRun: wish.dryRun,
    source: active,
    reason: wish.reason,
    fence: wish.fence ?? pair.cutover.fence,
    startedBy: wish.startedBy,
    requestedAt: taken?.taken.claimedAt ?? nowIso,
    epoch: taken?.taken.epoch ?? 0,
    ...(wish.snapshot === undefined ? {} : { snapshot: wish.snapshot }),
    ...(wish.outageAt === undefined ? {} : { outageAt: wish.outageAt }),
  };
  await writeRunConfig(runtime.state, runId, { pair });
  await createRequest(runtime.state, request);
  return taken?.previous === undefined ? { request } : { request, preempted: taken.previous.runId };
}

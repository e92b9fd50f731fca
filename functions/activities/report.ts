import type { RunKind } from '../../shared/domain/run';
import { closeFailover } from '../../shared/engine/cutover';
import { writeRunReport, type Ending } from '../../shared/engine/reporter';
import { sealRest } from '../../shared/engine/wave-sealer';
import { enterPhase } from '../../shared/engine/timeline';
import type { FencePolicy, Phase } from '../../shared/domain/run';
import { releaseClaim } from '../../shared/storage/claims';
import type { RunContexts } from '../../shared/run-contexts';
import { activity } from './activity';

/** What an orchestrator learns of its run. */
export interface RunOpening {
  readonly runId: string;
  readonly kind: RunKind;
  readonly dryRun: boolean;
  readonly fence: FencePolicy;
  /** The pair is only observed: nothing is restored. */
  readonly observe: boolean;
  /** The snapshot that was named. */
  readonly snapshot: string | null;
}

/** The activities that open and close a run. */
export function makeReportActivities(contexts: RunContexts) {
  return {
    openRun: activity(async ({ runId }: { readonly runId: string }): Promise<RunOpening> => {
      const { request, pair, log } = await contexts.open(runId);
      log.info('a run began', { kind: request.kind, dryRun: request.dryRun, startedBy: request.startedBy });
      return {
        runId,
        kind: request.kind,
        dryRun: request.dryRun,
        fence: request.fence,
        observe: pair.mode === 'observe',
        snapshot: request.snapshot ?? null,
      };
    }),
    enterPhase: activity(async ({ runId, phase }: { readonly runId: string; readonly phase: Phase }) => {
      const context = await contexts.open(runId);
      await enterPhase(context, phase);
      context.log.info('a phase began', { phase });
      return {};
    }),
    writeReport: activity(async ({ runId, ending }: { readonly runId: string; readonly ending: Ending }) => {
      const context = await contexts.openUnclaimed(runId);
      if (!ending.reached) await sealRest(context);
      const summary = await writeRunReport(context, ending);
      const { request, pair, log } = context;
      if (request.kind === 'failover' && !request.dryRun)
        await closeFailover(context, pair, request, `run ${runId}: ${summary.reason}`);
      await releaseClaim(context.state, pair.name, runId);
      const { status, reason, counts } = summary;
      log[status === 'failed' ? 'error' : 'info']('a run ended', { status, reason, counts });
      return { status };
    }),
  };
}

import { awakeRecord, sealAwakeRecord } from '../../shared/engine/awake';
import { beginCutover, markWaking, switchActive } from '../../shared/engine/cutover';
import { fenceSource } from '../../shared/engine/fence';
import { applyEvent } from '../../shared/engine/incident-keeper';
import { planOf } from '../../shared/engine/ledger';
import { isoNow } from '../../shared/engine/run-context';
import { layWake } from '../../shared/engine/waker';
import type { Decision } from '../../shared/domain/run';
import { openPoint } from '../../shared/storage/approval';
import { passPointOfNoReturn } from '../../shared/storage/claims';
import type { RunContexts } from '../../shared/run-contexts';
import { activity } from './activity';

interface RunRef {
  readonly runId: string;
}

/** The activities of the cutover: ask, fence, switch, wake. */
export function makeCutoverActivities(contexts: RunContexts) {
  return {
    openDecision: activity(({ runId, point }: RunRef & { readonly point: number }) =>
      openDecision(contexts, runId, point),
    ),
    beginCutover: activity(({ runId, decision }: RunRef & { readonly decision: Decision }) =>
      begin(contexts, runId, decision),
    ),
    fenceSource: activity(async ({ runId }: RunRef) => {
      const { quieted, left, incomplete } = await fenceSource(await contexts.open(runId));
      return { quieted, left: left.length, ...(incomplete === undefined ? {} : { incomplete }) };
    }),
    switchActive: activity(async ({ runId, fenced }: RunRef & { readonly fenced: boolean }) => {
      const context = await contexts.open(runId);
      await sealAwakeRecord(context, await awakeRecord(context));
      const { active, tenure } = await switchActive(context, fenced);
      return { active, tenure };
    }),
    layWake: activity(async ({ runId }: RunRef) => {
      const context = await contexts.open(runId);
      await markWaking(context, 'waking');
      return { waves: await layWake(context), msPerItem: 60_000 / context.pair.cutover.wakePerMinute };
    }),
    finishCutover: activity(async ({ runId }: RunRef) => {
      await markWaking(await contexts.open(runId), 'none');
      return {};
    }),
  };
}

async function openDecision(contexts: RunContexts, runId: string, point: number) {
  const context = await contexts.open(runId);
  const { timeoutMinutes, onTimeout } = context.pair.approval;
  const { hash } = await planOf(context);
  await openPoint(context.state, {
    formatVersion: 1,
    runId,
    point,
    open: true,
    openedAt: isoNow(context),
    planHash: hash,
    timeoutMinutes,
    decisions: [],
  });
  context.log.warn('a cutover waits for approval', { point, timeoutMinutes });
  return { timeoutMinutes, onTimeout };
}

/** From here on nobody can stop the run. Tells the incident, and only then touches anything. */
async function begin(contexts: RunContexts, runId: string, decision: Decision) {
  const context = await contexts.open(runId);
  await passPointOfNoReturn(context.state, context.pair.name, runId);
  await applyEvent(context, context.pair, { kind: 'approved', who: decision.who });
  await applyEvent(context, context.pair, { kind: 'cutoverStarted' });
  await beginCutover(context);
  return {};
}

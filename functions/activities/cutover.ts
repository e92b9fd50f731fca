import { awakeRecord, sealAwakeRecord } from '../../shared/engine/awake';
import { beginCutover, markWaking, switchActive } from '../../shared/engine/cutover';
import { fenceSource } from '../../shared/engine/fence';
import { applyEvent } from '../../shared/engine/incident-keeper';
import { noteFenceRequests } from '../../shared/engine/requests';
import { layWake } from '../../shared/engine/waker';
import { DrError } from '../../shared/domain/errors';
import { isOfIncident, type Decision } from '../../shared/domain/run';
import { passPointOfNoReturn } from '../../shared/storage/claims';
import type { RunContexts } from '../../shared/run-contexts';
import { activity } from './activity';

interface RunRef {
  readonly runId: string;
}

/** The activities of the cutover: fence, switch, wake. */
export function makeCutoverActivities(contexts: RunContexts) {
  return {
    beginCutover: activity(({ runId, decision }: RunRef & { readonly decision: Decision }) =>
      begin(contexts, runId, decision),
    ),
    fenceSource: activity(async ({ runId }: RunRef) => {
      const context = await contexts.open(runId);
      const { quieted, left, incomplete } = await fenceSource(context);
      await noteFenceRequests(context);
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
      const { alive } = await context.probe(context.target);
      const msPerItem = 60_000 / context.pair.cutover.wakePerMinute;
      return { waves: await layWake(context), msPerItem, alive };
    }),
    finishCutover: activity(async ({ runId }: RunRef) => {
      await markWaking(await contexts.open(runId), 'none');
      return {};
    }),
  };
}

/** From here on nobody can stop the run. Tells the incident, and only then touches anything. */
async function begin(contexts: RunContexts, runId: string, decision: Decision) {
  const context = await contexts.open(runId);
  const { state, pair, request } = context;
  await passPointOfNoReturn(state, pair.name, runId);
  await applyEvent(context, pair, { kind: 'approved', who: decision.who });
  const { incident } = await applyEvent(context, pair, { kind: 'cutoverStarted' });
  const isOver = isOfIncident(request) && incident.state !== 'failingOver';
  if (isOver && decision.who === 'policy')
    throw new DrError('DR_RUN_CANCELLED', `cannot cut over by ${runId}: ${incident.reason}`);
  await beginCutover(context);
  return {};
}

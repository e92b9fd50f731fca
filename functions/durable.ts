import { app } from 'durable-functions';
import type { Activities } from './activities';
import { inInvocation } from './app/invocation-log';
import { services } from './app/services';
import { orchestrators } from './orchestrators/registry';

/** The names are a contract with runs in flight: they are known before there are settings. */
const activities: Readonly<Record<keyof Activities, true>> = {
  acceptSnapshot: true,
  beginCutover: true,
  checkPair: true,
  enterPhase: true,
  expireDecision: true,
  exportListing: true,
  exportPack: true,
  fenceSource: true,
  finishCutover: true,
  judgeReadiness: true,
  layPlan: true,
  layRetire: true,
  layWake: true,
  listPlanUnits: true,
  listUnits: true,
  openDecision: true,
  openFailover: true,
  openRun: true,
  planUnit: true,
  probeIncident: true,
  restoreItem: true,
  retainSome: true,
  retireItem: true,
  sealSnapshot: true,
  sealUnit: true,
  sealWave: true,
  settleChunk: true,
  settleUnits: true,
  startConfirm: true,
  switchActive: true,
  verifyItem: true,
  wakeItem: true,
  writeReport: true,
};

for (const [name, orchestrator] of Object.entries(orchestrators)) app.orchestration(name, orchestrator);

for (const name of Object.keys(activities) as (keyof Activities)[]) {
  app.activity(name, {
    handler: (input, context) =>
      inInvocation(context, () => {
        const work = services().activities[name] as (given: unknown) => Promise<unknown>;
        return work(input);
      }),
  });
}

import type { RunContexts } from '../../shared/run-contexts';
import type { Runtime } from '../../shared/runtime';
import { makeCutoverActivities } from './cutover';
import { makeDecisionActivities } from './decisions';
import { makeIncidentActivities } from './incident';
import { makePlanActivities } from './plan';
import { makeReportActivities } from './report';
import { makeRetentionActivities } from './retention';
import { makeRestoreActivities } from './restore';
import { makeSyncActivities } from './sync';

export type { RunOpening } from './report';

/** Every activity, by the name under which it is registered: the one type that orchestrators see. */
export function createActivities(runtime: Runtime, contexts: RunContexts) {
  return {
    ...makeReportActivities(contexts),
    ...makeSyncActivities(contexts),
    ...makePlanActivities(contexts),
    ...makeRestoreActivities(contexts),
    ...makeRetentionActivities(contexts),
    ...makeDecisionActivities(contexts),
    ...makeCutoverActivities(contexts),
    ...makeIncidentActivities(runtime, contexts),
  };
}

export type Activities = ReturnType<typeof createActivities>;

import type { RetentionPortion } from '../../shared/domain/retention-steps';
import { retainSome } from '../../shared/engine/retention';
import type { RunContexts } from '../../shared/run-contexts';
import { activity } from './activity';

/** The activity that removes what nothing needs, and verifies what is kept, a portion at a time. */
export function makeRetentionActivities(contexts: RunContexts) {
  return {
    retainSome: activity(
      async ({ runId, portion }: { readonly runId: string; readonly portion: RetentionPortion }) => ({
        next: (await retainSome(await contexts.open(runId), portion)) ?? null,
      }),
    ),
  };
}

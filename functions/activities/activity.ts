import { DrError, hasCode } from '../../shared/domain/errors';

/**
 * The answer of every activity. A throw means: try me again. What will not heal is a value: `stopped` ends the run as cancelled,
 * `failed` as failed.
 */
export type Answer<Value> =
  { readonly value: Value } | { readonly stopped: string } | { readonly failed: string };

/** Wraps the work of an activity into its {@link Answer}. */
export function activity<Input, Value extends object>(
  work: (input: Input) => Promise<Value>,
): (input: Input) => Promise<Answer<Value>> {
  return async (input) => {
    try {
      return { value: await work(input) };
    } catch (error) {
      if (hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) return { stopped: error.message };
      if (error instanceof DrError && !error.retryable) return { failed: `${error.code}: ${error.message}` };
      throw error;
    }
  };
}

/**
 * As {@link activity}, for one task of a fan-out: it does not throw either. A failed task would end the wait for all of them, and
 * the next pass would do the work of its neighbours while they still do it. What was not done is seen by what is missing.
 */
export function fannedOut<Input, Value extends object>(
  work: (input: Input) => Promise<Value>,
): (input: Input) => Promise<Answer<Value | { readonly again: string }>> {
  const answer = activity(work);
  return async (input) => {
    try {
      return await answer(input);
    } catch (error) {
      return { value: { again: error instanceof Error ? error.message : 'unknown error' } };
    }
  };
}

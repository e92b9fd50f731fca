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

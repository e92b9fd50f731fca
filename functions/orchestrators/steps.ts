import { RetryOptions, type OrchestrationContext, type Task } from 'durable-functions';
import type { Activities } from '../activities';
import type { Decision, Phase } from '../../shared/domain/run';

/** A part of an orchestration. What the SDK sends back into it is only known where it is yielded. */
export type Steps<Result> = Generator<Task, Result>;

type ActivityName = keyof Activities;
type InputOf<Name extends ActivityName> = Parameters<Activities[Name]>[0];
type AnswerOf<Name extends ActivityName> = Extract<
  Awaited<ReturnType<Activities[Name]>>,
  { readonly value: unknown }
>['value'];

/** The run may not go on: it was cancelled, or another run took its claim. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
}
/** The run cannot go on: trying again would not help. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';
}

/** Tasks in one Task.all: no fan-out without bound. */
export const maxFanOut = 10;
const firstRetryMs = 2_000;
const maxRetryMs = 60_000;
const maxAttempts = 12;

/** One activity, repeated with a growing wait while it throws. Throws {@link RunStopped} or {@link RunFailed} by its answer. */
export function* call<Name extends ActivityName>(
  context: OrchestrationContext,
  name: Name,
  input: InputOf<Name>,
): Steps<AnswerOf<Name>> {
  const retry = new RetryOptions(firstRetryMs, maxAttempts);
  retry.backoffCoefficient = 2;
  retry.maxRetryIntervalInMilliseconds = maxRetryMs;
  const answer = (yield context.df.callActivityWithRetry(name, retry, input)) as Awaited<
    ReturnType<Activities[Name]>
  >;
  if ('stopped' in answer) throw new RunStopped(answer.stopped);
  if ('failed' in answer) throw new RunFailed(answer.failed);
  return answer.value;
}

/**
 * At most {@link maxFanOut} activities side by side. Whatever becomes of them: the outcome blobs are the truth, and the caller asks
 * them. Plain activities only: with retries inside, the ids of the SDK and of the host run apart when one fails.
 */
export function* callEach<Name extends ActivityName>(
  context: OrchestrationContext,
  name: Name,
  inputs: readonly InputOf<Name>[],
): Steps<void> {
  if (inputs.length === 0) return;
  try {
    yield context.df.Task.all(inputs.map((input) => context.df.callActivity(name, input)));
  } catch {
    // A worker that crashed, or a function that timed out: the next pass does what is left.
  }
}

/** A sub-orchestration to start; children catch everything and return a result. */
export interface Child {
  readonly id: string;
  readonly input: unknown;
}

/** At most {@link maxFanOut} sub-orchestrations side by side. A child that was stopped or has failed says so in its result. */
export function* callChildren(
  context: OrchestrationContext,
  name: string,
  children: readonly Child[],
): Steps<readonly ChildResult[]> {
  if (children.length === 0) return [];
  let results: readonly ChildResult[];
  try {
    results = (yield context.df.Task.all(
      children.map(({ id, input }) => context.df.callSubOrchestrator(name, input, id)),
    )) as ChildResult[];
  } catch (error) {
    throw new RunFailed(messageOf(error));
  }
  throwResult(
    results.find(({ stopped }) => stopped !== undefined) ??
      results.find(({ failed }) => failed !== undefined),
  );
  return results;
}

/** How a child ended when not well. */
export interface ChildResult {
  readonly stopped?: string;
  readonly failed?: string;
}

/** Throws what a child could only say in its result. */
export function throwResult(result: ChildResult | undefined): void {
  if (result?.stopped !== undefined) throw new RunStopped(result.stopped);
  if (result?.failed !== undefined) throw new RunFailed(result.failed);
}

/** The error of a child's body as its result. */
export function resultOfError(error: unknown): ChildResult {
  return error instanceof RunStopped ? { stopped: error.message } : { failed: messageOf(error) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'unknown error';
}

/** One sub-orchestration whose result is its own. */
export function* callChild(context: OrchestrationContext, name: string, child: Child): Steps<unknown> {
  return (yield context.df.callSubOrchestrator(name, child.input, child.id)) as unknown;
}

/** Waits by the clock of the task hub. */
export function* pause(context: OrchestrationContext, ms: number): Steps<void> {
  if (ms > 0) yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + ms));
}

/** Waits for a decision at a point; undefined when nobody decided in time. */
export function* waitForDecision(
  context: OrchestrationContext,
  point: number,
  timeoutMinutes: number,
): Steps<Decision | undefined> {
  const deadline = new Date(context.df.currentUtcDateTime.getTime() + timeoutMinutes * 60_000);
  const timer = context.df.createTimer(deadline);
  const decision = context.df.waitForExternalEvent(`decision:${point}`);
  const first = (yield context.df.Task.any([decision, timer])) as Task;
  if (first === timer) return undefined;
  timer.cancel();
  return first.result as Decision;
}

/** Begins a phase: the status that everyone sees, and the timeline of the report. */
export function* enter(context: OrchestrationContext, runId: string, phase: Phase, waves = 0): Steps<void> {
  context.df.setCustomStatus({ phase, wave: 0, waves });
  yield* call(context, 'enterPhase', { runId, phase });
}

/** The numbers from 0 up to `count`, cut into pieces of {@link maxFanOut}. */
export function chunksOf(count: number): number[][] {
  const chunks: number[][] = [];
  for (let start = 0; start < count; start += maxFanOut) {
    chunks.push(
      Array.from({ length: Math.min(maxFanOut, count - start) }, (_none, offset) => start + offset),
    );
  }
  return chunks;
}

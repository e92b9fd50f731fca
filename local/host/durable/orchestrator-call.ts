import { type RegisteredFunction } from '../core-types';
import { messageOf } from '../host-error';
import { type Invoker } from '../invoker';
import { type Problem, type ProblemCode } from './diagnostics';
import { type Instance } from './instance';
import { type Answer, type HistoryEvent } from './protocol';

/** In front of the JSON that a failed orchestrator appends to its error message. */
const failureLabel = '\n\n$OutOfProcData$:';

export interface Called {
  readonly answer: Answer;
  /** The SDK's context, for the sequence cross-check. */
  readonly context: unknown;
  readonly problem?: Problem;
}

/** Runs one turn of the orchestrator function over the whole history. */
export async function callOrchestrator(
  invoker: Invoker,
  fn: RegisteredFunction,
  instance: Pick<Instance, 'id' | 'parent' | 'generation'>,
  newEvents: readonly HistoryEvent[],
): Promise<Called> {
  try {
    const { response, context } = await invoker.invoke(fn, { string: payload(instance, newEvents) });
    return { answer: JSON.parse(response.returnValue?.json ?? 'null') as Answer, context };
  } catch (error) {
    return failedAnswer(messageOf(error));
  }
}

/** The history is put together from stored texts: parsing and printing it each turn would cost more than the replay. */
function payload(
  { id, parent, generation }: Pick<Instance, 'id' | 'parent' | 'generation'>,
  newEvents: readonly HistoryEvent[],
): string {
  const head = JSON.stringify({
    instanceId: id,
    isReplaying: generation.turns.length > 0,
    parentInstanceId: parent?.id ?? null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 2,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    // The protocol spells it so.
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
  const history = [...generation.turns, ...newEvents.map((event) => JSON.stringify(event))].join(',');
  return `${head.slice(0, -1)},"input":${generation.input ?? 'null'},"history":[${history}]}`;
}

function failedAnswer(message: string): Called {
  const at = message.indexOf(failureLabel);
  if (at < 0) return refused('invocation-failed', message);
  const answer = JSON.parse(message.slice(at + failureLabel.length)) as Answer;
  if (answer.error) return { answer, context: undefined };
  return refused(
    'empty-error',
    'the orchestrator threw something without a message (in Azure the instance would stay Running for ever)',
  );
}

function refused(code: ProblemCode, message: string): Called {
  return {
    answer: { isDone: false, actions: [[]] },
    context: undefined,
    problem: { code, message, fatal: true },
  };
}

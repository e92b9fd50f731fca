import { type Decision, type End, type HistoryEvent, eventTypes, isoTime, makeEvent } from './protocol';

/** The whole turn as history: what came in, what it scheduled, how it ended. */
export function closeTurn(
  events: readonly HistoryEvent[],
  decisions: readonly Decision[],
  end: End | undefined,
  atMs: number,
): HistoryEvent[] {
  const closing =
    end &&
    makeEvent(eventTypes.executionCompleted, atMs, { OrchestrationStatus: end.status, Result: end.output });
  return [
    ...events,
    ...decisions.map((decision) => scheduledEvent(decision, atMs)),
    ...(closing ? [closing] : []),
    makeEvent(eventTypes.orchestratorCompleted, atMs),
  ].map((event) => ({ ...event, IsPlayed: true }));
}

function scheduledEvent(decision: Decision, atMs: number): HistoryEvent {
  switch (decision.kind) {
    case 'activity':
      return makeEvent(
        eventTypes.taskScheduled,
        atMs,
        { Name: decision.name, Version: '', Input: null },
        decision.id,
      );
    case 'timer':
      return makeEvent(eventTypes.timerCreated, atMs, { FireAt: isoTime(decision.fireAtMs) }, decision.id);
    case 'child': {
      const { name, version, instanceId } = decision;
      return makeEvent(
        eventTypes.childCreated,
        atMs,
        { Name: name, Version: version, InstanceId: instanceId, Input: null },
        decision.id,
      );
    }
  }
}

/** How the parent hears of the end of a child. */
export function childEnded(taskId: number, end: End, atMs: number): HistoryEvent {
  if (end.status === 'Completed') {
    return makeEvent(eventTypes.childCompleted, atMs, { TaskScheduledId: taskId, Result: end.output });
  }
  const fields = { TaskScheduledId: taskId, Reason: end.output ?? '', Details: '', FailureDetails: null };
  return makeEvent(eventTypes.childFailed, atMs, fields);
}

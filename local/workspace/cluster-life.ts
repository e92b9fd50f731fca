import { type ClusterRecord, isUp, type TerminationReason } from './cluster-record';
import { numberIn } from './fields';

/** Emulated: the real ones take minutes. */
export const startTakesMs = 1_000;
export const stopTakesMs = 500;

export function begin(record: ClusterRecord, nowMs: number, doomed?: TerminationReason): void {
  const restart = record.state === 'RUNNING';
  record.state = restart ? 'RESTARTING' : 'PENDING';
  record.stateMessage = doomed ? 'Waiting for capacity' : 'Starting Spark';
  record.dueMs = nowMs + startTakesMs;
  record.activityMs = nowMs;
  if (restart) record.restartMs = nowMs;
  else record.startMs = nowMs;
  delete record.terminatedMs;
  delete record.termination;
  delete record.doomed;
  if (doomed) record.doomed = doomed;
}

/** Begins the end; nothing happens to a cluster that is down or on its way. */
export function terminate(record: ClusterRecord, nowMs: number, reason: TerminationReason): void {
  if (!isUp(record.state)) return;
  record.state = 'TERMINATING';
  record.termination = reason;
  record.dueMs = nowMs + stopTakesMs;
}

export function userRequest(userName: string): TerminationReason {
  return { code: 'USER_REQUEST', type: 'SUCCESS', parameters: { username: userName } };
}

/** Ends the state under way when it is due; idle clusters stop by themselves. */
export function settle(record: ClusterRecord, nowMs: number): void {
  if (record.state === 'RUNNING') stopWhenIdle(record, nowMs);
  else if (record.dueMs !== undefined && record.dueMs <= nowMs) arrive(record, record.dueMs);
}

function arrive(record: ClusterRecord, atMs: number): void {
  delete record.dueMs;
  if (record.state === 'TERMINATING' || record.doomed) down(record, atMs);
  else up(record, atMs);
}

function up(record: ClusterRecord, atMs: number): void {
  record.state = 'RUNNING';
  record.stateMessage = '';
  record.activityMs = atMs;
  record.starts += 1;
}

function down(record: ClusterRecord, atMs: number): void {
  if (record.state !== 'TERMINATING' && record.doomed) record.termination = record.doomed;
  record.state = 'TERMINATED';
  record.stateMessage = record.termination?.code ?? '';
  record.terminatedMs = atMs;
  delete record.doomed;
}

function stopWhenIdle(record: ClusterRecord, nowMs: number): void {
  const minutes = numberIn(record.spec, 'autotermination_minutes') ?? 0;
  if (minutes === 0 || nowMs - record.activityMs < minutes * 60_000) return;
  const parameters = { inactivity_duration_min: String(minutes) };
  terminate(record, nowMs, { code: 'INACTIVITY', type: 'SUCCESS', parameters });
}

/** At once, as if it had been started a while ago. */
export function putUp(record: ClusterRecord, nowMs: number): void {
  if (record.state === 'TERMINATED') begin(record, nowMs);
  arrive(record, nowMs);
}

/** At once, as if it had been down for long. */
export function putDown(record: ClusterRecord, nowMs: number): void {
  terminate(record, nowMs, userRequest(record.owner));
  if (record.state === 'TERMINATING') arrive(record, nowMs);
}

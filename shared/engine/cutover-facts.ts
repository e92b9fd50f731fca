import type { AssetKey } from '../domain/asset';
import type { CutoverFacts, Triggered } from '../domain/report-input';
import { exceptionFinder } from '../domain/result';
import { readState } from '../storage/pair-state';
import { streamItemResults } from '../storage/runs';
import { awakeRecord, triggeredAdapters } from './awake';
import { readReadiness } from './readiness-judge';
import { isoNow, type RunContext } from './run-context';
import { readOutOfScope } from './scope-book';
import { linesOf } from './snapshot-bodies';

/** What the cutover did, when the run came to one. */
export async function cutoverFacts(context: RunContext): Promise<CutoverFacts | undefined> {
  const { request, state, pair } = context;
  const now = await readState(state, pair.name, isoNow(context));
  if (now.runId !== request.runId) return undefined;
  const record = await awakeRecord(context);
  const leftAlone = await readOutOfScope(context);
  const exceptionOf = exceptionFinder(pair.exceptions, isoNow(context));
  const woken: Triggered[] = [];
  const asleep: Triggered[] = [];
  const outcomes = new Map<string, { ok: boolean; reason: string }>();
  for await (const result of streamItemResults(state, request.runId, 'cuttingOver')) {
    for (const { key, outcome, reason } of result.outcomes)
      outcomes.set(key, { ok: outcome === 'restored', reason });
  }
  for (const { key, name, triggers } of record) {
    const outcome = outcomes.get(key);
    if (outcome?.ok === true) woken.push({ key, name, triggers });
    else asleep.push({ key, name, triggers, ...whyAsleep(key, outcome?.reason, leftAlone, exceptionOf) });
  }
  const fenced = now.fence === 'done';
  return {
    switched: now.active === context.target,
    awakeBefore: record.length,
    woken,
    asleep: now.active === context.target ? asleep : [],
    fence: {
      state: now.fence,
      policy: request.fence,
      quieted: fenced ? record.length : 0,
      triggersStillAwake: fenced ? [] : record.map(({ key, name, triggers }) => ({ key, name, triggers })),
    },
  };
}

function whyAsleep(
  key: AssetKey,
  outcome: string | undefined,
  leftAlone: ReadonlyMap<AssetKey, string>,
  exceptionOf: ReturnType<typeof exceptionFinder>,
): Pick<Triggered, 'reason' | 'expected'> {
  const scope = leftAlone.get(key);
  const exception = exceptionOf(key);
  const why =
    outcome ?? (scope === undefined ? 'stays asleep: the run did not get to it' : `stays asleep: ${scope}`);
  if (exception === undefined) return { reason: why, ...(scope !== undefined && { expected: 'scope' }) };
  const { reason, owner, expires } = exception;
  return { reason: `${why}; known: ${reason} (${owner}, until ${expires})`, expected: 'exception' };
}

/** Assets that should have been woken and were not. What would not run stays asleep on purpose, and so does what nobody asked for or an exception covers. */
export async function countUnwoken(context: RunContext, cutover: CutoverFacts | undefined): Promise<number> {
  if (cutover === undefined) return 0;
  const jobs = (await readReadiness(context, context.request.runId))?.jobs ?? [];
  const kept = new Set(jobs.filter(({ state }) => state === 'notRunnable').map(({ key }) => key));
  for (const { kind } of triggeredAdapters())
    for await (const { key, skip } of linesOf(context, kind)) if (skip !== undefined) kept.add(key);
  return cutover.asleep.filter(({ key, expected }) => expected === undefined && !kept.has(key)).length;
}

import { confirm, type ProbeResult } from '../../shared/domain/confirm';
import type { Incident, IncidentPolicy, Verdict } from '../../shared/domain/incident';
import { otherSide } from '../../shared/domain/links-view';
import { starterOf } from '../../shared/domain/run';
import type { PairState } from '../../shared/domain/state';
import { applyEvent, incidentOf } from '../../shared/engine/incident-keeper';
import { startRun } from '../../shared/engine/starter';
import { readState } from '../../shared/storage/pair-state';
import { chooseRunId, readIncidentProbes, writeIncidentProbes } from '../../shared/storage/incident-probes';
import type { RunContexts } from '../../shared/run-contexts';
import type { Runtime } from '../../shared/runtime';
import { activity } from './activity';

interface IncidentRef {
  readonly pair: string;
  readonly attempt: number;
}

/** The activities of an incident: our own probes, the verdict, and the run that answers it. */
export function makeIncidentActivities(runtime: Runtime, contexts: RunContexts) {
  return {
    startConfirm: activity(async ({ pair: name, attempt }: IncidentRef) => {
      const pair = await runtime.pairOf(name);
      await applyEvent(runtime, pair, { kind: 'confirmStarted', attempt });
      return { everySeconds: pair.alert.confirm.everySeconds };
    }),
    probeIncident: activity(({ pair, attempt, probe }: IncidentRef & { readonly probe: number }) =>
      probeIncident(runtime, pair, attempt, probe),
    ),
    openFailover: activity(({ pair, attempt }: IncidentRef) =>
      openFailover(runtime, contexts, pair, attempt),
    ),
  };
}

/** One probe of both sides, and what all of this confirmation's probes say together. */
async function probeIncident(runtime: Runtime, name: string, attempt: number, probe: number) {
  const pair = await runtime.pairOf(name);
  const { active } = await readState(runtime.state, name, nowOf(runtime));
  const [source, other] = await Promise.all([
    runtime.probe(pair, active),
    runtime.probe(pair, otherSide(active)),
  ]);
  const seen: ProbeResult = source.alive ? 'alive' : 'down';
  const before = await readIncidentProbes(runtime.state, name, attempt);
  const probes = [...before.slice(0, probe), seen];
  await writeIncidentProbes(runtime.state, name, attempt, probes);
  const verdict: Verdict = confirm(probes, pair.alert.confirm, other.alive);
  const { detail } = source;
  runtime.log.info('an outage was probed', { pair: name, attempt, probe, seen, verdict, detail });
  if (verdict === 'undecided') return { verdict, startFailover: false };
  const { effects, incident } = await applyEvent(runtime, pair, { kind: 'verdict', attempt, verdict });
  // The verdict may have been applied by an earlier try of this activity, whose answer was lost.
  const confirmed =
    verdict === 'confirmed' && (incident.state === 'confirmed' || incident.state === 'approved');
  return {
    verdict,
    startFailover: effects.includes('startFailover') || (confirmed && answers(pair.alert.mode)),
  };
}

/** True when the policy answers a confirmed outage with a failover. */
function answers(mode: IncidentPolicy['mode']): boolean {
  return mode === 'approve' || mode === 'auto';
}

async function openFailover(
  runtime: Runtime,
  contexts: RunContexts,
  name: string,
  attempt: number,
): Promise<{ runId: string | null }> {
  const pair = await runtime.pairOf(name);
  const incident = await incidentOf(runtime, name);
  const why = reasonNotToAnswer(incident, attempt, await readState(runtime.state, name, nowOf(runtime)));
  if (why !== undefined) {
    runtime.log.warn('a failover is not called for any more', { pair: name, attempt, why });
    return { runId: null };
  }
  // Chosen once, so that a repetition opens the same run.
  const runId = await chooseRunId(runtime.state, name, attempt, runtime.newRunId(name));
  const started = await startRun(runtime, {
    pair,
    kind: 'failover',
    mode: 'unplanned',
    dryRun: false,
    reason: incident.reason,
    startedBy: starterOf(attempt),
    outageAt: firstSign(incident),
    runId,
  });
  if ('busy' in started) {
    const holder = started.busy.runId;
    runtime.log.warn('an incident found another run at work', { pair: name, attempt, holder });
    return { runId: null };
  }
  if (started.preempted !== undefined) contexts.abort(started.preempted, `pre-empted by ${runId}`);
  return { runId };
}

/** What was confirmed may be over by now: resolved, rejected, or answered by somebody's own failover. */
function reasonNotToAnswer(
  incident: Incident,
  attempt: number,
  { committed }: PairState,
): string | undefined {
  if (!committed) return 'the last cutover is not committed';
  const isOpen = incident.state === 'confirmed' || incident.state === 'approved';
  return isOpen && incident.attempt === attempt ? undefined : incident.reason;
}

/** When the outage was first seen: the earliest active alert, or the state that the incident is in. */
function firstSign({ since, alerts }: Incident): string {
  return [since, ...Object.values(alerts).map(({ at }) => at)].sort()[0] ?? since;
}

function nowOf(runtime: Runtime): string {
  return new Date(runtime.now()).toISOString();
}

import { confirm, type ProbeResult } from '../../shared/domain/confirm';
import type { Verdict } from '../../shared/domain/incident';
import { otherSide } from '../../shared/domain/links-view';
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
  const nowIso = (): string => new Date(runtime.now()).toISOString();
  return {
    startConfirm: activity(async ({ pair: name, attempt }: IncidentRef) => {
      const pair = await runtime.pairOf(name);
      await applyEvent(runtime, pair, { kind: 'confirmStarted', attempt });
      return { everySeconds: pair.alert.confirm.everySeconds };
    }),
    probeIncident: activity(
      async ({ pair: name, attempt, probe }: IncidentRef & { readonly probe: number }) => {
        const pair = await runtime.pairOf(name);
        const { active } = await readState(runtime.state, name, nowIso());
        const [source, other] = await Promise.all([
          runtime.probe(pair, active),
          runtime.probe(pair, otherSide(active)),
        ]);
        const before = (await readIncidentProbes(runtime.state, name, attempt)).slice(0, probe);
        const seen: ProbeResult = source.alive ? 'alive' : 'down';
        const probes = [...before, seen];
        await writeIncidentProbes(runtime.state, name, attempt, probes);
        const verdict: Verdict = confirm(probes, pair.alert.confirm, other.alive);
        runtime.log.info('an outage was probed', {
          pair: name,
          attempt,
          probe,
          seen,
          verdict,
          detail: source.detail,
        });
        if (verdict === 'undecided') return { verdict, startFailover: false };
        const decided = await applyEvent(runtime, pair, { kind: 'verdict', attempt, verdict });
        const goesOn = decided.effects.includes('startFailover') || (await wasConfirmed(name, verdict));
        return { verdict, startFailover: goesOn };
      },
    ),
    openFailover: activity(
      async ({ pair: name, attempt }: IncidentRef): Promise<{ runId: string | null }> => {
        const pair = await runtime.pairOf(name);
        const incident = await incidentOf(runtime, name);
        const outageAt =
          [incident.since, ...Object.values(incident.alerts).map(({ at }) => at)].sort()[0] ?? nowIso();
        // Chosen once, so that a repetition opens the same run.
        const runId = await chooseRunId(runtime.state, name, attempt, runtime.newRunId(name));
        const started = await startRun(runtime, {
          pair,
          kind: 'failover',
          mode: 'unplanned',
          dryRun: false,
          reason: incident.reason,
          startedBy: `incident:${attempt}`,
          outageAt,
          runId,
        });
        if ('busy' in started) {
          runtime.log.warn('an incident found another run at work', {
            pair: name,
            attempt,
            holder: started.busy.runId,
          });
          return { runId: null };
        }
        if (started.preempted !== undefined) contexts.abort(started.preempted, `pre-empted by ${runId}`);
        return { runId: started.request.runId };
      },
    ),
  };

  /** The verdict was applied by an earlier try of this activity, whose answer was lost. */
  async function wasConfirmed(name: string, verdict: Verdict): Promise<boolean> {
    const { state } = await incidentOf(runtime, name);
    return verdict === 'confirmed' && (state === 'confirmed' || state === 'approved');
  }
}

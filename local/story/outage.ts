import { setTimeout as sleep } from 'node:timers/promises';
import { type RunView } from '../../functions/http/run-view';
import { duration } from '../../shared/domain/report-words';
import { LocalError } from '../local-error';
import { confirm } from '../pair-config';
import { regions } from '../world';
import { tellPhaseEvent, type Telling } from './run-watch';
import { makeServiceHealthAlert } from './service-health-alert';
import { type StorySide } from './side';

const confirmWithinMs = 120_000;
const fenceWithinMs = 60_000;
const pollMs = 100;

/** The region is lost, and some time later Azure says so. */
export async function goDark({ app, screen }: Telling, source: StorySide): Promise<void> {
  await app.send('POST', '/local/outage', { body: { side: 'primary', on: true } });
  screen.step('Outage', `${source.url} takes connections and answers nothing`);
  const { payload, title, trackingId } = makeServiceHealthAlert(regions.primary, Date.now());
  await app.send('POST', '/api/alerts', { body: payload });
  screen.step('Alert', `Service Health ${trackingId}: ${title}`);
}

/** Waits until the app's own probes have confirmed the outage and a failover is open. */
export async function waitForFailover({ app, screen, progress }: Telling, pair: string): Promise<RunView> {
  const sinceMs = Date.now();
  for (;;) {
    const { runs } = await app.get<{ runs: readonly RunView[] }>(`/api/runs?pair=${pair}&limit=5`);
    const found = runs.find(
      ({ kind, dryRun, status }) => kind === 'failover' && !dryRun && status === 'running',
    );
    const seconds = (Date.now() - sinceMs) / 1000;
    if (found !== undefined) {
      tellPhaseEvent(screen, found);
      progress.clear();
      screen.step(
        'Confirmed',
        `by ${confirm.failures} of ${confirm.of} probes of our own, after ${duration(seconds)}`,
      );
      return found;
    }
    if (Date.now() - sinceMs > confirmWithinMs)
      throw new LocalError(`no failover was opened within ${duration(confirmWithinMs / 1000)}`);
    progress.show('Probing', 'an alert alone starts nothing');
    await sleep(pollMs);
  }
}

interface PairView {
  readonly fence: 'none' | 'pending' | 'done';
}

/** The region comes back with everything in it awake, and is quieted. Times in milliseconds since the epoch. */
export async function waitForFence(
  { app, screen, progress }: Telling,
  pair: string,
  source: StorySide,
): Promise<{ returnedMs: number; fencedMs: number | undefined }> {
  const returnedMs = Date.now();
  await app.send('POST', '/local/outage', { body: { side: 'primary', on: false } });
  screen.step('Return', `${source.url} answers again, with its schedules awake`);
  while (Date.now() - returnedMs < fenceWithinMs) {
    const { fence } = await app.get<PairView>(`/api/pairs/${pair}`);
    if (fence === 'done') {
      progress.clear();
      const fencedMs = Date.now();
      screen.step('Fenced', `its schedules are paused, after ${duration((fencedMs - returnedMs) / 1000)}`);
      return { returnedMs, fencedMs };
    }
    progress.show('Fencing', 'the probe finds it and pauses what is awake');
    await sleep(pollMs);
  }
  progress.clear();
  return { returnedMs, fencedMs: undefined };
}

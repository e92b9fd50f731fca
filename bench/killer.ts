import { type RunView } from '../functions/http/run-view';
import { type Phase } from '../shared/domain/run';
import { type Moment, orderOf, type Profile } from './kill-moments';
import { type Stage } from './stage';
import { watchTraffic } from './traffic';

/** One kill, as it was. */
export interface Kill {
  readonly phase: Phase;
  readonly wave: number;
  readonly waves: number;
  /** Requests of this phase until then. */
  readonly requests: number;
  /** Until the next process served. */
  readonly backAfterMs: number;
}

const lookEveryMs = 5;

/** Kills the app host at its moments, while a run goes on. */
export class Killer {
  readonly kills: Kill[] = [];
  private readonly traffic: () => { readonly requests: number };
  private readonly before = new Map<Phase, number>();
  private run: RunView | undefined;
  private isDown = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly stage: Stage,
    private readonly moments: Moment[],
    private readonly tell: (kill: Kill) => void,
  ) {
    this.traffic = watchTraffic(stage.world);
    this.timer = setInterval(() => {
      this.strikeWhenDue();
    }, lookEveryMs);
  }

  /** Tells it how far the run is. */
  see(run: RunView): void {
    if (!this.before.has(run.phase)) this.before.set(run.phase, this.traffic().requests);
    this.run = run;
  }

  /** Requests of each phase that was seen. */
  profile(): Profile {
    const starts = [...this.before, ['end', this.traffic().requests] as const];
    return Object.fromEntries(
      starts.slice(0, -1).map(([phase, from], at) => [phase, (starts[at + 1]?.[1] ?? from) - from]),
    );
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private strikeWhenDue(): void {
    const [next] = this.moments;
    const { run } = this;
    if (next === undefined || run === undefined || this.isDown) return;
    const late = orderOf(run.phase) - orderOf(next.phase);
    const requests = this.requestsIn(run.phase);
    if (late < 0 || (late === 0 && requests < next.requests)) return;
    this.moments.shift();
    this.isDown = true;
    void this.strike(run, requests);
  }

  private async strike({ phase, wave, waves }: RunView, requests: number): Promise<void> {
    const startedMs = Date.now();
    process.kill(this.stage.host.pid(), 'SIGKILL');
    await this.stage.app.get('/api/health');
    const kill = { phase, wave, waves, requests, backAfterMs: Date.now() - startedMs };
    this.kills.push(kill);
    this.tell(kill);
    this.isDown = false;
  }

  private requestsIn(phase: Phase): number {
    return this.traffic().requests - (this.before.get(phase) ?? 0);
  }
}

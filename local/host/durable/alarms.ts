import { type HubClock } from '../clock';
import { type TimerRow } from './rows';

/** The armed durable timers of each instance. */
export class Alarms {
  private readonly cancels = new Map<string, Map<number, () => void>>();

  constructor(
    private readonly clock: HubClock,
    private readonly fire: (timer: TimerRow) => void,
  ) {}

  arm(timer: TimerRow): void {
    const armed = this.cancels.get(timer.instanceId) ?? new Map<number, () => void>();
    this.cancels.set(timer.instanceId, armed);
    const cancel = this.clock.setTimer(timer.fireAtMs, () => {
      armed.delete(timer.timerId);
      this.fire(timer);
    });
    armed.set(timer.timerId, cancel);
  }

  cancel(instanceId: string): void {
    for (const cancel of this.cancels.get(instanceId)?.values() ?? []) cancel();
    this.cancels.delete(instanceId);
  }

  cancelAll(): void {
    for (const instanceId of [...this.cancels.keys()]) this.cancel(instanceId);
  }
}

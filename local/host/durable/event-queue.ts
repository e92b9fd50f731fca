import { HostTask } from './host-task';

/** External events: per name the waits (last in, first out) and the events that came early (first in, first out). */
export class EventQueue {
  private readonly waits = new Map<string, HostTask[]>();
  private readonly early = new Map<string, number>();

  get waiting(): boolean {
    return this.waits.size > 0;
  }

  wait(name: string): HostTask {
    const key = name.toLowerCase();
    const early = this.early.get(key) ?? 0;
    if (early > 0) {
      this.early.set(key, early - 1);
      return HostTask.finished();
    }
    const task = new HostTask();
    this.waits.set(key, [...(this.waits.get(key) ?? []), task]);
    return task;
  }

  raise(name: string): void {
    const key = name.toLowerCase();
    const tasks = this.waits.get(key) ?? [];
    const task = tasks.pop();
    if (tasks.length === 0) this.waits.delete(key);
    if (task === undefined) this.early.set(key, (this.early.get(key) ?? 0) + 1);
    else task.finish();
  }
}

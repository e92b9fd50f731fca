/** The extension's view of something that an orchestrator awaits. */
export class HostTask {
  done = false;
  failed = false;
  private listeners: (() => void)[] = [];

  static finished(failed = false): HostTask {
    const task = new HostTask();
    task.finish(failed);
    return task;
  }

  /** Calls back in the same call that finishes the task: the order of sequence ids depends on it. */
  whenDone(listener: () => void): void {
    if (this.done) listener();
    else this.listeners.push(listener);
  }

  finish(failed = false): void {
    if (this.done) return;
    this.done = true;
    this.failed = failed;
    const listeners = this.listeners;
    this.listeners = [];
    for (const listener of listeners) listener();
  }
}

/** Done when all parts are, failed when one is. */
export function allOf(tasks: readonly HostTask[]): HostTask {
  const all = new HostTask();
  let left = tasks.length;
  for (const task of tasks) {
    task.whenDone(() => {
      left--;
      if (left === 0) all.finish(tasks.some((each) => each.failed));
    });
  }
  return all;
}

/** Done with its first part. */
export function anyOf(tasks: readonly HostTask[]): HostTask {
  const any = new HostTask();
  for (const task of tasks) {
    task.whenDone(() => {
      any.finish(task.failed);
    });
  }
  return any;
}

/** Counts what is under way, so that a stop can wait for it and a skipping clock knows when it may jump. */
export class Busy {
  private count = 0;
  private readonly listeners = new Set<() => void>();

  /** Returns the function to call once when the work is over. */
  enter(): () => void {
    this.count++;
    return () => {
      this.count--;
      if (this.count > 0) return;
      setImmediate(() => {
        this.announce();
      });
    };
  }

  onIdle(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when nothing is under way, at the latest after `maxWaitMs`. */
  async settle(maxWaitMs: number): Promise<void> {
    if (this.count === 0) return;
    await new Promise<void>((resolve) => {
      const forget = this.onIdle(done);
      const limit = setTimeout(done, maxWaitMs);
      function done(): void {
        forget();
        clearTimeout(limit);
        resolve();
      }
    });
  }

  private announce(): void {
    if (this.count > 0) return;
    for (const listener of [...this.listeners]) listener();
  }
}

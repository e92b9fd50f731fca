/** What has to be closed at the end, the last opened first. */
export class Closers {
  private readonly stack: (() => void | Promise<void>)[] = [];

  add(close: () => void | Promise<void>): void {
    this.stack.push(close);
  }

  /** Closes everything, whatever fails on the way; throws the first failure at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let next = this.stack.pop(); next; next = this.stack.pop()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

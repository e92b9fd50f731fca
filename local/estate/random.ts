/** A small generator of repeatable chance (mulberry32); each part of the estate has a stream of its own. */
export class Random {
  private state: number;

  constructor(seed: number, stream: string) {
    this.state = seed >>> 0;
    for (const letter of stream) this.state = Math.imul(this.state ^ letter.charCodeAt(0), 0x9e3779b1) >>> 0;
  }

  /** Between 0 and 1, without 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.next() * choices.length)];
    if (choice === undefined) throw new RangeError('there is nothing to pick from');
    return choice;
  }
}

/** What is kept of one request: never its token, never its body. */
export interface LoggedRequest {
  readonly seq: number;
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly mutating: boolean;
  /** Absent: nobody could be told from the token. */
  readonly caller?: string;
  /** 0 until answered, and for ever when the answer never left. */
  status: number;
  /** `dark`, or the kind of the fault that was applied. */
  fault?: string;
}

const capacity = 500_000;

/** The last half million requests, and how many there were by `METHOD route` since the start. */
export class RequestLog {
  private ring: LoggedRequest[] = [];
  private byRoute = new Map<string, number>();
  private last = 0;

  add(route: string, request: Omit<LoggedRequest, 'seq' | 'status' | 'mutating'>): LoggedRequest {
    this.last += 1;
    const mutating = request.method !== 'GET' && request.method !== 'HEAD';
    const logged: LoggedRequest = { seq: this.last, ...request, mutating, status: 0 };
    this.ring[this.last % capacity] = logged;
    this.byRoute.set(route, (this.byRoute.get(route) ?? 0) + 1);
    return logged;
  }

  lastSeq(): number {
    return this.last;
  }

  /** Requests after `seq`, oldest first, as far back as they are kept. */
  since(seq: number): LoggedRequest[] {
    const first = Math.max(seq, this.last - capacity) + 1;
    const kept: LoggedRequest[] = [];
    for (let at = first; at <= this.last; at += 1) {
      const logged = this.ring[at % capacity];
      if (logged) kept.push(logged);
    }
    return kept;
  }

  mutatingSince(seq: number): LoggedRequest[] {
    return this.since(seq).filter((logged) => logged.mutating);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.byRoute);
  }

  clear(): void {
    this.ring = [];
    this.byRoute.clear();
    this.last = 0;
  }
}

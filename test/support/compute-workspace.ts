import { openWorkspace, type TestWorkspace } from './emulated-workspace';

export type Json = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly body: Json;
}

/** An emulated workspace whose clock moves in seconds; paths are given without `/api`. */
export interface ComputeWorkspace extends Pick<TestWorkspace, 'workspace' | 'clock'> {
  get(path: string, token?: string): Promise<Reply>;
  post(path: string, body: object, token?: string): Promise<Reply>;
  /** The body of a call that must succeed: POST when there is something to send. */
  ok(path: string, body?: object): Promise<Json>;
  /** Lets time go by, ticking every second. */
  pass(seconds: number): void;
  /** Moves the clock without a tick, as when the region is dark. */
  lose(seconds: number): void;
  close(): Promise<void>;
}

export async function startCompute(startsAt = '2026-03-02T10:00:00Z'): Promise<ComputeWorkspace> {
  const { workspace, clock, send } = await openWorkspace();
  clock.nowMs = Date.parse(startsAt);
  async function call(method: string, path: string, body?: object, token?: string): Promise<Reply> {
    const answer = await send(method, `/api${path}`, body, token);
    return { status: answer.status, body: answer.json as Json };
  }
  return {
    workspace,
    clock,
    get: (path, token) => call('GET', path, undefined, token),
    post: (path, body, token) => call('POST', path, body, token),
    ok: async (path, body) => {
      const reply = await call(body ? 'POST' : 'GET', path, body);
      if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
      return reply.body;
    },
    pass: (seconds) => {
      for (let second = 0; second < seconds; second++) {
        clock.nowMs += 1_000;
        workspace.tick();
      }
    },
    lose: (seconds) => {
      clock.nowMs += seconds * 1_000;
    },
    close: () => workspace.close(),
  };
}

import type { Side } from '../domain/asset';
import type { KindOptions } from '../domain/mounts';
import type { Log } from '../log';
import { Caller, type Session as CallerSession, type Tools } from './caller';
import { checkWorkspaceUrl } from './hosts';
import { type Limits, Pacer } from './pace';
import { type Health, probeWorkspace } from './probe';
import { Connection, type Deadlines, defaultDeadlines } from './request';
import { defaultRetry, type RetryPolicy } from './retry';
import { WorkspaceSession } from './session';
import type { TokenProvider } from './token';
import type { Workspace } from './workspace';

export interface WorkspacesOptions {
  readonly now: () => number;
  /** Resolves after `ms`, or earlier when `signal` ends. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Log;
  /** Spreads the waits between repeated calls, 0 up to 1. @default always 0.5 */
  readonly random?: () => number;
  /** @default 'documented' */
  readonly limits?: Limits;
  /** Per try. @default 5 s to connect, 30 s between bytes, 60 s in all */
  readonly deadlines?: Partial<Deadlines>;
  /** Per call of a probe. @default 5_000 */
  readonly probeMs?: number;
  /** `http://127.0.0.1:<port>` is a workspace too: only under the local host. */
  readonly allowLoopback: boolean;
}

/** Which workspace, and as whom. */
export interface Target {
  readonly pair: string;
  readonly side: Side;
  readonly url: string;
  readonly token: TokenProvider;
  /** @default what the configuration's defaults say */
  readonly options?: KindOptions;
}

export interface Session extends Omit<CallerSession, 'retry'> {
  readonly retry?: Partial<RetryPolicy>;
}

/** Every workspace of the process. Sessions on one workspace share its connections and its pace. */
export interface Workspaces {
  /** Throws DR_WORKSPACE_HOST when the address is not that of a workspace. Makes no call. */
  open(target: Target, session?: Session): Workspace;
  /** Asks once whether the workspace is alive, outside pace and retries. Does not throw for a workspace that is not. */
  probe(target: Target): Promise<Health>;
  close(): Promise<void>;
}

export function makeWorkspaces(options: WorkspacesOptions): Workspaces {
  const shared = new Map<string, { readonly connection: Connection; readonly pacer: Pacer }>();
  const tools: Tools = { ...options, random: options.random ?? (() => 0.5) };
  const deadlines = { ...defaultDeadlines, ...options.deadlines };

  function share(url: URL) {
    const known = shared.get(url.origin);
    if (known) return known;
    const made = { connection: new Connection(url, deadlines), pacer: new Pacer(options) };
    shared.set(url.origin, made);
    return made;
  }

  return {
    open(target, session = {}) {
      const url = checkWorkspaceUrl(target.url, options);
      const site = { ...target, ...share(url), url };
      const retry = { ...defaultRetry, ...session.retry };
      return new WorkspaceSession(site, new Caller(site, { ...session, retry }, tools));
    },
    probe(target) {
      const url = checkWorkspaceUrl(target.url, options);
      return probeWorkspace(url, target.token, { now: options.now, withinMs: options.probeMs ?? 5_000 });
    },
    async close() {
      await Promise.all([...shared.values()].map(({ connection }) => connection.close()));
      shared.clear();
    },
  };
}

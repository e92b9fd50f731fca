import { makeLog } from '../../shared/log';
import { makeWorkspaces, type Workspaces, type WorkspacesOptions } from '../../shared/databricks/client';
import type { TokenProvider } from '../../shared/databricks/token';
import { makeVirtualClock, type VirtualClock } from './virtual-clock';

/** The client on virtual time, with what it logged. */
export interface TestClient {
  readonly workspaces: Workspaces;
  readonly clock: VirtualClock;
  readonly lines: readonly string[];
}

export function makeTestClient(options: Partial<WorkspacesOptions> = {}): TestClient {
  const clock = makeVirtualClock();
  const lines: string[] = [];
  const log = makeLog((_level, line) => lines.push(line));
  const { now, sleep } = clock;
  const workspaces = makeWorkspaces({ now, sleep, log, limits: 'off', allowLoopback: true, ...options });
  return { workspaces, clock, lines };
}

/** Hands out `tokens` one after the other, the next after each refusal; the last one stays. */
export function makeTokens(...tokens: string[]): TokenProvider & { readonly fetched: () => number } {
  let at = 0;
  return {
    fetched: () => at + 1,
    token: () => Promise.resolve(tokens[at] ?? ''),
    invalidate() {
      at = Math.min(at + 1, tokens.length - 1);
    },
  };
}

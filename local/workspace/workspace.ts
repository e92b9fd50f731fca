import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { LocalSurface } from './admin';
import { ApiError, type Answer, type Area, type Caller, type Core } from './area';
import { makeAreas } from './areas';
import { TokenBook } from './auth';
import { makeState, WorkspaceCore } from './core';
import { DarkSwitch } from './dark';
import { FaultRules } from './faults';
import { RateLimits } from './limits';
import { makeLatency } from './latency';
import { RequestLog } from './request-log';
import { Router } from './router';
import { type ScimArea } from './scim';
import { makeServer } from './server';
import { loadState, saveState } from './state-file';

export interface WorkspaceOptions {
  /** `primary`, `secondary`: also decides the range of its ids. */
  readonly name: string;
  readonly region: string;
  /** On 127.0.0.1. @default any free one */
  readonly port?: number;
  /** Of the administrator. */
  readonly token: string;
  /** @default admin@example.com */
  readonly admin?: string;
  /** Further tokens and who calls with them. */
  readonly tokens?: Readonly<Record<string, Caller>>;
  /** Added to each request, give or take 20 %. @default 0 */
  readonly latencyMs?: number;
  /** The documented rate limits. @default off */
  readonly limits?: boolean;
  /** Where `save` writes; loaded when it is there. */
  readonly stateFile?: string;
  readonly seed?: number;
  /** A virtual clock; time then goes by only when `tick` is called. */
  readonly now?: () => number;
  readonly areas?: (core: Core) => readonly Area[];
}

export interface EmulatedWorkspace {
  readonly name: string;
  readonly region: string;
  readonly url: string;
  readonly token: string;
  readonly core: Core;
  readonly requests: RequestLog;
  readonly faults: FaultRules;
  /** In process: same routes and handlers, no network, no limits, no faults. Throws ApiError. A Buffer is a raw body. */
  call(method: string, path: string, body?: object, as?: Caller): Answer;
  setDark(on: boolean): void;
  isDark(): boolean;
  /** Does what is due by now, unless the region is dark. */
  tick(): void;
  save(): void;
  close(): Promise<void>;
}

const tickEveryMs = 100;

export async function startWorkspace(options: WorkspaceOptions): Promise<EmulatedWorkspace> {
  const { name, region, token, stateFile, seed = 1 } = options;
  const nowMs = options.now ?? Date.now;
  const admin: Caller = { name: options.admin ?? 'admin@example.com', servicePrincipal: false, admin: true };
  const saved = stateFile !== undefined && existsSync(stateFile);
  const core = new WorkspaceCore(name, saved ? loadState(stateFile) : makeState(name, seed), nowMs);
  const tokens = new TokenBook({ [token]: admin, ...options.tokens });
  const router = fillCore(core, tokens, options.areas ?? makeAreas);

  const faults = new FaultRules();
  const dark = new DarkSwitch();
  const requests = new RequestLog();
  const server = makeServer({
    router,
    tokens,
    isActive: (who) => core.area<ScimArea>('scim').isActive(who),
    ...(options.limits && { limits: new RateLimits(nowMs) }),
    faults,
    dark,
    requests,
    local: new LocalSurface({ core, faults, dark, requests }),
    nextLatencyMs: makeLatency(options.latencyMs ?? 0, seed),
    nowMs,
    workspaceId: workspaceId(name, seed),
  });
  const url = await listen(server, options.port ?? 0);
  const tick = (): void => {
    if (!dark.isOn()) for (const area of core.allAreas()) area.tick?.(nowMs());
  };
  const timer = options.now ? undefined : setInterval(tick, tickEveryMs).unref();
  return {
    name,
    region,
    url,
    token,
    core,
    requests,
    faults,
    call: (method, path, body = {}, as = admin) => callInProcess(router, method, path, body, as),
    setDark: (on) => {
      dark.set(on);
    },
    isDark: () => dark.isOn(),
    tick,
    save: () => {
      if (stateFile === undefined) throw new Error(`the workspace ${name} has no state file`);
      saveState(stateFile, core.state);
    },
    close: async () => {
      clearInterval(timer);
      await close(server);
    },
  };
}

function fillCore(core: WorkspaceCore, tokens: TokenBook, areas: (core: Core) => readonly Area[]): Router {
  const router = new Router();
  for (const area of areas(core)) {
    core.addArea(area);
    for (const [pattern, handler] of Object.entries(area.routes)) router.add(pattern, handler);
  }
  for (const caller of tokens.all()) core.area<ScimArea>('scim').ensure(caller);
  return router;
}

function callInProcess(router: Router, method: string, path: string, body: object, caller: Caller): Answer {
  const url = new URL(path, 'http://in.process');
  const match = router.find(method, url.pathname);
  if (!match) throw new ApiError(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${path}'`);
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return match.route.handler({
    method,
    path: url.pathname,
    params: match.params,
    query: url.searchParams,
    // What the handler keeps must not change when the caller goes on using it.
    body: Buffer.isBuffer(body) ? {} : (structuredClone(body) as Record<string, unknown>),
    bytes,
    caller,
    inProcess: true,
  });
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  server.closeAllConnections();
  await closed;
}

function workspaceId(name: string, seed: number): string {
  return String(createHash('sha256').update(`workspace ${name}/${seed}`).digest().readUIntBE(0, 6));
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { LocalSurface, type Controls } from './admin';
import { ApiError, type Answer, type Area, type Caller, type Core } from './area';
import { makeAreas } from './areas';
import { TokenBook } from './auth';
import { makeState, WorkspaceCore } from './core';
import { DarkSwitch } from './dark';
import { FaultRules } from './faults';
import { RateLimits } from './limits';
import { type IpAccessLists } from './ip-access-lists';
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
  /** Connections that wait in the dark for an answer. */
  hanging(): number;
  /** Does what is due by now, unless the region is dark. */
  tick(): void;
  save(): void;
  close(): Promise<void>;
}

const tickEveryMs = 100;

/** Serves one workspace on 127.0.0.1; with a state file that exists, it goes on where that was saved. */
export async function startWorkspace(options: WorkspaceOptions): Promise<EmulatedWorkspace> {
  const { name, stateFile, seed = 1, latencyMs = 0, now: nowMs = Date.now } = options;
  const admin: Caller = { name: options.admin ?? 'admin@example.com', servicePrincipal: false, admin: true };
  const tokens = new TokenBook({ [options.token]: admin, ...options.tokens });
  const saved = stateFile !== undefined && existsSync(stateFile);
  const core = new WorkspaceCore(name, saved ? loadState(stateFile) : makeState(name, seed), nowMs);
  const router = fillCore(core, tokens, options.areas ?? makeAreas);

  const controls = { core, faults: new FaultRules(), dark: new DarkSwitch(), requests: new RequestLog() };
  const server = makeServer({
    ...controls,
    router,
    tokens,
    isActive: (who) => core.area<ScimArea>('scim').isActive(who),
    checkAddress: () => {
      if (core.hasArea('ip-access-lists')) core.area<IpAccessLists>('ip-access-lists').checkCaller();
    },
    ...(options.limits && { limits: new RateLimits(nowMs) }),
    local: new LocalSurface(controls),
    nextLatencyMs: makeLatency(latencyMs, seed),
    nowMs,
    workspaceId: workspaceId(name, seed),
  });
  const url = await listen(server, options.port ?? 0);
  return new RunningWorkspace(options, url, controls, router, admin, server);
}

class RunningWorkspace implements EmulatedWorkspace {
  readonly name: string;
  readonly region: string;
  readonly token: string;
  readonly core: WorkspaceCore;
  readonly requests: RequestLog;
  readonly faults: FaultRules;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: WorkspaceOptions,
    readonly url: string,
    private readonly controls: Controls,
    private readonly router: Router,
    private readonly admin: Caller,
    private readonly server: Server,
  ) {
    ({ name: this.name, region: this.region, token: this.token } = options);
    ({ core: this.core, requests: this.requests, faults: this.faults } = controls);
    const tick = (): void => {
      this.tick();
    };
    if (!options.now) this.timer = setInterval(tick, tickEveryMs).unref();
  }

  call(method: string, path: string, body: object = {}, as = this.admin): Answer {
    const url = new URL(path, this.url);
    const match = this.router.find(method, url.pathname);
    if (!match) throw new ApiError(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${path}'`);
    const isRaw = Buffer.isBuffer(body);
    return match.route.handler({
      method,
      path: url.pathname,
      params: match.params,
      query: url.searchParams,
      // What the handler keeps must not change when the caller goes on using it.
      body: isRaw ? {} : (structuredClone(body) as Record<string, unknown>),
      bytes: isRaw ? body : Buffer.alloc(0),
      caller: as,
      inProcess: true,
    });
  }

  setDark(on: boolean): void {
    this.controls.dark.set(on);
  }

  isDark(): boolean {
    return this.controls.dark.isOn();
  }

  hanging(): number {
    return this.controls.dark.waiting();
  }

  tick(): void {
    if (!this.isDark()) for (const area of this.core.allAreas()) area.tick?.(this.core.nowMs());
  }

  save(): void {
    const { stateFile } = this.options;
    if (stateFile === undefined) throw new Error(`the workspace ${this.name} has no state file`);
    saveState(stateFile, this.core.state);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
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

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function workspaceId(name: string, seed: number): string {
  return String(createHash('sha256').update(`workspace ${name}/${seed}`).digest().readUIntBE(0, 6));
}

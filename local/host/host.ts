import { Busy } from './busy';
import { type HubClock, realClock } from './clock';
import { type RegisteredFunction } from './core-types';
import { dispatch, type ExtraRoutes, type HostStatus } from './dispatch';
import { makeClientBinding } from './durable/client-binding';
import { type Diagnostic, Diagnostics } from './durable/diagnostics';
import { DurableHttpApi, parseText } from './durable/http-api';
import { Operations } from './durable/operations';
import { jsonText } from './durable/protocol';
import { type InstanceRow } from './durable/rows';
import { Store } from './durable/store';
import { TaskHub } from './durable/task-hub';
import { filterLog, type HostLog, writeToConsole } from './host-log';
import { type HostSettings, readHostSettings } from './host-settings';
import { type Handler, HttpServer } from './http-server';
import { Invoker } from './invoker';
import { type LoadFile, loadApp } from './loader';
import { type Registry } from './registry';
import { Routes } from './routes';
import { Timers } from './timers';

export interface HostOptions {
  /** The folder with package.json and host.json of the app. */
  readonly appDir: string;
  /** The task hub: a file, or `:memory:`. */
  readonly db: string;
  /** 0 = any. */
  readonly port: number;
  /** How messages reach an orchestrator. @default 'batch' */
  readonly turn?: 'batch' | 'single';
  /** Diagnostics fail the instance instead of only being logged. @default false */
  readonly strict?: boolean;
  /** Settings of the app, put into the environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: HostLog;
  readonly extraRoutes?: ExtraRoutes;
  /** The time of the task hub. */
  readonly clock?: HubClock;
  /** The time of timer functions. */
  readonly timerClock?: HubClock;
  /** Loads a file of the app with fresh module state. Without it a folder is loaded once per process. */
  readonly loadFile?: LoadFile;
}

export interface Ended {
  readonly status: string;
  readonly output: unknown;
}

export interface InstanceStatus extends Ended {
  readonly name: string;
  readonly input: unknown;
  readonly customStatus: unknown;
}

export interface LocalHost {
  readonly baseUrl: string;
  readonly port: number;
  readonly engine: TaskHub;
  readonly operations: Operations;
  readonly functions: readonly RegisteredFunction[];
  readonly diagnostics: readonly Diagnostic[];
  /** Events in the largest history so far. */
  readonly maxHistoryEvents: number;
  /** Runs a timer function and waits for it; rejects with what it threw. */
  fireTimer(name: string): Promise<void>;
  /** Starts an orchestration and waits for its end. */
  runOrchestration(name: string, input: unknown, id?: string): Promise<Ended>;
  /** Waits for the end of an orchestration that something else started. */
  whenEnded(id: string): Promise<Ended>;
  status(id: string): InstanceStatus | undefined;
  raiseEvent(id: string, name: string, data: unknown): void;
  /** Ends intake, waits for what runs (at most `drainMs`, default 5 s), closes the task hub. The rest goes on with the next host. */
  stop(drainMs?: number): Promise<void>;
}

const defaultDrainMs = 5_000;

/** Runs the built app of a folder as Azure Functions would, on this machine. */
export async function startHost(options: HostOptions): Promise<LocalHost> {
  const server = new HttpServer();
  await server.listen(options.port);
  try {
    prepareEnvironment(server.port, options.env ?? {});
    const settings = readHostSettings(options.appDir, process.env);
    const log = filterLog(settings.logLevels, options.log ?? writeToConsole);
    const registry = await loadApp(options.appDir, options.loadFile);
    registry.logTo(log);
    const parts = assemble(options, server, registry, settings, log);
    const shared = { hookData: {}, appHookData: registry.appHookData };
    await registry.runHooks('appStart', { ...shared, functionAppDirectory: options.appDir });
    const stopSkipping = parts.busy.onIdle(() => parts.clock.idle?.());
    parts.engine.recover();
    parts.timers.start();
    server.handleWith(parts.answer);
    return makeHandle(parts, stopSkipping);
  } catch (error) {
    await server.close();
    throw error;
  }
}

function prepareEnvironment(port: number, settings: Readonly<Record<string, string>>): void {
  const { env } = process;
  Object.assign(env, settings);
  env['AZURE_FUNCTIONS_ENVIRONMENT'] = 'Local';
  env['DR_HOST'] = 'local';
  // The SDK sends its calls to port 7071 when this is missing.
  env['WEBSITE_HOSTNAME'] = `localhost:${port}`;
  const direct = ['127.0.0.1', 'localhost'];
  env['NO_PROXY'] = [...new Set([...(env['NO_PROXY'] ?? '').split(',').filter(Boolean), ...direct])].join(
    ',',
  );
}

interface Parts {
  readonly answer: Handler;
  readonly registry: Registry;
  readonly server: HttpServer;
  readonly store: Store;
  readonly busy: Busy;
  readonly clock: HubClock;
  readonly invoker: Invoker;
  readonly diagnostics: Diagnostics;
  readonly timers: Timers;
  readonly engine: TaskHub;
  readonly operations: Operations;
}

function assemble(
  options: HostOptions,
  server: HttpServer,
  registry: Registry,
  settings: HostSettings,
  log: HostLog,
): Parts {
  const busy = new Busy();
  const clock = options.clock ?? realClock;
  const binding = JSON.stringify(makeClientBinding(server.port, settings.taskHubName));
  const invoker = new Invoker({
    registry,
    busy,
    timeoutMs: settings.functionTimeoutMs,
    durableClient: binding,
  });
  const diagnostics = new Diagnostics(options.strict ?? false, log);
  const functions = registry.functions.values();
  const store = new Store(options.db);
  const engine = new TaskHub({
    ...{ store, clock, invoker, diagnostics, busy },
    find: (kind, name) => findDurable(registry, kind, name),
    delivery: options.turn ?? 'batch',
    maxConcurrentActivities: settings.maxConcurrentActivities,
  });
  const operations = new Operations(store, clock, engine);
  const timerClock = options.timerClock ?? realClock;
  const timers = new Timers({ functions, invoker, store, clock: timerClock, env: process.env });
  const routes = new Routes(registry.functions.values(), settings.routePrefix);
  const api = new DurableHttpApi(operations, engine, settings.taskHubName);
  const { extraRoutes } = options;
  const status = (): HostStatus => ({
    largestHistory: engine.largestHistory,
    diagnostics: diagnostics.records.length,
  });
  const answer: Handler = (request) =>
    dispatch({ routes, invoker, timers, api, extraRoutes, status }, request);
  return { answer, registry, server, store, busy, clock, invoker, diagnostics, timers, engine, operations };
}

function makeHandle(parts: Parts, stopSkipping: () => void): LocalHost {
  const { server, engine, operations, timers } = parts;
  async function whenEnded(id: string): Promise<Ended> {
    const { status, output } = describe(await engine.whenEnded(id));
    return { status, output };
  }
  return {
    baseUrl: `http://127.0.0.1:${server.port}`,
    port: server.port,
    engine,
    operations,
    functions: [...parts.registry.functions.values()],
    diagnostics: parts.diagnostics.records,
    get maxHistoryEvents() {
      return engine.largestHistory;
    },
    fireTimer: (name) => timers.fire(name),
    runOrchestration: (name, input, id) => whenEnded(operations.start(name, jsonText(input), id)),
    whenEnded,
    status: (id) => {
      const row = operations.status(id);
      return row && describe(row);
    },
    raiseEvent: (id, name, data) => {
      operations.raiseEvent(id, name, jsonText(data) ?? 'null');
    },
    async stop(drainMs = defaultDrainMs) {
      stopSkipping();
      await stop(parts, drainMs);
    },
  };
}

function describe({ name, status, input, output, customStatus }: InstanceRow): InstanceStatus {
  return {
    ...{ name, status },
    input: parseText(input),
    output: parseText(output),
    customStatus: parseText(customStatus),
  };
}

async function stop(parts: Parts, drainMs: number): Promise<void> {
  const { registry, server, engine, timers, busy, store } = parts;
  await server.close();
  timers.stop();
  engine.stop();
  await busy.settle(drainMs);
  engine.close();
  await registry.runHooks('appTerminate', { hookData: {}, appHookData: registry.appHookData });
  store.close();
}

function findDurable(
  registry: Registry,
  kind: 'activity' | 'child',
  name: string,
): RegisteredFunction | undefined {
  const fn = registry.functions.get(name.toLowerCase());
  return fn?.triggerType === (kind === 'activity' ? 'activitytrigger' : 'orchestrationtrigger')
    ? fn
    : undefined;
}

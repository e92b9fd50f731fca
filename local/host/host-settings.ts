import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostError, messageOf } from './host-error';
import { parseTimeSpan } from './time-span';

export interface HostSettings {
  readonly routePrefix: string;
  readonly taskHubName: string;
  readonly maxConcurrentActivities: number;
  readonly functionTimeoutMs: number;
  readonly logLevels: Readonly<Record<string, string>>;
}

interface HostJson {
  readonly functionTimeout?: string;
  readonly logging?: { readonly logLevel?: Record<string, string> };
  readonly extensions?: {
    readonly http?: { readonly routePrefix?: string };
    readonly durableTask?: { readonly hubName?: string; readonly maxConcurrentActivityFunctions?: number };
  };
}

const defaultTimeout = '00:30:00';
const defaultConcurrency = 10;

/** Reads host.json of the app; without one the defaults of Azure hold. */
export function readHostSettings(appDir: string, env: NodeJS.ProcessEnv): HostSettings {
  const json = readJson<HostJson>(join(appDir, 'host.json')) ?? {};
  const durable = json.extensions?.durableTask ?? {};
  const timeout = json.functionTimeout ?? defaultTimeout;
  const timeoutMs = timeout === '-1' ? Infinity : parseTimeSpan(timeout);
  if (timeoutMs === undefined)
    throw new HostError(`functionTimeout of host.json is no TimeSpan: "${timeout}"`);
  return {
    routePrefix: json.extensions?.http?.routePrefix ?? 'api',
    taskHubName:
      (durable.hubName ?? '').replace(/%([^%]+)%/g, (_, name: string) => env[name] ?? '') || 'LocalHub',
    maxConcurrentActivities: durable.maxConcurrentActivityFunctions ?? defaultConcurrency,
    functionTimeoutMs: timeoutMs,
    logLevels: json.logging?.logLevel ?? {},
  };
}

/** `Values` of local.settings.json; empty without the file. */
export function readLocalSettings(appDir: string): Readonly<Record<string, string>> {
  return readJson<{ Values?: Record<string, string> }>(join(appDir, 'local.settings.json'))?.Values ?? {};
}

function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new HostError(`cannot read ${file}: ${messageOf(error)}`, 500, { cause: error });
  }
}

import { DrError } from '../domain/errors';
import type { Fault } from './faults';

/** NCRONTAB expressions of the timers: second, minute, hour, day, month, weekday; UTC. */
export interface Schedules {
  readonly refresh: string;
  readonly dryRun: string;
  readonly drill: string;
  readonly probe: string;
  readonly retention: string;
}

/** The app's settings: read once, checked together, frozen. */
export interface Settings {
  /** The task hub that runs live in; part of every claim. */
  readonly hub: string;
  /** Endpoint of the storage account that holds `dr-state` and `dr-snapshots`. */
  readonly storageUrl: string;
  /** Absent when no pair takes its token from a vault. */
  readonly keyVaultUrl?: string;
  /** The Azure region that the app runs in. */
  readonly homeRegion: string;
  /** The file with the endpoints of the local world; only under the local host. */
  readonly local?: string;
  /** App Service authentication is on: it alone sets the principal header of a request. */
  readonly principalChecked?: true;
  readonly schedules: Schedules;
}

type Environment = Readonly<Record<string, string | undefined>>;

const scheduleDefaults = {
  refresh: ['DR_REFRESH_SCHEDULE', '0 0 * * * *'],
  dryRun: ['DR_DRY_RUN_SCHEDULE', '0 30 5 * * *'],
  drill: ['DR_DRILL_SCHEDULE', '0 0 3 * * 0'],
  probe: ['DR_PROBE_SCHEDULE', '0 * * * * *'],
  retention: ['DR_RETENTION_SCHEDULE', '0 0 4 * * *'],
} as const satisfies Record<keyof Schedules, readonly [string, string]>;

const hubSyntax = /^[A-Za-z][A-Za-z0-9]{2,44}$/;
const scheduleSyntax = /^\S+(?: \S+){4,5}$/;
const regionSyntax = /^[A-Za-z][A-Za-z0-9 ]*$/;

/**
 * The settings in `env`. Throws DR_SETTING_INVALID that lists every fault.
 * `DR_LOCAL`, and http endpoints, count only where `DR_HOST` is `local`.
 */
export function readSettings(env: Environment = process.env): Settings {
  const errors: Fault[] = [];
  const isLocal = env['DR_HOST'] === 'local';
  function take(name: string, isValid: (value: string) => boolean, fix: string): string {
    const value = (env[name] ?? '').trim();
    if (!isValid(value)) errors.push({ path: name, message: value === '' ? `is missing: ${fix}` : fix });
    return value;
  }
  const isEndpoint = (value: string): boolean => isHttpUrl(value, isLocal);
  if (env['AzureWebJobsStorage'] === undefined && env['AzureWebJobsStorage__accountName'] === undefined)
    errors.push({
      path: 'AzureWebJobsStorage',
      message: 'is missing: give the task hub a storage account (or set AzureWebJobsStorage__accountName)',
    });
  const hub = take('TASKHUB_NAME', (value) => hubSyntax.test(value), 'give 3 to 45 letters and digits');
  const storageUrl = take('DR_STORAGE_URL', isEndpoint, 'give https://<account>.blob.core.windows.net');
  const keyVaultUrl = take(
    'DR_KEY_VAULT_URL',
    (value) => value === '' || isEndpoint(value),
    'give https://<vault>.vault.azure.net, or leave it out',
  );
  const homeRegion = take(
    'DR_HOME_REGION',
    (value) => regionSyntax.test(value),
    'give the Azure region that the app runs in, e.g. centralus',
  );
  const schedules = Object.freeze(readSchedules(env, errors));
  if (errors.length > 0) throw invalid(errors);
  const local = isLocal ? env['DR_LOCAL'] : undefined;
  return Object.freeze({
    hub,
    storageUrl,
    homeRegion,
    schedules,
    ...(keyVaultUrl !== '' && { keyVaultUrl }),
    ...(local !== undefined && local !== '' && { local }),
    ...(env['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true' && { principalChecked: true as const }),
  });
}

/**
 * When a timer fires. A literal for its registration: the host resolves `%NAME%` by itself, knows no default, and refuses a function
 * whose setting is missing. What is no schedule counts as absent here; {@link readSettings} tells it. Under the local host an
 * empty one turns the timer off.
 */
export function scheduleOf(timer: keyof Schedules, env: Environment = process.env): string {
  const [name, fallback] = scheduleDefaults[timer];
  const value = env[name]?.trim();
  if (value === '' && env['DR_HOST'] === 'local') return '';
  return value !== undefined && scheduleSyntax.test(value) ? value : fallback;
}

function readSchedules(env: Environment, errors: Fault[]): Schedules {
  function schedule(timer: keyof Schedules): string {
    const [name, fallback] = scheduleDefaults[timer];
    const value = env[name]?.trim() ?? '';
    if (value !== '' && !scheduleSyntax.test(value))
      errors.push({
        path: name,
        message: 'give six fields: second minute hour day month weekday, e.g. 0 0 * * * *',
      });
    return value === '' ? fallback : value;
  }
  return {
    refresh: schedule('refresh'),
    dryRun: schedule('dryRun'),
    drill: schedule('drill'),
    probe: schedule('probe'),
    retention: schedule('retention'),
  };
}

function isHttpUrl(value: string, isLocal: boolean): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search } = new URL(value);
  if (username !== '' || password !== '' || search !== '') return false;
  return protocol === 'https:' || (isLocal && protocol === 'http:' && hostname === '127.0.0.1');
}

function invalid(errors: readonly Fault[]): DrError {
  const list = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return new DrError('DR_SETTING_INVALID', `cannot start: ${list}`, { errors });
}

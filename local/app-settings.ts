import { type Options } from './options';

export interface AppPlaces {
  readonly storageUrl: string;
  readonly connectionString: string;
  /** The file with the endpoints of the local world. */
  readonly endpoints: string;
  /** The stand-in answers for it; absent with a real vault. */
  readonly keyVaultUrl?: string;
}

/** Answered by the stand-in: the app sees a real address. */
export const standInVaultUrl = 'https://local-world.vault.azure.net';

/** In the story everything happens by hand, except the probe: a side that comes back is fenced within seconds. */
const storySchedules = {
  DR_REFRESH_SCHEDULE: '',
  DR_DRY_RUN_SCHEDULE: '',
  DR_DRILL_SCHEDULE: '',
  DR_PROBE_SCHEDULE: '*/2 * * * * *',
  DR_RETENTION_SCHEDULE: '',
};

/** As `local.settings.sample.json` has them. */
const plainSchedules = {
  DR_REFRESH_SCHEDULE: '0 0 * * * *',
  DR_DRY_RUN_SCHEDULE: '0 30 5 * * *',
  DR_DRILL_SCHEDULE: '',
  DR_PROBE_SCHEDULE: '0 * * * * *',
  DR_RETENTION_SCHEDULE: '0 0 4 * * *',
};

/** The settings of the app, as the deployment sets them in Azure. A schedule that the environment sets counts. */
export function appSettings({ config }: Options, places: AppPlaces): Record<string, string> {
  const schedules = config === undefined ? storySchedules : plainSchedules;
  const given = Object.keys(schedules).flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsStorage: places.connectionString,
    TASKHUB_NAME: 'drlocal',
    DR_STORAGE_URL: places.storageUrl,
    DR_KEY_VAULT_URL: places.keyVaultUrl ?? process.env['DR_KEY_VAULT_URL'] ?? '',
    // With --config this machine is no Azure region, and shares the fate of none.
    DR_HOME_REGION: config === undefined ? 'centralus' : 'laptop',
    DR_LOCAL: places.endpoints,
    ...schedules,
    ...(Object.fromEntries(given) as Record<string, string>),
  };
}

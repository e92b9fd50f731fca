import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../../shared/config/settings';
import { DrError } from '../../shared/domain/errors';

const complete = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  TASKHUB_NAME: 'drhub',
  DR_STORAGE_URL: 'https://drstate.blob.core.windows.net',
  DR_KEY_VAULT_URL: 'https://dr-kv.vault.azure.net',
  DR_HOME_REGION: 'centralus',
};

function faultsOf(env: Record<string, string>): string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof DrError && error.code === 'DR_SETTING_INVALID')
      return (error.details.errors ?? []).map(({ path }) => path);
    throw error;
  }
  return [];
}

test('reads complete settings, with default schedules, frozen', () => {
  const settings = readSettings({ ...complete, DR_PROBE_SCHEDULE: '*/30 * * * * *' });

  expect(settings).toMatchObject({
    hub: 'drhub',
    storageUrl: 'https://drstate.blob.core.windows.net',
    keyVaultUrl: 'https://dr-kv.vault.azure.net',
    homeRegion: 'centralus',
    schedules: { refresh: '0 0 * * * *', probe: '*/30 * * * * *' },
  });
  expect(Object.isFrozen(settings)).toBe(true);
  expect(Object.isFrozen(settings.schedules)).toBe(true);
});

test('lists every fault in one error', () => {
  expect(faultsOf({ DR_KEY_VAULT_URL: 'kv', DR_REFRESH_SCHEDULE: 'hourly' })).toEqual([
    'AzureWebJobsStorage',
    'TASKHUB_NAME',
    'DR_STORAGE_URL',
    'DR_KEY_VAULT_URL',
    'DR_HOME_REGION',
    'DR_REFRESH_SCHEDULE',
  ]);
});

test('accepts a task hub that is reached by identity, and no vault at all', () => {
  const { AzureWebJobsStorage, DR_KEY_VAULT_URL, ...rest } = complete;

  const settings = readSettings({ ...rest, AzureWebJobsStorage__accountName: AzureWebJobsStorage });

  expect(DR_KEY_VAULT_URL).toBeDefined();
  expect(settings.keyVaultUrl).toBeUndefined();
});

test('honours DR_LOCAL only when the host says that it is the local one', () => {
  expect(readSettings({ ...complete, DR_LOCAL: '/world.json' }).local).toBeUndefined();
  expect(readSettings({ ...complete, DR_LOCAL: '/world.json', DR_HOST: 'azure' }).local).toBeUndefined();
  expect(readSettings({ ...complete, DR_LOCAL: '/world.json', DR_HOST: 'local' }).local).toBe('/world.json');
});

test('takes an http endpoint only on loopback, only under the local host', () => {
  const azurite = { ...complete, DR_STORAGE_URL: 'http://127.0.0.1:10000/devstoreaccount1' };

  expect(faultsOf(azurite)).toEqual(['DR_STORAGE_URL']);
  expect(faultsOf({ ...azurite, DR_HOST: 'local' })).toEqual([]);
  expect(faultsOf({ ...complete, DR_HOST: 'local', DR_STORAGE_URL: 'http://10.0.0.1/' })).toEqual([
    'DR_STORAGE_URL',
  ]);
  expect(faultsOf({ ...complete, DR_STORAGE_URL: 'https://a:b@drstate.blob.core.windows.net' })).toEqual([
    'DR_STORAGE_URL',
  ]);
});

test('the sample of local settings is valid', () => {
  const file = readFileSync(join(__dirname, '..', '..', 'local.settings.sample.json'), 'utf8');
  const sample = JSON.parse(file) as { Values: Record<string, string> };

  expect(readSettings(sample.Values)).toMatchObject({ hub: 'drlocal' });
});

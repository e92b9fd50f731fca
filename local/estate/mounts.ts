import { type MountsArea } from '../workspace/mounts';
import { type Builder } from './builder';
import { type People } from './people';

/** The scope with what mounts of the lake sign in with, and its one key. */
export const mountSecret = { scope: 'mounts', key: 'lake-client-secret' };

/** How the mounts of the estates are mounted. */
export const lakeMounts = {
  match: '/mnt/*',
  kind: 'servicePrincipal',
  clientId: '99999999-8888-7777-6666-555555555555',
  tenantId: '11111111-1111-1111-1111-111111111111',
  ...mountSecret,
} as const;

/** Storage that the teams have mounted in DBFS, as teams did before there were volumes. */
export function fillMounts(builder: Builder, { teams }: People): void {
  const { scope, key } = mountSecret;
  builder.post('/2.0/secrets/scopes/create', { scope });
  builder.post('/2.0/secrets/put', { scope, key, string_value: 'made up for the lake' });
  const mounts = builder.workspace.core.area<MountsArea>('mounts');
  for (const { name } of teams.slice(0, 3))
    mounts.add({
      mountPoint: `/mnt/${name}`,
      source: `abfss://${name}@lakeeastus2.dfs.core.windows.net/`,
      encryptionType: '',
      configs: {},
    });
}

import { type SecretsArea } from '../../workspace/secrets';
import { type Builder } from '../builder';
import { keeper, machine, makeJob, type TrickyPart } from './part';

const api = '/2.0/secrets';
/** All that a name may have, and as long as one may be. */
const oddNames = ['..', '-._@', 'Case', 'case', 'a@b.c', 'x'.repeat(128)];
const maxValueBytes = 128 * 1024;
const unmapped = 'the other region gets a vault of its own with the next landing zone';
const vault = {
  resource_id:
    '/subscriptions/0f5e7a10/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-only-eastus2',
  dns_name: 'https://kv-only-eastus2.vault.azure.net/',
};

/** Odd names and values, a vault that no rule speaks of, grants of who left, and a secret that is not there. */
export const secrets: TrickyPart = {
  fill({ primary }) {
    for (const scope of oddNames) {
      primary.post(`${api}/scopes/create`, { scope }, keeper);
      for (const key of oddNames) putSecret(primary, scope, key, Buffer.from(`${scope} ${key}`));
    }
    putSecret(primary, 'Case', 'every-byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
    putSecret(primary, 'Case', 'as-large-as-can-be', Buffer.alloc(maxValueBytes, 0xff));
    grantAndLeave(primary);
    const kind = { scope_backend_type: 'AZURE_KEYVAULT', backend_azure_keyvault: vault };
    primary.post(`${api}/scopes/create`, { scope: 'vault', ...kind }, keeper);
    primary.workspace.core.area<SecretsArea>('secrets').store.putInVault(vault.dns_name, 'pw', 'east');
    makeJob(primary, 'reads a secret that is not there', readingJob('{{secrets/Case/missing}}'));
    makeJob(primary, 'reads a secret of a vault', readingJob('{{secrets/vault/pw}}'));
  },
  gaps: [
    { kind: 'secret-scope', name: 'vault', reason: unmapped },
    { kind: 'secret', name: 'vault/pw', reason: unmapped },
  ],
};

function putSecret(builder: Builder, scope: string, key: string, value: Buffer): void {
  builder.post(`${api}/put`, { scope, key, bytes_value: value.toString('base64') }, keeper);
}

/** The entry in the list stays when its user goes. */
function grantAndLeave(builder: Builder): void {
  const userName = 'read-and-left@contoso.com';
  const { id } = builder.post('/2.0/preview/scim/v2/Users', { userName });
  for (const [principal, permission] of [
    [userName, 'MANAGE'],
    ['data "eng" / 🚀', 'READ'],
  ])
    builder.post(`${api}/acls/put`, { scope: 'Case', principal, permission }, keeper);
  builder.workspace.call('DELETE', `/api/2.0/preview/scim/v2/Users/${String(id)}`);
}

function readingJob(value: string) {
  const new_cluster = { ...machine, spark_conf: { 'spark.password': value } };
  return {
    tasks: [{ task_key: 'main', new_cluster, notebook_task: { notebook_path: '/Shared/tricky/any' } }],
  };
}

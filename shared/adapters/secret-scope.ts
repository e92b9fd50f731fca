import { hashBody, type Stub } from '../domain/asset';
import type { Workspace } from '../databricks/workspace';
import type { Adapter } from './adapter';
import { inUse } from './removal';
import { listedBody } from './vanished';

export interface SecretScopeBody {
  readonly name: string;
  /** `DATABRICKS` or `AZURE_KEYVAULT`. */
  readonly backend_type: string;
  readonly keyvault_metadata?: { readonly resource_id: string; readonly dns_name: string };
}

const api = '/api/2.0/secrets/scopes';

/** Databricks API: https://docs.databricks.com/api/azure/workspace/secrets */
export const secretScope: Adapter<SecretScopeBody> = {
  kind: 'secret-scope',
  step: 'accessControl',
  carries: 'name and backend; over a key vault: with the vault that `rewrite` names, which takes Entra ID',
  references: [],
  ignore: [],
  regional: ['keyvault_metadata.resource_id', 'keyvault_metadata.dns_name'],

  list: (from) => scopeStubs(from),
  export: (_from, stub) => listedBody('secret-scope', stub),
  find: (index, { body }) => index.byId(body.name)?.id,
  async create(target, { name, backend_type, keyvault_metadata }) {
    await target.post(`${api}/create`, {
      scope: name,
      scope_backend_type: backend_type,
      ...(keyvault_metadata && { backend_azure_keyvault: keyvault_metadata }),
    });
    return name;
  },
  async remove(target, name, { backend_type }) {
    // With a scope the platform deletes every secret in it, but nothing in a key vault.
    const held = await target.get<{ secrets?: object[] }>('/api/2.0/secrets/list', { scope: name });
    if (backend_type === 'DATABRICKS' && (held.secrets ?? []).length > 0)
      throw inUse(`secret-scope/${name}`, 'it has secrets');
    await target.post(`${api}/delete`, { scope: name }, { repeatable: true });
  },
};

async function* scopeStubs(from: Workspace): AsyncIterable<Stub> {
  const { scopes = [] } = await from.get<{ scopes?: SecretScopeBody[] }>(`${api}/list`);
  for (const { name, backend_type, keyvault_metadata } of scopes) {
    const body = { name, backend_type, ...(keyvault_metadata && { keyvault_metadata }) };
    yield { id: name, name, version: hashBody(body), body };
  }
}

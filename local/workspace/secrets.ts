import { ApiError, type Answer, type Area, type Call, type Core } from './area';
import { invalid, jsonIn, requiredText, textIn } from './fields';
import { type ScimArea } from './scim';
import {
  permissions,
  requirePermission,
  SecretStore,
  type SecretPermission,
  type SecretScope,
  type VaultMetadata,
} from './secret-store';

/** Secret scopes, their access lists and their secrets: https://docs.databricks.com/api/azure/workspace/secrets */
export class SecretsArea implements Area {
  readonly name = 'secrets';
  readonly store: SecretStore;
  readonly routes = {
    'GET /api/2.0/secrets/scopes/list': () => this.listScopes(),
    'POST /api/2.0/secrets/scopes/create': (call: Call) => this.createScope(call),
    'POST /api/2.0/secrets/scopes/delete': (call: Call) => this.deleteScope(call),
    'GET /api/2.0/secrets/list': (call: Call) => this.list(call),
    'GET /api/2.0/secrets/get': (call: Call) => this.get(call),
    'POST /api/2.0/secrets/put': (call: Call) => this.put(call),
    'POST /api/2.0/secrets/delete': (call: Call) => this.remove(call),
    'GET /api/2.0/secrets/acls/list': (call: Call) => this.listAcls(call),
    'GET /api/2.0/secrets/acls/get': (call: Call) => this.getAcl(call),
    'POST /api/2.0/secrets/acls/put': (call: Call) => this.putAcl(call),
    'POST /api/2.0/secrets/acls/delete': (call: Call) => this.deleteAcl(call),
  };

  constructor(private readonly core: Core) {
    this.store = new SecretStore(core);
  }

  /** The scope that a request names, for somebody who has the permission there. */
  private open(call: Call, needed: SecretPermission): SecretScope {
    const name = call.method === 'GET' ? asked(call, 'scope') : requiredText(call.body, 'scope');
    const scope = this.store.scope(name);
    requirePermission(scope, call.caller, needed);
    return scope;
  }

  private listScopes(): Answer {
    const scopes = this.store.scopes.map(({ name, vault }) =>
      vault
        ? { name, backend_type: 'AZURE_KEYVAULT', keyvault_metadata: vault }
        : { name, backend_type: 'DATABRICKS' },
    );
    return { json: scopes.length > 0 ? { scopes } : {} };
  }

  private createScope(call: Call): Answer {
    const { body, caller } = call;
    const first = textIn(body, 'initial_manage_principal');
    if (first !== undefined && first !== 'users')
      throw new ApiError(400, 'BAD_REQUEST', 'initial_manage_principal can only be the group users.');
    const vault = vaultIn(call);
    this.store.addScope({
      name: requiredText(body, 'scope'),
      ...(vault && { vault }),
      acls: [{ principal: first ?? caller.name, permission: 'MANAGE' }],
      secrets: [],
    });
    return {};
  }

  private deleteScope(call: Call): Answer {
    this.store.removeScope(this.open(call, 'MANAGE').name);
    return {};
  }

  private list(call: Call): Answer {
    const rows = this.store.secretsOf(this.open(call, 'READ'));
    const secrets = rows.map(({ key, atMs }) => ({ key, last_updated_timestamp: atMs }));
    return { json: secrets.length > 0 ? { secrets } : {} };
  }

  private get(call: Call): Answer {
    const { key, value } = this.store.secret(this.open(call, 'READ'), asked(call, 'key'));
    return { json: { key, value } };
  }

  private put(call: Call): Answer {
    const { body } = call;
    const scope = this.open(call, 'WRITE');
    const { string_value, bytes_value } = body;
    if ((string_value === undefined) === (bytes_value === undefined))
      throw new ApiError(400, 'MALFORMED_REQUEST', 'Exactly one of string_value and bytes_value is needed.');
    const [value, encoding] =
      bytes_value === undefined ? [string_value, 'utf8' as const] : [bytes_value, 'base64' as const];
    if (typeof value !== 'string') throw invalid('The value must be a string.');
    this.store.put(scope, requiredText(body, 'key'), Buffer.from(value, encoding));
    return {};
  }

  private remove(call: Call): Answer {
    this.store.remove(this.open(call, 'WRITE'), requiredText(call.body, 'key'));
    return {};
  }

  private listAcls(call: Call): Answer {
    const items = this.open(call, 'MANAGE').acls;
    return { json: items.length > 0 ? { items } : {} };
  }

  private getAcl(call: Call): Answer {
    return { json: known(this.open(call, 'MANAGE'), asked(call, 'principal')) };
  }

  private putAcl(call: Call): Answer {
    const { body } = call;
    const scope = this.open(call, 'MANAGE');
    const principal = requiredText(body, 'principal');
    const permission = permissions.find((one) => one === body['permission']);
    if (!permission) throw invalid('The permission must be READ, WRITE or MANAGE.');
    if (!this.isPrincipal(principal)) throw invalid(`Principal ${principal} does not exist.`);
    const others = scope.acls.filter((acl) => acl.principal !== principal);
    scope.acls = [...others, { principal, permission }];
    return {};
  }

  private deleteAcl(call: Call): Answer {
    const scope = this.open(call, 'MANAGE');
    const { principal } = known(scope, requiredText(call.body, 'principal'));
    scope.acls = scope.acls.filter((acl) => acl.principal !== principal);
    return {};
  }

  private isPrincipal(name: string): boolean {
    const scim = this.core.area<ScimArea>('scim');
    const fields = ['user_name', 'group_name', 'service_principal_name'] as const;
    return fields.some((field) => scim.findPrincipal(field, name) !== undefined);
  }
}

function asked({ query }: Call, field: string): string {
  const value = query.get(field) ?? '';
  if (value === '') throw invalid(`Missing required field: ${field}`);
  return value;
}

function known({ name, acls }: SecretScope, principal: string) {
  const found = acls.find((acl) => acl.principal === principal);
  if (found) return found;
  const message = `Failed to get secret acl for principal ${principal} for scope ${name}.`;
  throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', message);
}

/** Undefined for a scope that keeps its secrets in the workspace. */
function vaultIn({ body, caller, inProcess }: Call): VaultMetadata | undefined {
  const type = textIn(body, 'scope_backend_type') ?? 'DATABRICKS';
  if (type === 'DATABRICKS') return undefined;
  if (type !== 'AZURE_KEYVAULT') throw invalid(`Unknown scope_backend_type: ${type}`);
  // The vault is asked in the name of the caller: no token of the workspace's own can do that.
  if (caller.entra !== true && inProcess !== true)
    throw invalid('Scope with Azure KeyVault must have userAADToken defined!');
  const given = jsonIn(body, 'backend_azure_keyvault');
  const resource_id = requiredText(given, 'resource_id');
  const dns_name = requiredText(given, 'dns_name');
  const vault =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)$/i;
  const name = vault.exec(resource_id)?.[1];
  if (name === undefined || !dns_name.startsWith(`https://${name.toLowerCase()}.vault.`))
    throw invalid('The resource id and the DNS name are not those of one key vault.');
  return { resource_id, dns_name };
}

import { ApiError, type Caller, type Core } from './area';
import { invalid } from './fields';

export const permissions = ['READ', 'WRITE', 'MANAGE'] as const;
export type SecretPermission = (typeof permissions)[number];

export interface VaultMetadata {
  readonly resource_id: string;
  readonly dns_name: string;
}

export interface SecretRow {
  readonly key: string;
  /** Base64. */
  readonly value: string;
  readonly atMs: number;
}

export interface SecretScope {
  readonly name: string;
  /** Absent: the values lie in the workspace. */
  readonly vault?: VaultMetadata;
  acls: { readonly principal: string; readonly permission: SecretPermission }[];
  secrets: SecretRow[];
}

interface SecretSection {
  scopes: SecretScope[];
  /** What lies in key vaults that scopes point at, by address: no workspace can write there. */
  readonly vaults: { readonly dns_name: string; secrets: SecretRow[] }[];
}

const maxScopes = 1_000;
const maxSecrets = 1_000;
const maxValueBytes = 128 * 1024;
const nameSyntax = /^[\w@.-]{1,128}$/;

/** The scopes of a workspace, their access lists and their secrets. */
export class SecretStore {
  private readonly section: SecretSection;

  constructor(private readonly core: Core) {
    this.section = core.section<SecretSection>('secrets', () => ({ scopes: [], vaults: [] }));
  }

  get scopes(): readonly SecretScope[] {
    return this.section.scopes;
  }

  scope(name: string): SecretScope {
    const found = this.scopes.find((scope) => scope.name === name);
    if (!found) throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `Scope ${name} does not exist!`);
    return found;
  }

  addScope(scope: SecretScope): void {
    if (!nameSyntax.test(scope.name)) throw invalid(`Invalid scope name: ${scope.name}`);
    if (this.scopes.some(({ name }) => name === scope.name))
      throw new ApiError(400, 'RESOURCE_ALREADY_EXISTS', `Scope ${scope.name} already exists!`);
    if (this.scopes.length >= maxScopes)
      throw new ApiError(400, 'RESOURCE_LIMIT_EXCEEDED', `The workspace has ${maxScopes} scopes already.`);
    this.section.scopes.push(scope);
  }

  removeScope(name: string): void {
    this.section.scopes = this.scopes.filter((scope) => scope.name !== name);
  }

  /** The secrets that a scope shows: its own, or those of its vault. */
  secretsOf({ vault, secrets }: SecretScope): readonly SecretRow[] {
    return vault ? this.vault(vault.dns_name).secrets : secrets;
  }

  put(scope: SecretScope, key: string, value: Buffer): void {
    refuseVault(scope);
    if (!nameSyntax.test(key)) throw invalid('The key name is invalid.');
    if (value.length > maxValueBytes)
      throw invalid(`The value has ${value.length} bytes; at most ${maxValueBytes} are allowed.`);
    const others = scope.secrets.filter((secret) => secret.key !== key);
    if (others.length >= maxSecrets)
      throw new ApiError(400, 'RESOURCE_LIMIT_EXCEEDED', `Scope ${scope.name} has ${maxSecrets} secrets.`);
    scope.secrets = [...others, { key, value: value.toString('base64'), atMs: this.core.nowMs() }];
  }

  /** Somebody sets a secret in a key vault: the workspace only shows it. */
  putInVault(dnsName: string, key: string, value: string): void {
    const vault = this.vault(dnsName);
    const others = vault.secrets.filter((secret) => secret.key !== key);
    const row = { key, value: Buffer.from(value).toString('base64'), atMs: this.core.nowMs() };
    vault.secrets = [...others, row];
  }

  remove(scope: SecretScope, key: string): void {
    refuseVault(scope);
    this.secret(scope, key);
    scope.secrets = scope.secrets.filter((secret) => secret.key !== key);
  }

  secret(scope: SecretScope, key: string): SecretRow {
    const found = this.secretsOf(scope).find((secret) => secret.key === key);
    if (found) return found;
    throw new ApiError(
      404,
      'RESOURCE_DOES_NOT_EXIST',
      `Failed to get secret ${key} for scope ${scope.name}.`,
    );
  }

  private vault(dnsName: string) {
    const found = this.section.vaults.find(({ dns_name }) => dns_name === dnsName);
    if (found) return found;
    const vault = { dns_name: dnsName, secrets: [] };
    this.section.vaults.push(vault);
    return vault;
  }
}

function refuseVault({ name, vault }: SecretScope): void {
  if (vault)
    throw new ApiError(400, 'BAD_REQUEST', `Cannot write secrets to Azure KeyVault-backed scope ${name}`);
}

/** Administrators manage every scope; of groups only `users` is followed. */
export function requirePermission(scope: SecretScope, caller: Caller, needed: SecretPermission): void {
  const granted = scope.acls
    .filter(({ principal }) => principal === caller.name || principal === 'users')
    .some(({ permission }) => permissions.indexOf(permission) >= permissions.indexOf(needed));
  if (!caller.admin && !granted)
    throw new ApiError(
      403,
      'PERMISSION_DENIED',
      `User ${caller.name} does not have ${needed} permission on scope ${scope.name}.`,
    );
}

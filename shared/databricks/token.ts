import { inspect } from 'node:util';
import type { TokenCredential } from '@azure/identity';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { SecretClient } from '@azure/keyvault-secrets';
import { DrError } from '../domain/errors';

/** The resource id of Azure Databricks in Entra ID: the same in the public, government and China clouds. */
const databricksScope = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default';

/** A secret may be rotated at any time: no copy older than this is used while the vault answers. */
const vaultCacheMs = 5 * 60_000;
const renewBeforeExpiryMs = 5 * 60_000;
/** With the vault away and a usable token in hand, it is not asked at every call. */
const askAgainMs = 30_000;
const fetchTimeoutMs = 10_000;

/** Hands out the credential of one workspace. */
export interface TokenProvider {
  /** Throws DR_AUTH_NO_SECRET when there is none, DR_AUTH_UNAVAILABLE when it cannot be had now. */
  token(): Promise<string>;
  /** The workspace refused the token: the next call fetches it anew. */
  invalidate(): void;
}

interface HeldToken {
  readonly value: string;
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

type Clock = () => number;

/** Keeps a token in memory. Only {@link token} gives it away: logs, errors and inspectors see `[redacted]`. */
export class CachedToken implements TokenProvider {
  #held: HeldToken | undefined;
  #pending: Promise<HeldToken> | undefined;
  readonly #fetch: () => Promise<HeldToken>;
  readonly #now: Clock;

  constructor(fetch: () => Promise<HeldToken>, now: Clock) {
    this.#fetch = fetch;
    this.#now = now;
  }

  async token(): Promise<string> {
    if (this.#held && this.#now() < this.#held.renewAtMs) return this.#held.value;
    this.#pending ??= this.#renew().finally(() => (this.#pending = undefined));
    return (await this.#pending).value;
  }

  invalidate(): void {
    this.#held = undefined;
  }

  async #renew(): Promise<HeldToken> {
    try {
      return (this.#held = await this.#fetch());
    } catch (error) {
      const held = this.#held;
      const lost = !(error instanceof DrError) || !error.retryable;
      if (lost || !held || this.#now() >= held.expiresAtMs) throw error;
      return (this.#held = { ...held, renewAtMs: this.#now() + askAgainMs });
    }
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}

/** The client of a vault. It gives up soon: a vault in a lost region must not hold up a failover. */
export function makeSecrets(
  vaultUrl: string,
  credential: TokenCredential,
  httpClient?: HttpClient,
): SecretClient {
  const retryOptions = { maxRetries: 1, retryDelayInMs: 100 };
  return new SecretClient(vaultUrl, credential, { retryOptions, ...(httpClient && { httpClient }) });
}

/** A personal access token that lies in a Key Vault as the secret `name`. */
export function makeVaultToken(secrets: SecretClient, name: string, now: Clock): TokenProvider {
  return new CachedToken(async () => {
    const secret = await fetchSecret(secrets, name);
    // Secrets set from files often end in a newline, which no header may carry.
    const value = secret.value?.trim();
    if (!value) throw new DrError('DR_AUTH_NO_SECRET', `cannot use secret ${name}: it is empty`);
    const expiresAtMs = secret.properties.expiresOn?.getTime() ?? Infinity;
    return { value, renewAtMs: now() + vaultCacheMs, expiresAtMs };
  }, now);
}

/** An Entra token of an identity, usually the app's managed identity. */
export function makeIdentityToken(credential: TokenCredential, now: Clock): TokenProvider {
  return new CachedToken(async () => {
    const { token, expiresOnTimestamp } = await fetchIdentity(credential);
    return {
      value: token,
      renewAtMs: expiresOnTimestamp - renewBeforeExpiryMs,
      expiresAtMs: expiresOnTimestamp,
    };
  }, now);
}

async function fetchSecret(secrets: SecretClient, name: string) {
  try {
    return await secrets.getSecret(name, { abortSignal: AbortSignal.timeout(fetchTimeoutMs) });
  } catch (error) {
    const status = statusOf(error);
    const missing = status === 403 || status === 404;
    throw new DrError(
      missing ? 'DR_AUTH_NO_SECRET' : 'DR_AUTH_UNAVAILABLE',
      `cannot read secret ${name}: ${status ? `the vault answered ${status}` : 'the vault cannot be reached'}`,
      status ? { status } : {},
      { cause: error },
    );
  }
}

async function fetchIdentity(credential: TokenCredential) {
  const failed = 'cannot get a Databricks token for the identity';
  const abortSignal = AbortSignal.timeout(fetchTimeoutMs);
  const access = await credential.getToken(databricksScope, { abortSignal }).catch((cause: unknown) => {
    throw new DrError('DR_AUTH_UNAVAILABLE', `${failed}: the identity endpoint refused`, {}, { cause });
  });
  if (!access) throw new DrError('DR_AUTH_UNAVAILABLE', `${failed}: it has none`);
  return access;
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

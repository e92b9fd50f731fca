import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DefaultAzureCredential } from '@azure/identity';
import type { TokenCredential } from '@azure/identity';
import { checkStoredConfig, type StoredConfig } from './config/check-config';
import type { AuthConfig, PairConfig } from './config/schema';
import { readSettings, type Settings } from './config/settings';
import { makeWorkspaces, type Session, type Workspaces } from './databricks/client';
import { makeIdentityToken, makeSecrets, makeVaultToken, type TokenProvider } from './databricks/token';
import type { Workspace } from './databricks/workspace';
import type { Side } from './domain/asset';
import { DrError } from './domain/errors';
import { makeRunId } from './domain/run-id';
import { makeRunCache, type RunCache } from './engine/run-cache';
import type { Probe } from './engine/run-context';
import { localCredential, readLocalWorld, redirectingClient, storageKeyOf } from './local-world';
import type { Log } from './log';
import { openBlobStores, type BlobStores } from './storage/blob-store';
import { readConfig } from './storage/config';

/** How long a configuration that was read counts as the present one. */
const configMs = 5_000;

/** Everything that activities and triggers are built on. One per process. */
export interface Runtime extends BlobStores {
  readonly settings: Settings;
  readonly cache: RunCache;
  readonly log: Log;
  now(): number;
  sleep(ms: number): Promise<void>;
  newRunId(pair: string): string;
  /** The stored configuration: valid pairs, and what is wrong with the others. */
  config(): Promise<StoredConfig>;
  /** The configuration was written: the next look reads it anew. */
  forgetConfig(): void;
  /** A pair of the stored configuration. Throws DR_PAIR_UNKNOWN. */
  pairOf(name: string): Promise<PairConfig>;
  open(pair: PairConfig, side: Side, session: Session): Workspace;
  probe(pair: PairConfig, side: Side): Promise<Probe>;
}

/** What a runtime is put together from. */
export interface RuntimeParts extends BlobStores {
  readonly settings: Settings;
  readonly workspaces: Workspaces;
  readonly tokens: (auth: AuthConfig) => TokenProvider;
  readonly log: Log;
  readonly allowLoopback: boolean;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Makes the runtime from the environment: the one place that constructs things. */
export function makeRuntime(log: Log): Runtime {
  const settings = readSettings();
  const local = settings.local === undefined ? undefined : readLocalWorld(settings.local);
  const now = (): number => Date.now();
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    delay(ms, undefined, signal === undefined ? {} : { signal });
  const isAzure = local === undefined || local.identity === 'azure';
  const credential: TokenCredential = isAzure ? new DefaultAzureCredential() : localCredential(now);
  const stores = openBlobStores({
    url: settings.storageUrl,
    credential: local === undefined ? credential : storageKeyOf(local),
    ...(local?.storage.secondaryUrl === undefined ? {} : { secondaryUrl: local.storage.secondaryUrl }),
    now,
    log,
  });
  const workspaces = makeWorkspaces({
    now,
    sleep,
    log,
    random: Math.random,
    limits: local?.limits ?? 'documented',
    ...(local?.deadlines === undefined ? {} : { deadlines: local.deadlines }),
    ...(local?.probeMs === undefined ? {} : { probeMs: local.probeMs }),
    allowLoopback: local !== undefined,
  });
  const tokens = makeTokens(settings, credential, now, local?.vaultUrl);
  return assembleRuntime({
    ...stores,
    settings,
    workspaces,
    tokens,
    log,
    now,
    sleep,
    allowLoopback: local !== undefined,
  });
}

/** Puts a runtime together from its parts; its time is that of the parts. */
export function assembleRuntime(parts: RuntimeParts): Runtime {
  const { settings, workspaces, tokens, log, state, snapshots } = parts;
  const now = (): number => parts.now();
  const targetOf = (pair: PairConfig, side: Side) => {
    const { url, auth } = pair[side];
    return {
      pair: pair.name,
      side,
      url,
      token: tokens(auth),
      options: { mounts: pair.mounts, dbfs: pair.dbfs },
    };
  };
  const config = cached(now, () => loadConfig(parts));
  return {
    state,
    snapshots,
    settings,
    cache: makeRunCache(),
    log,
    now,
    sleep: (ms) => parts.sleep(ms),
    newRunId: (pair) => makeRunId(pair, now(), randomBytes(3).toString('hex')),
    config: config.get,
    forgetConfig: config.forget,
    pairOf: async (name) => findPair(await config.get(), name),
    open: (pair, side, session) => workspaces.open(targetOf(pair, side), session),
    async probe(pair, side) {
      const target = targetOf(pair, side);
      const { alive, detail } = await workspaces.probe(target);
      return { alive, detail, token: alive && (await hasToken(target.token)) };
    },
  };
}

/** One token provider per secret (and one for the identity), so that a token is fetched once. */
function makeTokens(
  settings: Settings,
  credential: TokenCredential,
  now: () => number,
  vaultUrl: string | undefined,
): (auth: AuthConfig) => TokenProvider {
  const known = new Map<string, TokenProvider>();
  const vault = settings.keyVaultUrl;
  const client =
    vault === undefined || vaultUrl === undefined ? undefined : redirectingClient(vault, vaultUrl);
  const signIn = client === undefined ? credential : localCredential(now);
  const secrets = vault === undefined ? undefined : makeSecrets(vault, signIn, client);
  return (auth) => {
    const name = auth.kind === 'keyVault' ? auth.secret : '';
    const made = known.get(name) ?? makeToken(name);
    known.set(name, made);
    return made;
  };
  function makeToken(name: string): TokenProvider {
    if (name === '') return makeIdentityToken(credential, now);
    if (secrets !== undefined) return makeVaultToken(secrets, name, now);
    throw new DrError('DR_SETTING_INVALID', `cannot read secret ${name}: DR_KEY_VAULT_URL is not set`);
  }
}

async function hasToken(token: TokenProvider): Promise<boolean> {
  try {
    await token.token();
    return true;
  } catch {
    return false;
  }
}

async function loadConfig({ settings, state, allowLoopback }: RuntimeParts): Promise<StoredConfig> {
  const stored = await readConfig(state);
  if (stored === undefined)
    return { config: { pairs: [], groups: [] }, refused: [], errors: [], warnings: [] };
  return checkStoredConfig(stored, { homeRegion: settings.homeRegion, allowLoopback });
}

function findPair({ config, refused }: StoredConfig, name: string): PairConfig {
  const pair = config.pairs.find((one) => one.name === name);
  if (pair !== undefined) return pair;
  const faults = refused.find((one) => one.name === name)?.errors ?? [];
  if (faults.length > 0) {
    throw new DrError('DR_CONFIG_INVALID', `cannot use pair ${name}: its configuration has faults`, {
      errors: faults,
    });
  }
  throw new DrError(
    'DR_PAIR_UNKNOWN',
    `cannot find pair ${name}: the configuration names ${knownNames(config.pairs)}`,
  );
}

function knownNames(pairs: readonly PairConfig[]): string {
  return pairs.length === 0 ? 'none' : pairs.map(({ name }) => name).join(', ');
}

interface Cached<T> {
  readonly get: () => Promise<T>;
  readonly forget: () => void;
}

function cached<T>(now: () => number, make: () => Promise<T>): Cached<T> {
  let value: Promise<T> | undefined;
  let madeAtMs = 0;
  function get(): Promise<T> {
    if (value === undefined || now() - madeAtMs > configMs) {
      madeAtMs = now();
      value = make();
      value.catch(() => (value = undefined));
    }
    return value;
  }
  return { get, forget: () => (value = undefined) };
}

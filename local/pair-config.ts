import { readFileSync } from 'node:fs';
import { type AppClient } from './app-client';
import { lakeMounts } from './estate/mounts';
import { trickyExceptions } from './estate/tricky/exceptions';
import { trickyPair } from './estate/tricky/pair';
import { codeOf, LocalError, usageError } from './local-error';
import { regions, type World } from './world';
import { type SideName } from './world-record';

/** The one pair of the emulated world. */
export const pairName = 'analytics';

/** Of both emulated workspaces: takes over what belonged to somebody who left. */
const adminName = 'admin@example.com';

/** When an outage counts as confirmed: within seconds here, within minutes in production. */
export const confirm = { failures: 3, of: 4, everySeconds: 1 };

/** Names of the secrets that hold the tokens. */
export const secretNames: Readonly<Record<SideName, string>> = {
  primary: 'analytics-primary-token',
  secondary: 'analytics-secondary-token',
};

interface ConfigFault {
  readonly path: string;
  readonly message: string;
}

interface ConfigAnswer {
  readonly errors?: readonly ConfigFault[];
  readonly warnings?: readonly ConfigFault[];
}

/** The configuration of the emulated pair: as in production, but an outage is confirmed within seconds. */
export function emulatedConfig({ workspaces, record }: World): object {
  const side = (name: SideName) => ({
    region: regions[name],
    url: workspaces[name].url,
    auth: { kind: 'keyVault', secret: secretNames[name] },
  });
  const pair = {
    name: pairName,
    primary: side('primary'),
    secondary: side('secondary'),
    rewrite: { storageHosts: { lakeeastus2: 'lakecentralus' }, owners: { fallback: adminName } },
    alert: { mode: 'approve', confirm },
    approval: { required: true },
    copySecretValues: true,
    mounts: { discover: record.size !== 'tiny', how: [lakeMounts] },
    cutover: { tierTag: 'dr-tier', requireRunnable: [0, 1] },
    ...(record.size === 'tricky' && {
      ...trickyPair,
      exceptions: trickyExceptions(workspaces.primary, inDays(90)),
    }),
  };
  return { pairs: [pair] };
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Gives the app its configuration. Throws LocalError that lists every fault; returns the warnings. */
export async function uploadConfig(app: AppClient, config: object): Promise<readonly string[]> {
  const { status, body } = await app.send<ConfigAnswer>('PUT', '/api/config', { body: config, also: [422] });
  const lines = (faults: readonly ConfigFault[] = []): string[] =>
    faults.map(({ path, message }) => `${path} ${message}`);
  if (status === 422)
    throw new LocalError(['the configuration has faults:', ...lines(body.errors)].join('\n  '), 2);
  return lines(body.warnings);
}

/** A file of JSON that an option names. Throws LocalError with exit code 2. */
export function readJsonFile(option: string, file: string): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`${option} ${file} cannot be read: ${codeOf(error)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be a secret.
    throw usageError(`${option} ${file} is not JSON`);
  }
  if (typeof value !== 'object' || value === null) throw usageError(`${option} ${file} is no JSON object`);
  return value;
}

/** The file with secrets. Throws LocalError with exit code 2; never quotes a value. */
export function readSecrets(file: string): Record<string, string> {
  const secrets = Object.entries(readJsonFile('--secrets', file));
  const wrong = secrets.find(([, value]) => typeof value !== 'string' || value === '');
  if (wrong) throw usageError(`--secrets ${file}: the value of ${wrong[0]} is no text`);
  return Object.fromEntries(secrets);
}

/** Some workspace of it is not on this machine. */
export function hasRealWorkspaces(config: object): boolean {
  const { pairs } = config as { pairs?: unknown };
  const sidesOf = (pair: unknown): unknown[] =>
    typeof pair === 'object' && pair !== null ? Object.values(pair) : [];
  const urls = (Array.isArray(pairs) ? pairs.flatMap(sidesOf) : []).map(
    (side) => (side as { url?: unknown } | null)?.url,
  );
  return urls.some((url) => typeof url === 'string' && !url.startsWith('http://127.0.0.1:'));
}

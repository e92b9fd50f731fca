import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppClient } from './app-client';
import { type LocalWorld } from '../shared/local-world';
import { type AppProcess, startAppProcess } from './app-process';
import { appSettings, standInVaultUrl } from './app-settings';
import { type Azurite } from './azurite';
import { type Closers } from './closers';
import { startControl, type WorldFacts } from './control';
import { checkPort } from './free-port';
import { type Options } from './options';
import {
  emulatedConfig,
  hasRealWorkspaces,
  readJsonFile,
  readSecrets,
  secretNames,
  uploadConfig,
} from './pair-config';
import { type Screen } from './screen';
import { openStateFolder, type StateFolder } from './state-folder';
import { startStorage, writeEndpoints } from './storage';
import { startVault } from './vault';
import { startWorld, type World } from './world';
import { type SideName, sides } from './world-record';
import { showWorkspaces, showConfig } from './session-lines';

/** The world and the app, running. */
export interface Session {
  readonly app: AppClient;
  readonly process: AppProcess;
  readonly folder: StateFolder;
  /** Absent with `--config`. */
  readonly world?: World;
  readonly logFile: string;
}

/** Files that options name: read before anything is started. */
interface Given {
  readonly config?: object;
  readonly secrets?: Record<string, string>;
}

interface Places {
  readonly folder: StateFolder;
  readonly storage: Azurite;
  readonly endpoints: string;
  readonly keyVaultUrl?: string;
}

/** How long one probe may take. */
const probeMs = 900;

/** Starts everything, a line each. What is to be closed is in `closers` as soon as it is open. */
export async function startSession(options: Options, screen: Screen, closers: Closers): Promise<Session> {
  const given = readGiven(options);
  await checkPort(options.port);
  const folder = openStateFolder(options.state);
  closers.add(() => {
    folder.release();
  });
  const storage = await startStorage(folder);
  closers.add(() => storage.close());
  screen.step('storage', folder.isKept ? `Azurite, in ${folder.path}` : 'Azurite, in memory');
  const world = given.config === undefined ? await openWorld(options, folder, screen, closers) : undefined;
  const secrets = given.secrets ?? tokensOf(world);
  const endpoints = endpointsOf(options, storage, given.config);
  const places = { folder, storage, ...(await openVault(endpoints, folder, secrets, closers)) };
  const app = await openApp(options, places, world, screen, closers);
  const client = new AppClient(app.url);
  const warnings = await uploadConfig(client, given.config ?? (world && emulatedConfig(world)) ?? {});
  showConfig(screen, given.config, warnings);
  return {
    app: client,
    process: app,
    folder,
    logFile: folder.file('app.log'),
    ...(world && { world }),
  };
}

function readGiven({ config, secrets }: Options): Given {
  return {
    ...(config !== undefined && { config: readJsonFile('--config', config) }),
    ...(secrets !== undefined && { secrets: readSecrets(secrets) }),
  };
}

async function openWorld(
  options: Options,
  folder: StateFolder,
  screen: Screen,
  closers: Closers,
): Promise<World> {
  const world = await startWorld(options, folder);
  closers.add(() => world.close());
  world.fill();
  showWorkspaces(screen, world);
  return world;
}

function tokensOf(world: World | undefined): Record<string, string> | undefined {
  return world && Object.fromEntries(sides.map((side) => [secretNames[side], world.record.tokens[side]]));
}

/** Where the app finds what is not in Azure. Probes of the emulated workspaces are a second apart, and must not queue. */
function endpointsOf({ limits }: Options, { account, key }: Azurite, config: object | undefined): LocalWorld {
  const isReal = config !== undefined && hasRealWorkspaces(config);
  return {
    storage: { account, key },
    limits: (limits ?? isReal) ? 'documented' : 'off',
    ...(isReal && { identity: 'azure' }),
    ...(config === undefined && { probeMs }),
  };
}

/** The stand-in for the vault when there are secrets for it, and the file that tells the app of everything. */
async function openVault(
  endpoints: LocalWorld,
  folder: StateFolder,
  secrets: Record<string, string> | undefined,
  closers: Closers,
): Promise<Pick<Places, 'endpoints' | 'keyVaultUrl'>> {
  if (secrets === undefined) return { endpoints: writeEndpoints(folder, endpoints) };
  const vault = await startVault({ secrets });
  closers.add(() => vault.close());
  const file = writeEndpoints(folder, { ...endpoints, vaultUrl: vault.url });
  return { endpoints: file, keyVaultUrl: standInVaultUrl };
}

async function openApp(
  options: Options,
  { folder, storage, ...places }: Places,
  world: World | undefined,
  screen: Screen,
  closers: Closers,
): Promise<AppProcess> {
  let app: AppProcess | undefined = undefined;
  const control = await startControl({
    facts: () => app && factsOf(storage, app, world),
    ...(world && {
      setDark: (side, on) => {
        world.setDark(side, on);
      },
    }),
  });
  closers.add(() => control.close());
  const { url: storageUrl, connectionString } = storage;
  const starting = startAppProcess({
    appDir: findAppDir(__dirname),
    db: folder.file('task-hub.db'),
    port: options.port,
    world: control.url,
    env: appSettings(options, { storageUrl, connectionString, ...places }),
    logFile: folder.file('app.log'),
    onRestart: (why, pid) => {
      screen.notice('App host', `was gone (${why}); started again as process ${pid}, nothing is lost`);
    },
  });
  keepLogOfLost(starting, folder);
  const started = await starting;
  app = started;
  closers.add(() => started.stop());
  screen.step('app', `${app.url}, process ${app.pid()}`);
  screen.step('log of the app', folder.file('app.log'));
  return app;
}

/** The log of an app that does not run says why. */
function keepLogOfLost(starting: Promise<AppProcess>, folder: StateFolder): void {
  starting
    .then(({ lost }) => lost)
    .catch(() => {
      folder.keep();
    });
}

/** The folder of the app's package.json, from wherever in it this code runs. */
function findAppDir(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findAppDir(dirname(folder));
}

function factsOf({ url, account, key }: Azurite, app: AppProcess, world: World | undefined): WorldFacts {
  const of = (side: SideName, { workspaces }: World) => {
    const { region, url, token } = workspaces[side];
    return { region, url, token };
  };
  return {
    ...(world && { workspaces: { primary: of('primary', world), secondary: of('secondary', world) } }),
    storage: { url, account, key },
    app: app.url,
    pids: { host: app.pid(), world: process.pid },
  };
}

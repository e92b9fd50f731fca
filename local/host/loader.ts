import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectInto, installCore, loadedApps } from './core-api';
import { HostError, messageOf } from './host-error';
import { Registry } from './registry';

const supportedTriggers = ['httptrigger', 'timertrigger', 'activitytrigger', 'orchestrationtrigger'];

/** Loads one file of the app. */
export type LoadFile = (file: string) => void;

/**
 * Runs the files that `main` of package.json names and returns what they registered. A folder is loaded once per process, unless the
 * caller brings its own way of loading files (which then gives them fresh module state).
 */
export async function loadApp(appDir: string, loadFile?: LoadFile): Promise<Registry> {
  const kept = loadedApps().get(appDir);
  if (kept !== undefined && loadFile === undefined) return kept;
  installCore();
  const files = entryFiles(appDir);
  const registry = new Registry();
  collectInto(registry);
  for (const file of files) {
    try {
      (loadFile ?? require)(file);
    } catch (error) {
      throw new HostError(`cannot load ${file}: ${messageOf(error)}`, 500, { cause: error });
    }
  }
  await check(registry);
  registry.lock();
  if (loadFile === undefined) loadedApps().set(appDir, registry);
  return registry;
}

function entryFiles(appDir: string): string[] {
  const file = join(appDir, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { main?: string; type?: string };
  if (manifest.main === undefined) throw new HostError(`${file} has no "main"`);
  const files = globSync(manifest.main, { cwd: appDir }).sort();
  if (files.length === 0) throw new HostError(`no file matches "main" (${manifest.main}) of ${file}`);
  const modules = files.filter((name) => isModule(name, manifest.type));
  if (modules.length > 0) throw new HostError(`ES modules are not supported: ${modules.join(', ')}`);
  return files.map((name) => join(appDir, name));
}

function isModule(name: string, type: string | undefined): boolean {
  return name.endsWith('.mjs') || (type === 'module' && !name.endsWith('.cjs'));
}

async function check(registry: Registry): Promise<void> {
  if (registry.functions.size === 0) {
    throw new HostError(
      'the app registered no function; was @azure/functions imported before the host started?',
    );
  }
  for (const fn of registry.functions.values()) {
    if (supportedTriggers.includes(fn.triggerType)) continue;
    throw new HostError(`function "${fn.name}": the local host does not support ${fn.trigger.type}`);
  }
  for (const model of registry.models()) {
    const capabilities = await model.getCapabilities({ RawHttpBodyBytes: 'true', RpcHttpBodyOnly: 'true' });
    if (capabilities['HttpUri'] !== undefined)
      throw new HostError('the local host does not support HTTP streaming');
  }
}

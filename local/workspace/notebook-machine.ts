import { ApiError, type Core } from './area';
import { type Mount, type MountsArea } from './mounts';
import { type PythonFunction, runPython, type Value } from './python';
import { PythonError } from './python-syntax';
import { type SecretsArea } from './secrets';

/** What came of running a notebook: what it exited with, or why it failed. */
export type NotebookOutput = { readonly result: string } | { readonly error: string };

/** Thrown by `dbutils.notebook.exit`: nothing after it runs. */
class Exit extends Error {
  constructor(readonly result: string) {
    super('exit');
  }
}

/**
 * Runs a Python notebook that works on mounts, or that exits with something: statement by statement, with the part of `dbutils`
 * that mounts take (https://learn.microsoft.com/azure/databricks/dev-tools/databricks-utils). All other notebooks do nothing.
 */
export function runNotebook(core: Core, source: string): NotebookOutput {
  if (!/\bdbutils\.(?:fs\.\w*[mM]ount|notebook\.exit)/.test(source)) return { result: '' };
  try {
    runPython(source, { json: { dumps: ([value = null]) => JSON.stringify(value) }, dbutils: dbutils(core) });
    return { result: '' };
  } catch (error) {
    if (error instanceof Exit) return { result: error.result };
    if (error instanceof PythonError) return { error: `${error.type}: ${error.message}` };
    // A scope or secret that is not there.
    if (error instanceof ApiError) return { error: `IllegalArgumentException: ${error.message}` };
    throw error;
  }
}

function dbutils(core: Core): Value {
  const mounts = core.area<MountsArea>('mounts');
  const exit: PythonFunction = ([value = '']) => {
    throw new Exit(textOf(value));
  };
  return {
    fs: {
      mounts: () =>
        mounts
          .all()
          .map(({ mountPoint, source, encryptionType }) => ({ mountPoint, source, encryptionType })),
      mount: (items, named) => {
        mounts.add(mountOf(items, named));
        return true;
      },
      updateMount: (items, named) => {
        mounts.update(mountOf(items, named));
        return true;
      },
      unmount: (items, named) => {
        mounts.remove(textOf(named['mount_point'] ?? items[0]));
        return true;
      },
    },
    secrets: { get: (items, named) => secretOf(core, named['scope'] ?? items[0], named['key'] ?? items[1]) },
    notebook: { exit },
  };
}

/** `mount(source, mount_point, encryption_type = "", owner = null, extra_configs = {})` */
function mountOf(items: readonly Value[], named: Readonly<Record<string, Value>>): Mount {
  const configs = named['extra_configs'] ?? items[4] ?? {};
  return {
    source: textOf(named['source'] ?? items[0]),
    mountPoint: textOf(named['mount_point'] ?? items[1]),
    encryptionType: textOf(named['encryption_type'] ?? items[2] ?? ''),
    configs: configs as Record<string, unknown>,
  };
}

function secretOf(core: Core, scope: Value | undefined, key: Value | undefined): string {
  const { store } = core.area<SecretsArea>('secrets');
  const { value } = store.secret(store.scope(textOf(scope)), textOf(key));
  return Buffer.from(value, 'base64').toString();
}

function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new PythonError('TypeError', 'a string is needed');
}

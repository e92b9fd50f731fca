import type { Workspace } from '../databricks/workspace';
import { hashBody, type Stub } from '../domain/asset';
import type { Adapter } from './adapter';
import { orVanished } from './vanished';

export interface GlobalInitScriptBody {
  readonly name: string;
  /** Base64. */
  readonly script: string;
  /** Its place in the order in which scripts run; 0 is the first. */
  readonly position: number;
  readonly enabled: boolean;
}

interface ScriptRow extends Omit<GlobalInitScriptBody, 'script'> {
  readonly script_id: string;
  readonly updated_at?: number;
}

const root = '/api/2.0/global-init-scripts';

/**
 * A script that is enabled runs on every cluster that starts. It is made disabled, so that what is reached only in the other region
 * breaks no cluster of the standby, and enabled at cutover, before anything that starts one is woken.
 */
export const globalInitScript: Adapter<GlobalInitScriptBody> = {
  kind: 'global-init-script',
  step: 'initScripts',
  carries: 'content byte for byte, name, order, whether it is enabled',
  references: [],
  ignore: [],
  // A position that is taken shifts what is there: only in ascending order does each get its own.
  batchSize: 50,
  wakesFirst: true,

  async *list(from) {
    const { scripts = [] } = await from.get<{ scripts?: ScriptRow[] }>(root);
    const names = new Set<string>();
    for (const row of scripts.toSorted((a, b) => a.position - b.position)) {
      yield stubOf(row, names.has(row.name));
      names.add(row.name);
    }
  },
  async export(from, { id }) {
    const script = from.get<ScriptRow & GlobalInitScriptBody>(`${root}/${id}`);
    const { name, script: content, position, enabled } = await orVanished(`global-init-script/${id}`, script);
    return { name, script: content, position, enabled };
  },
  find: (index, asset) => index.byName(asset.body.name)?.id,
  asleep: (body) => ({ ...body, enabled: false }),
  async create(target, body) {
    const { script_id } = await target.post<ScriptRow & object>(root, { ...body, enabled: false });
    return script_id;
  },
  async update(target, id, body) {
    await target.patch(`${root}/${id}`, { ...body, enabled: false });
  },
  async remove(target, id) {
    await target.delete(`${root}/${id}`);
  },
  triggers: {
    awake: (body) => (body.enabled ? ['enabled'] : []),
    quiet: (from, id, body) => enable(from, id, body, false),
    // With the content that is there: what somebody changed, and a conflict has left, stays.
    async wake(target, id, _body, triggers) {
      if (!triggers.includes('enabled')) return;
      await enable(target, id, await target.get<ScriptRow & GlobalInitScriptBody>(`${root}/${id}`), true);
    },
  },
};

/** The SDK names `name` and `script` as required, the reference says that all fields are optional: they are sent as they are. */
async function enable(
  side: Workspace,
  id: string,
  { name, script }: GlobalInitScriptBody,
  enabled: boolean,
): Promise<void> {
  await side.patch(`${root}/${id}`, { name, script, enabled });
}

function stubOf({ script_id, name, position, enabled, updated_at }: ScriptRow, isTwin: boolean): Stub {
  const version = hashBody({ name, position, enabled, updated_at });
  const stub = { id: script_id, name, version, order: position };
  return isTwin
    ? { ...stub, skip: 'there is another one of its name before it: rename one of the two' }
    : stub;
}

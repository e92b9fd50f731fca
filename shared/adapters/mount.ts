import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import { discoveryNotebook, mountByHand, mountNotebook, ruleFor, type MountBody } from '../domain/mounts';
import type { Adapter } from './adapter';
import { runNotebook } from './notebook-run';
import { listedBody } from './vanished';

/**
 * No API tells what is mounted, nor mounts anything: code on a cluster does. `dbutils.fs.mounts()` gives no credentials, so how to
 * mount is said in the configuration: https://learn.microsoft.com/azure/databricks/dbfs/mounts
 */
export const mount: Adapter<MountBody> = {
  kind: 'mount',
  step: 'mounts',
  carries: 'mount point and storage, where `mounts` asks for it and says how; not: credentials',
  // Of the rule, not of the body: mounting reads the secret, so it comes after it.
  references: [{ at: 'secret', to: 'secret', by: 'name' }],
  ignore: [],
  costly: { everyHours: ({ mounts }) => mounts.everyHours },
  batchSize: 10,
  repeatable: true,

  async *list(from) {
    for (const body of await discover(from)) {
      const { mount_point } = body;
      yield { id: mount_point, name: mount_point, version: hashBody(body), body };
    }
  },
  export: (_from, stub) => listedBody('mount', stub),
  find: (index, { body }) => index.byId(body.mount_point)?.id,
  isAsked: ({ mounts }) => mounts.discover,
  byHand(body, { mounts }) {
    if (!mounts.discover) return `\`mounts.discover\` is off: ${mountByHand(body)}`;
    if (ruleFor(body.mount_point, mounts) !== undefined) return undefined;
    return `no rule of \`mounts.how\` says how to mount it: ${mountByHand(body)}`;
  },
  async create(target, body) {
    const done = await mountAt(target, body, false);
    if (done !== 'other') return body.mount_point;
    const message = `cannot create mount/${body.mount_point}: something else is mounted there`;
    throw new DrError('DR_API_CONFLICT', message);
  },
  async update(target, _id, body) {
    await mountAt(target, body, true);
  },
};

/** What people mounted: the platform's own mounts have no URL as their source. */
async function discover(from: Workspace): Promise<MountBody[]> {
  try {
    const rows = (await runNotebook(from, discoveryNotebook)) as [string, string, string?][];
    return rows
      .filter(([, source]) => source.includes('://'))
      .map(([mount_point, source, encryption = '']) => ({
        mount_point,
        source,
        ...(encryption === '' ? {} : { encryption_type: encryption }),
      }));
  } catch (error) {
    // A workspace without a free machine must not keep everything else from being copied.
    if (
      !hasCode(error, 'DR_NOTEBOOK_FAILED', 'DR_API_BAD_REQUEST', 'DR_API_FORBIDDEN', 'DR_WRITE_IN_DRY_RUN')
    )
      throw error;
    throw notDiscovered(error.message, error);
  }
}

function notDiscovered(why: string, cause?: Error): DrError {
  return new DrError(
    'DR_NOT_DISCOVERED',
    `cannot list mounts: ${why}`,
    {},
    cause === undefined ? {} : { cause },
  );
}

async function mountAt(target: Workspace, body: MountBody, isOurs: boolean): Promise<unknown> {
  const rule = ruleFor(body.mount_point, target.options.mounts);
  if (rule === undefined)
    throw new DrError(
      'DR_NOTEBOOK_FAILED',
      `cannot mount ${body.mount_point}: no rule of mounts.how says how`,
    );
  return runNotebook(target, mountNotebook(body, rule, isOurs));
}

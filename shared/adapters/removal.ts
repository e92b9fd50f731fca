import type { Workspace } from '../databricks/workspace';
import { DrError } from '../domain/errors';

/** Removes what lies at a path, never what lies below it. */
export async function removePath(target: Workspace, path: string): Promise<void> {
  await target.post('/api/2.0/workspace/delete', { path, recursive: false }, { repeatable: true });
}

/** Throws DR_ASSET_IN_USE: the platform would refuse it, or worse, would not. */
export function inUse(what: string, why: string): DrError {
  return new DrError('DR_ASSET_IN_USE', `cannot remove ${what}: ${why}`);
}

interface ClusterUse {
  readonly cluster_id: string;
  readonly policy_id?: string;
  readonly instance_pool_id?: string;
  readonly driver_instance_pool_id?: string;
}

/** Throws DR_ASSET_IN_USE when a cluster of the target, whoever made it, is bound to this pool or policy. */
export async function refuseIfClusterUses(target: Workspace, what: string, id: string): Promise<void> {
  const query = { page_size: 100 };
  for await (const row of target.pages<ClusterUse>('/api/2.1/clusters/list', 'clusters', query)) {
    const { cluster_id, policy_id, instance_pool_id, driver_instance_pool_id } = row;
    if ([policy_id, instance_pool_id, driver_instance_pool_id].includes(id))
      throw inUse(what, `cluster ${cluster_id} uses it`);
  }
}

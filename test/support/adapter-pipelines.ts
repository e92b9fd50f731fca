import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { MountsArea } from '../../local/workspace/mounts';
import type { Sample } from './adapter-estate';

const home = '/Users/alice@example.com';

interface Machines {
  readonly policy_id: string;
  readonly instance_pool_id: string;
}

/** A continuous pipeline in production, on the pool and its policy. */
export function fillPipeline(
  workspace: EmulatedWorkspace,
  { policy_id, instance_pool_id }: Machines,
): Sample {
  const spec = {
    name: 'streaming',
    continuous: true,
    catalog: 'main',
    target: 'gold',
    libraries: [{ notebook: { path: `${home}/etl/load` } }, { glob: { include: `${home}/etl/deep/**` } }],
    clusters: [
      { label: 'default', policy_id, instance_pool_id, autoscale: { min_workers: 1, max_workers: 3 } },
    ],
    configuration: { 'app.mode': 'full' },
    run_as: { service_principal_name: '11111111-2222-3333-4444-555555555555' },
  };
  const { pipeline_id } = workspace.call('POST', '/api/2.0/pipelines', spec).json as { pipeline_id: string };
  return {
    name: 'streaming',
    change: () => {
      workspace.call('PUT', `/api/2.0/pipelines/${pipeline_id}`, { ...spec, channel: 'PREVIEW' });
    },
  };
}

/** Storage that somebody mounted. */
export function fillMounts(workspace: EmulatedWorkspace): Sample {
  const mounts = workspace.core.area<MountsArea>('mounts');
  const mount = (folder: string) => ({
    mountPoint: '/mnt/sales',
    source: `abfss://sales@lakeeastus2.dfs.core.windows.net/${folder}`,
    encryptionType: '',
    configs: {},
  });
  mounts.add(mount('raw'));
  return {
    name: '/mnt/sales',
    change: () => {
      mounts.update(mount('clean'));
    },
  };
}

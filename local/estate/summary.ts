import { type Clusters } from '../workspace/clusters';
import { type Json, rowsIn } from '../workspace/fields';
import { type JobsArea } from '../workspace/jobs';
import { type MountsArea } from '../workspace/mounts';
import { type PipelinesArea } from '../workspace/pipelines';
import { type EmulatedWorkspace } from '../workspace/workspace';
import { type TreeArea } from '../workspace/workspace-tree';

/** How many assets of each kind a workspace holds, and some facts about them. */
export interface EstateSummary {
  readonly kinds: Readonly<Record<string, number>>;
  /** Jobs with a trigger that can make them run. */
  readonly awakeJobs: number;
  /** Clusters that jobs made: nobody's settings. */
  readonly jobClusters: number;
  /** Bytes of notebooks and files. */
  readonly treeBytes: number;
}

const treeKinds: Readonly<Record<string, string>> = {
  DIRECTORY: 'directory',
  NOTEBOOK: 'notebook',
  FILE: 'workspace-file',
  REPO: 'git-folder',
};
/** Every workspace has them. */
const platformFolders = ['Users', 'Shared', 'Repos'];

export function estateSummary(workspace: EmulatedWorkspace): EstateSummary {
  const get = (path: string): Json => (workspace.call('GET', `/api${path}`).json ?? {}) as Json;
  const scim = (type: string): number =>
    Number(get(`/2.0/preview/scim/v2/${type}?startIndex=1&count=1`)['totalResults']);
  const clusters = workspace.core.area<Clusters>('clusters').all();
  const jobs = workspace.core.area<JobsArea>('jobs').all();
  const libraries = rowsIn(get('/2.0/libraries/all-cluster-statuses'), 'statuses');
  const { treeBytes, ...tree } = treeSummary(workspace);
  return {
    kinds: {
      user: scim('Users'),
      'service-principal': scim('ServicePrincipals'),
      group: scim('Groups'),
      ...tree.kinds,
      'instance-pool': rowsIn(get('/2.0/instance-pools/list'), 'instance_pools').length,
      'cluster-policy': rowsIn(get('/2.0/policies/clusters/list'), 'policies').length,
      cluster: clusters.filter(({ source }) => source === 'API' || source === 'UI').length,
      'cluster-library': libraries.reduce((sum, row) => sum + rowsIn(row, 'library_statuses').length, 0),
      job: jobs.length,
      mount: countMounts(workspace),
      pipeline: workspace.core.area<PipelinesArea>('pipelines').all().length,
    },
    awakeJobs: jobs.filter((job) => job.triggers.length > 0).length,
    jobClusters: clusters.filter((cluster) => cluster.source === 'JOB').length,
    treeBytes,
  };
}

/** The platform's own are not counted. */
function countMounts({ core }: EmulatedWorkspace): number {
  return core
    .area<MountsArea>('mounts')
    .all()
    .filter(({ source }) => source.includes('://')).length;
}

function treeSummary(workspace: EmulatedWorkspace): { kinds: Record<string, number>; treeBytes: number } {
  const { tree } = workspace.core.area<TreeArea>('workspace-tree');
  const kinds: Record<string, number> = {};
  let treeBytes = 0;
  const waiting = tree.childrenOf(tree.root);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    // What lies in a git folder comes from Git.
    if (node.type !== 'REPO') waiting.push(...tree.childrenOf(node));
    const kind = treeKinds[node.type];
    if (kind === undefined || (node.parent === tree.root.id && platformFolders.includes(node.name))) continue;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    treeBytes += tree.bodyOf(node).length;
  }
  return { kinds, treeBytes };
}

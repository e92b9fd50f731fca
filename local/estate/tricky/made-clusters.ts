import { type ClusterSource } from '../../workspace/cluster-record';
import { type Clusters } from '../../workspace/clusters';
import { keeper, machine, type TrickyPart } from './part';

const makers: readonly ClusterSource[] = ['JOB', 'PIPELINE', 'PIPELINE_MAINTENANCE', 'SQL', 'MODELS'];

/** Clusters that nobody made: their makers make them anew. */
export const madeClusters: TrickyPart = {
  fill({ primary }) {
    const clusters = primary.workspace.core.area<Clusters>('clusters');
    for (const source of makers)
      clusters.make({
        spec: { cluster_name: `made by ${source}`, ...machine },
        owner: keeper.name,
        source,
      });
  },
};

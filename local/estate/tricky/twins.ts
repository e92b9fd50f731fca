import { keeper, makeCluster, makeJob, type TrickyPart } from './part';

/** Names that are not unique: three clusters and three jobs, two of each alike in everything. */
export const twins: TrickyPart = {
  fill({ primary }) {
    const clusters = [1, 1, 2].map((num_workers) => makeCluster(primary, 'twin', { num_workers }));
    for (const [at, existing_cluster_id] of clusters.entries())
      makeJob(primary, 'twin', {
        max_concurrent_runs: at === 2 ? 5 : 1,
        tasks: [{ task_key: 'on_its_own', existing_cluster_id, ...nothing }],
      });
    primary.grant('jobs', String(makeJob(primary, 'Twin')), [
      { user_name: keeper.name, permission_level: 'IS_OWNER' },
      { group_name: 'outer', permission_level: 'CAN_VIEW' },
    ]);
  },
};

const nothing = { condition_task: { op: 'EQUAL_TO', left: '1', right: '1' } };

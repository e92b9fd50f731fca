import { type Json } from '../../workspace/fields';
import { anyNotebook, machine, makeJob, type TrickyPart } from './part';

/** Three pages of `jobs/get`. */
const manyTasks = 250;
const manyClusters = 120;

/** Jobs that are large, nested, or hardly there. */
export const jobShapes: TrickyPart = {
  fill({ primary }) {
    makeJob(primary, 'of 250 tasks', { tasks: chainOf(manyTasks), job_clusters: clustersOf(manyClusters) });
    makeJob(primary, 'without tasks', { tasks: [] });
    makeJob(primary, 'for each', {
      tasks: [
        {
          task_key: 'outer',
          for_each_task: {
            inputs: '["ä","b"]',
            concurrency: 2,
            task: { task_key: 'inner', new_cluster: machine, ...runs },
          },
        },
      ],
    });
    makeJob(primary, 'from git', {
      git_source: { git_url: 'https://example.com/r.git', git_provider: 'gitHub', git_branch: 'main' },
      tasks: [{ task_key: 'main', new_cluster: machine, notebook_task: { notebook_path: 'src/main' } }],
    });
    makeJob(primary, 'managed by a bundle', { ...bundled, schedule: daily });
  },
};

const runs: Json = { notebook_task: { notebook_path: anyNotebook } };
const daily: Json = { quartz_cron_expression: '0 0 4 * * ?', timezone_id: 'UTC' };
const bundled: Json = {
  deployment: { kind: 'BUNDLE', metadata_file_path: '/Users/keeper@contoso.com/.bundle/x/state.json' },
  edit_mode: 'UI_LOCKED',
};

function chainOf(count: number): Json[] {
  return Array.from({ length: count }, (_, at) => ({
    task_key: `t${at}`,
    ...(at > 0 ? { depends_on: [{ task_key: `t${at - 1}` }] } : {}),
    job_cluster_key: `c${at % manyClusters}`,
    ...runs,
  }));
}

function clustersOf(count: number): Json[] {
  return Array.from({ length: count }, (_, at) => ({ job_cluster_key: `c${at}`, new_cluster: machine }));
}

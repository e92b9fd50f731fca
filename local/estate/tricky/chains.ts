import { type Builder } from '../builder';
import { anyNotebook, makeCluster, makeJob, refused, running, type TrickyPart } from './part';

const lost = 'its cluster was deleted in May; the team moves it to job compute';
const bundle = 'its inner job is deployed by a bundle, and so will this one be';

/** Jobs that run jobs that run jobs; and what hangs on something that is not there. */
export const chains: TrickyPart = {
  fill({ primary }) {
    makeChain(primary);
    const cluster = makeCluster(primary, 'deleted');
    const task = {
      task_key: 'main',
      existing_cluster_id: cluster,
      notebook_task: { notebook_path: anyNotebook },
    };
    const schedule = { quartz_cron_expression: '0 0 5 * * ?', timezone_id: 'UTC' };
    const orphan = makeJob(primary, 'on a deleted cluster', { tasks: [task], schedule });
    const behind = makeJob(primary, 'runs an orphan', running(orphan));
    makeJob(primary, 'runs what runs an orphan', running(behind));
    primary.post('/2.1/clusters/permanent-delete', { cluster_id: cluster });
    const deployment = { kind: 'BUNDLE', metadata_file_path: '/x' };
    const inner = makeJob(primary, 'inner, of a bundle', { deployment, edit_mode: 'UI_LOCKED' });
    makeJob(primary, 'runs one of a bundle', running(inner));
  },
  gaps: [
    { kind: 'job', name: 'on a deleted cluster', reason: lost },
    { kind: 'job', name: 'runs an orphan', reason: lost },
    { kind: 'job', name: 'runs what runs an orphan', reason: lost },
    { kind: 'job', name: 'runs one of a bundle', reason: bundle },
  ],
};

/** Made from its end; the last one may not be run by the first: that would be a circle. */
function makeChain(builder: Builder): void {
  const last = makeJob(builder, 'link 5');
  let job_id = last;
  for (const at of [4, 3, 2, 1]) job_id = makeJob(builder, `link ${at}`, running(job_id));
  const inLoop = { task_key: 'each', run_job_task: { job_id } };
  job_id = makeJob(builder, 'runs the chain in a loop', {
    tasks: [{ task_key: 'loop', for_each_task: { inputs: '[1]', concurrency: 1, task: inLoop } }],
  });
  const circle = { job_id: last, new_settings: running(job_id) };
  for (const verb of ['reset', 'update'])
    refused('a job that runs itself', () => builder.post(`/2.2/jobs/${verb}`, circle));
}

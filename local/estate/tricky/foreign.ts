import { type Builder } from '../builder';
import { type Caller } from '../../workspace/area';
import {
  anyNotebook,
  machine,
  makeCluster,
  makeFolder,
  makeJob,
  makeNotebook,
  type TrickyPart,
} from './part';

const admin: Caller = { name: 'admin@example.com', servicePrincipal: false, admin: true };
const folder = '/Shared/also there';
const theirs = 'the other region has its own; the teams agree on one by June';
const root = '/2.0/instance-pools/create';

/** The secondary was not empty: the same names with another content, and with the same one. */
export const foreign: TrickyPart = {
  fill({ primary, secondary }) {
    const here = fillSide(primary, 'ours');
    fillSide(secondary, 'theirs');
    const pooled = { spark_version: machine['spark_version'], num_workers: 1, instance_pool_id: here.pool };
    const cluster = primary.post('/2.1/clusters/create', { cluster_name: 'on the pool', ...pooled });
    const task = { task_key: 'main', existing_cluster_id: cluster['cluster_id'], notebook_task };
    makeJob(primary, 'on a cluster on the pool', { tasks: [task] });
    // A folder here, a notebook there.
    makeFolder(primary, `${folder}/clash`);
    makeNotebook(primary, `${folder}/clash/inside`);
    makeNotebook(secondary, `${folder}/clash`, 'select 1', admin);
  },
  gaps: [
    { kind: 'notebook', name: `${folder}/another`, reason: theirs },
    { kind: 'directory', name: `${folder}/clash`, reason: theirs },
    { kind: 'notebook', name: `${folder}/clash/inside`, reason: theirs },
    { kind: 'instance-pool', name: 'the pool', reason: theirs },
    { kind: 'cluster', name: 'on the pool', reason: theirs },
    { kind: 'job', name: 'on a cluster on the pool', reason: theirs },
  ],
};

const notebook_task = { notebook_path: anyNotebook };

/** Of the same names on both sides, by an administrator of each. */
function fillSide(builder: Builder, whose: string): { readonly pool: unknown } {
  makeCluster(builder, 'the cluster', { custom_tags: { whose } }, admin);
  makeJob(builder, 'the job', { description: whose }, admin);
  makeFolder(builder, folder, admin);
  makeNotebook(builder, `${folder}/another`, `select '${whose}'`, admin);
  makeNotebook(builder, `${folder}/the same`, 'select 1', admin);
  builder.post('/2.0/preview/scim/v2/Groups', { displayName: 'known on both sides' });
  const pool = { instance_pool_name: 'the pool', node_type_id: machine['node_type_id'] };
  const made = builder.post(root, { ...pool, custom_tags: { whose } });
  return { pool: made['instance_pool_id'] };
}

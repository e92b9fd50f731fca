import { clusterPolicy } from '../../shared/adapters/cluster-policy';
import { jobRemarks, libraryRemarks } from '../../shared/adapters/compute-remarks';
import { job } from '../../shared/adapters/job';
import { cluster } from '../../shared/adapters/cluster';
import { judge } from '../../shared/domain/readiness';
import { findReferences } from '../../shared/domain/references';
import { poster } from '../support/adapter-estate';
import { base64 } from '../support/emulated-workspace';
import { listAll, openAdapterPair, type AdapterPair } from '../support/adapter-workspaces';

const keysOf = (body: object, { references }: { references: Parameters<typeof findReferences>[1] }) =>
  findReferences(body, references).map(({ key, by }) => `${by} ${key}`);
const scripts = [
  { workspace: { destination: '/Workspace/Shared/init.sh' } },
  { dbfs: { destination: 'dbfs:/databricks/scripts/init.sh' } },
  { volumes: { destination: '/Volumes/main/default/init.sh' } },
  { abfss: { destination: 'abfss://c@lake.dfs.core.windows.net/init.sh' } },
];
const scriptKeys = [
  'path workspace-file//Shared/init.sh',
  'path dbfs-file/dbfs:/databricks/scripts/init.sh',
  'path volume-file//Volumes/main/default/init.sh',
  'path storage-file/abfss://c@lake.dfs.core.windows.net/init.sh',
];

describe('init scripts', () => {
  it.each([
    ['a cluster', { init_scripts: scripts }, cluster],
    ['the clusters of a job', { job_clusters: [{ new_cluster: { init_scripts: scripts } }] }, job],
    [
      'a for-each task',
      { tasks: [{ for_each_task: { task: { new_cluster: { init_scripts: scripts } } } }] },
      job,
    ],
    ['a policy', { name: 'p', definition: rulesOf('value') }, clusterPolicy],
    ['defaults of a policy', { name: 'p', definition: rulesOf('defaultValue') }, clusterPolicy],
    [
      'overrides of a policy family',
      { name: 'p', policy_family_definition_overrides: rulesOf('value') },
      clusterPolicy,
    ],
  ])('of %s are found, wherever they lie', (_of, body, adapter) => {
    expect(keysOf(body, adapter).sort()).toEqual(scriptKeys.toSorted());
  });

  function rulesOf(member: string): string {
    const rules = scripts.map((script, at) => {
      const [type, { destination }] = Object.entries(script)[0] as [string, { destination: string }];
      return [`init_scripts.${at}.${type}.destination`, { type: 'fixed', [member]: destination }];
    });
    return JSON.stringify(Object.fromEntries(rules));
  }

  it('that are not carried degrade the job that needs them, directly or through its cluster', () => {
    const volume = { key: 'volume-file//Volumes/a.sh', at: 'x', by: 'path' } as const;
    const shared = { key: 'cluster/1', at: 'x', by: 'id' } as const;
    const { jobs } = judge(
      [{ key: 'job/1', name: 'nightly' }],
      (key) => (key.startsWith('volume-file') ? 'not carried' : 'unchanged'),
      (key) => (key === 'job/1' ? [shared] : key === 'cluster/1' ? [volume] : []),
    );

    expect(jobs[0]).toMatchObject({
      state: 'degraded',
      reasons: ['needs cluster/1, which needs volume-file//Volumes/a.sh: not carried'],
    });
  });
});

describe('a library', () => {
  it.each([
    [{ jar: 'dbfs:/FileStore/jars/a.jar' }, '15.4.x-scala2.12', ['DBFS']],
    [{ jar: 'dbfs:/FileStore/jars/a.jar' }, '14.3.x-scala2.12', []],
    [{ jar: '/Volumes/main/default/a.jar' }, '16.1.x-scala2.12', []],
    [{ jar: 'dbfs:/Volumes/main/default/a.jar' }, '16.1.x-scala2.12', []],
    [{ egg: 'dbfs:/FileStore/jars/a.egg' }, '14.3.x-scala2.12', ['egg']],
    [{ egg: 'dbfs:/FileStore/jars/a.egg' }, '15.4.x-scala2.12', ['DBFS', 'egg']],
    [{ egg: 'dbfs:/FileStore/jars/a.egg' }, '13.3.x-scala2.12', []],
    [{ jar: 'dbfs:/FileStore/jars/a.jar' }, 'custom:image', []],
    [{ pypi: { package: 'simplejson' } }, '16.1.x-scala2.12', []],
  ])('%j on runtime %s is warned of when the runtime refuses it', (library, runtime, words) => {
    const remarks = libraryRemarks(library, runtime);

    expect(remarks).toHaveLength(words.length);
    for (const [at, word] of words.entries()) expect(remarks[at]).toContain(word);
  });

  it('of a task is judged by the runtime of its cluster, also when that is one of the job', () => {
    const libraries = [{ jar: 'dbfs:/FileStore/jars/a.jar' }];
    const new_cluster = (version: string) => ({ spark_version: `${version}.x-scala2.12` });
    const remarksOn = (version: string): number =>
      jobRemarks({
        job_clusters: [{ job_cluster_key: 'main', new_cluster: new_cluster(version) }],
        tasks: [{ for_each_task: { task: { job_cluster_key: 'main', libraries } } }],
      }).length;

    expect([remarksOn('14.3'), remarksOn('15.4')]).toEqual([0, 1]);
  });
});

describe('what a listing remarks', () => {
  let pair: AdapterPair;
  beforeAll(async () => {
    pair = await openAdapterPair();
    const post = poster(pair.primary.emulated);
    const contents = base64('jar');
    post('/api/2.0/dbfs/put', { path: '/FileStore/jars/a.jar', contents });
    const { cluster_id } = post<{ cluster_id: string }>('/api/2.1/clusters/create', {
      cluster_name: 'etl',
      spark_version: '15.4.x-scala2.12',
      node_type_id: 'Standard_DS3_v2',
      num_workers: 1,
      init_scripts: scripts,
      cluster_log_conf: { volumes: { destination: '/Volumes/main/default/logs' } },
    });
    const libraries = [{ jar: 'dbfs:/FileStore/jars/a.jar' }, { pypi: { package: 'simplejson' } }];
    post('/api/2.0/libraries/install', { cluster_id, libraries });
  });
  afterAll(() => pair.close());

  it('is that scripts and logs of a cluster lie outside of the workspace', async () => {
    const [stub] = await listAll(pair.primary.open(), 'cluster');

    expect(stub?.remarks?.map((remark) => remark.split(' ')[0])).toEqual([
      '/Volumes/main/default/init.sh',
      'abfss://c@lake.dfs.core.windows.net/init.sh',
      '/Volumes/main/default/logs',
    ]);
  });

  it('is that the runtime of its cluster refuses a library', async () => {
    const stubs = await listAll(pair.primary.open(), 'cluster-library');

    expect(stubs.map(({ name, remarks = [] }) => [name, remarks.length])).toEqual([
      ['jar dbfs:/FileStore/jars/a.jar', 1],
      ['pypi simplejson', 0],
    ]);
  });
});

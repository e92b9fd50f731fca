import { type Clusters } from '../../local/workspace/clusters';
import { type ComputeWorkspace, startCompute } from '../support/compute-workspace';

const spec = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
const pypi = { pypi: { package: 'great-expectations==1.2.0' } };
const maven = { maven: { coordinates: 'com.example:reader:1.0', exclusions: ['org.slf4j:*'] } };
let emulated: ComputeWorkspace;
let clusterId: string;

beforeEach(async () => {
  emulated = await startCompute();
  clusterId = (await emulated.ok('/2.1/clusters/create', spec))['cluster_id'] as string;
});
afterEach(() => emulated.close());

function stop(): void {
  emulated.workspace.core.area<Clusters>('clusters').stopAll();
}

async function statuses(): Promise<unknown[]> {
  const status = await emulated.ok(`/2.0/libraries/cluster-status?cluster_id=${clusterId}`);
  const rows = (status['library_statuses'] ?? []) as { library: unknown; status: string }[];
  return rows.map((row) => [row.library, row.status]);
}

test('a library on a stopped cluster is recorded and installed at the next start', async () => {
  stop();
  await emulated.ok('/2.0/libraries/install', { cluster_id: clusterId, libraries: [pypi, maven] });
  await emulated.ok('/2.0/libraries/install', { cluster_id: clusterId, libraries: [pypi] });
  emulated.pass(3);
  const recorded = await statuses();

  await emulated.ok('/2.1/clusters/start', { cluster_id: clusterId });
  emulated.pass(3);

  expect(recorded).toEqual([
    [pypi, 'PENDING'],
    [maven, 'PENDING'],
  ]);
  expect(await statuses()).toEqual([
    [pypi, 'INSTALLED'],
    [maven, 'INSTALLED'],
  ]);
});

test('uninstalling from a running cluster waits for its restart', async () => {
  await emulated.ok('/2.0/libraries/install', { cluster_id: clusterId, libraries: [pypi, maven] });
  emulated.pass(5);
  await emulated.ok('/2.0/libraries/uninstall', { cluster_id: clusterId, libraries: [maven] });
  const before = await statuses();

  stop();
  await emulated.ok('/2.1/clusters/start', { cluster_id: clusterId });
  emulated.pass(5);

  expect(before).toEqual([
    [pypi, 'INSTALLED'],
    [maven, 'UNINSTALL_ON_RESTART'],
  ]);
  expect(await statuses()).toEqual([[pypi, 'INSTALLED']]);
});

test('uninstalling from a stopped cluster takes effect at once', async () => {
  stop();
  await emulated.ok('/2.0/libraries/install', { cluster_id: clusterId, libraries: [pypi, maven] });

  await emulated.ok('/2.0/libraries/uninstall', { cluster_id: clusterId, libraries: [pypi] });

  expect(await statuses()).toEqual([[maven, 'PENDING']]);
});

test('a library that the runtime does not support fails', async () => {
  await emulated.ok('/2.0/libraries/install', {
    cluster_id: clusterId,
    libraries: [{ jar: 'dbfs:/jars/a.jar' }],
  });

  emulated.pass(3);

  expect(await statuses()).toEqual([[{ jar: 'dbfs:/jars/a.jar' }, 'FAILED']]);
});

test('all statuses come in one answer, without the clusters that have none', async () => {
  await emulated.ok('/2.1/clusters/create', spec);
  await emulated.ok('/2.0/libraries/install', { cluster_id: clusterId, libraries: [pypi] });

  const all = await emulated.ok('/2.0/libraries/all-cluster-statuses');

  expect(all['statuses']).toEqual([
    {
      cluster_id: clusterId,
      library_statuses: [expect.objectContaining({ library: pypi, status: 'PENDING' })],
    },
  ]);
});

test.each([
  { name: 'of no kind', libraries: [{}] },
  { name: 'of two kinds', libraries: [{ ...pypi, ...maven }] },
  { name: 'without a package', libraries: [{ pypi: {} }] },
])('refuses a library $name', async ({ libraries }) => {
  const reply = await emulated.post('/2.0/libraries/install', { cluster_id: clusterId, libraries });

  expect(reply).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
});

test('a cluster that is gone has no libraries to show', async () => {
  const reply = await emulated.get('/2.0/libraries/cluster-status?cluster_id=none');

  expect(reply.body).toMatchObject({
    error_code: 'INVALID_PARAMETER_VALUE',
    message: 'Cluster none does not exist',
  });
});

import { type MountsArea } from '../../local/workspace/mounts';
import { base64, openWorkspace, type TestWorkspace } from '../support/emulated-workspace';

type Json = Readonly<Record<string, unknown>>;

const new_cluster = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
const discovery =
  'dbutils.notebook.exit(json.dumps([[m.mountPoint, m.source] for m in dbutils.fs.mounts()]))';
let emulated: TestWorkspace;

beforeEach(async () => {
  emulated = await openWorkspace();
});
afterEach(() => emulated.workspace.close());

/** The numbers of a run and of its one task, after the run. */
async function run(text: string): Promise<{ run_id: number; task: number; state: Json }> {
  const content = base64(`# Databricks notebook source\nimport json\n${text}\n`);
  const path = '/Shared/notebook';
  await emulated.send('POST', '/api/2.0/workspace/import', {
    path,
    format: 'SOURCE',
    language: 'PYTHON',
    overwrite: true,
    content,
  });
  const tasks = [{ task_key: 'only', new_cluster, notebook_task: { notebook_path: path } }];
  const { json } = await emulated.send('POST', '/api/2.2/jobs/runs/submit', { run_name: 'once', tasks });
  const { run_id } = json as { run_id: number };
  for (let second = 0; second < 5; second++) {
    emulated.clock.nowMs += 1_000;
    emulated.workspace.tick();
  }
  const details = (await emulated.send('GET', `/api/2.2/jobs/runs/get?run_id=${run_id}`)).json as {
    state: Json;
    tasks: { run_id: number }[];
  };
  return { run_id, task: details.tasks[0]!.run_id, state: details.state };
}

async function output(runId: number): Promise<Json> {
  return (await emulated.send('GET', `/api/2.2/jobs/runs/get-output?run_id=${runId}`)).json as Json;
}

async function resultOf(text: string): Promise<unknown> {
  const answer = await output((await run(text)).task);
  return (answer['notebook_output'] as Json | undefined)?.['result'] ?? answer['error'];
}

function mounts(): MountsArea {
  return emulated.workspace.core.area<MountsArea>('mounts');
}

test('a submitted notebook tells what is mounted, and its cluster is gone afterwards', async () => {
  await fetch(`${emulated.workspace.url}/local/mounts`, {
    method: 'POST',
    body: JSON.stringify({ mountPoint: '/mnt/a', source: 'abfss://a@lake.dfs.core.windows.net/' }),
  });

  const result = JSON.parse((await resultOf(discovery)) as string) as unknown;

  expect(result).toContainEqual(['/mnt/a', 'abfss://a@lake.dfs.core.windows.net/']);
  expect(result).toContainEqual(['/', 'DatabricksRoot']);
  const { json } = await emulated.send('GET', '/api/2.1/clusters/list');
  expect((json as { clusters: Json[] }).clusters.map(({ state }) => state)).toEqual(['TERMINATED']);
});

test('output is that of a task, not of the whole run', async () => {
  const { run_id } = await run(discovery);

  const { status, json } = await emulated.send('GET', `/api/2.2/jobs/runs/get-output?run_id=${run_id}`);

  expect([status, (json as Json)['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
});

test('a notebook mounts storage with a secret of a scope', async () => {
  await emulated.send('POST', '/api/2.0/secrets/scopes/create', { scope: 'lake' });
  await emulated.send('POST', '/api/2.0/secrets/put', { scope: 'lake', key: 'key', string_value: 's3cret' });

  await resultOf(
    'dbutils.fs.mount(source = "wasbs://a@lake.blob.core.windows.net", mount_point = "/mnt/a", extra_configs = {\n  "fs.azure.account.key": dbutils.secrets.get(scope = "lake", key = "key")})',
  );

  expect(mounts().find('/mnt/a')).toMatchObject({
    source: 'wasbs://a@lake.blob.core.windows.net',
    configs: { 'fs.azure.account.key': 's3cret' },
  });
});

test.each([
  ['a mount point that is taken', 'dbutils.fs.mount("abfss://b", "/mnt/a")', /Directory already mounted/],
  ['an update of what is not mounted', 'dbutils.fs.updateMount("abfss://b", "/mnt/b")', /not mounted/],
  ['an unknown scope', 'dbutils.notebook.exit(dbutils.secrets.get("none", "key"))', /does not exist/],
  ['an unknown name', 'dbutils.notebook.exit(nothing)', /NameError/],
  ['an error of syntax', 'dbutils.notebook.exit(', /SyntaxError/],
])('%s fails the run, and its output says why', async (_what, text, error) => {
  mounts().add({ mountPoint: '/mnt/a', source: 'abfss://a', encryptionType: '', configs: {} });

  const { task, state } = await run(text);

  expect(state['result_state']).toBe('FAILED');
  expect((await output(task))['error']).toMatch(error);
});

test('an update changes a mount, a removal takes it away', async () => {
  mounts().add({ mountPoint: '/mnt/a', source: 'abfss://a', encryptionType: '', configs: {} });

  await resultOf('dbutils.fs.updateMount(source = "abfss://b", mount_point = "/mnt/a")');
  const updated = mounts().find('/mnt/a')?.source;
  await resultOf('dbutils.fs.unmount("/mnt/a")');

  expect([updated, mounts().find('/mnt/a')]).toEqual(['abfss://b', undefined]);
});

test('names, comparisons and choices count as in Python, and nothing runs after the exit', async () => {
  const text = [
    'here = [m.source for m in dbutils.fs.mounts() if m.mountPoint == "/"]',
    'said = "same" if here == ["DatabricksRoot"] else dbutils.fs.mount("abfss://x", "/")',
    'dbutils.notebook.exit(json.dumps({"said": said, "more": [1, True, None]}))',
    'dbutils.fs.mount("abfss://x", "/mnt/late")',
  ].join('\n');

  expect(await resultOf(text)).toBe('{"said":"same","more":[1,true,null]}');
  expect(mounts().find('/mnt/late')).toBeUndefined();
});

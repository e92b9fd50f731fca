import { randomBytes } from 'node:crypto';
import type { Report } from '../../shared/domain/report';
import { readReport } from '../../shared/storage/runs';
import { base64 } from '../support/emulated-workspace';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';

type Side = 'primary' | 'secondary';
type Scripts = { scripts: { script_id: string; name: string; enabled: boolean }[] };
const root = '/api/2.0/global-init-scripts';
const dayMs = 24 * 3600 * 1000;
const jar = '/FileStore/jars/big.jar';
const legacy = 'dbfs:/databricks/init/etl/old.sh';

describe('files on DBFS and init scripts', () => {
  let rig: Rig;
  beforeAll(async () => {
    let now = (): number => 0;
    rig = await makeRig({
      blobs: makeMemoryBlobs(() => now()),
      virtualTime: true,
      pair: { dbfs: { maxFileMb: 3 } },
    });
    now = rig.clock.now;
    put('/FileStore/jars/small.jar', Buffer.from('small'));
    put('/databricks/init/etl/old.sh', Buffer.from('#!/bin/sh\n'));
    put('/databricks/scripts/setup.sh', Buffer.from('#!/bin/sh\n'));
    stream(jar, randomBytes(2_000_000));
    stream('/FileStore/jars/huge.jar', Buffer.alloc(3 * 1024 ** 2 + 1));
    for (const name of ['first', 'second', 'off', 'third']) {
      const script = { name, script: base64(`echo ${name}`), enabled: name !== 'off' };
      rig.primary.call('POST', root, script);
    }
    rig.primary.call('POST', '/api/2.2/jobs/create', {
      name: 'nightly',
      schedule: { quartz_cron_expression: '0 0 2 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' },
      tags: { 'dr-tier': '0' },
      tasks: [{ task_key: 'a', notebook_task: { notebook_path: '/Shared/a' }, environment_key: 'x' }],
    });
  }, 60_000);
  afterAll(() => rig.close());

  function put(path: string, bytes: Buffer, side: Side = 'primary'): void {
    const body = { path, contents: bytes.toString('base64'), overwrite: true };
    rig[side].call('POST', '/api/2.0/dbfs/put', body);
  }
  function stream(path: string, bytes: Buffer): void {
    const dbfs = '/api/2.0/dbfs';
    const { json } = rig.primary.call('POST', `${dbfs}/create`, { path, overwrite: true });
    const { handle } = json as { handle: number };
    for (let at = 0; at < bytes.length; at += 700_000) {
      const data = bytes.subarray(at, at + 700_000).toString('base64');
      rig.primary.call('POST', `${dbfs}/add-block`, { handle, data });
    }
    rig.primary.call('POST', `${dbfs}/close`, { handle });
  }
  function contentOf(side: Side, path: string): Buffer {
    const blocks: Buffer[] = [];
    for (let offset = 0; ; offset += 1024 ** 2) {
      const query = `path=${encodeURIComponent(path)}&offset=${offset}&length=${1024 ** 2}`;
      const { data } = rig[side].call('GET', `/api/2.0/dbfs/read?${query}`).json as { data: string };
      blocks.push(Buffer.from(data, 'base64'));
      if (data === '') return Buffer.concat(blocks);
    }
  }
  const scripts = (side: Side) => (rig[side].call('GET', root).json as Scripts).scripts;
  const enabled = (side: Side) => scripts(side).flatMap((one) => (one.enabled ? [one.name] : []));
  async function refresh(): Promise<{ report: Report; writes: string[] }> {
    const seq = rig.secondary.requests.lastSeq();
    const { runId } = await rig.run('refresh');
    const writes = rig.secondary.requests.mutatingSince(seq);
    const report = (await readReport(rig.runtime.state, runId)) as Report;
    return { report, writes: writes.map(({ method, path }) => `${method} ${path.replace('/api/2.0', '')}`) };
  }
  const outcomeOf = ({ outcomes }: Report, key: string) => outcomes.find((one) => one.key === key);
  function restoredIn({ steps }: Report, step: string): number | undefined {
    return steps.find((one) => one.step === step)?.counts.restored;
  }

  it('are brought over byte for byte, the scripts in their order and disabled', async () => {
    const waits = { method: 'POST', path: root, kind: 'status', status: 429 } as const;
    rig.secondary.faults.add({ ...waits, times: 2 });
    rig.secondary.faults.add({ ...waits, after: 4, times: 1 });

    const { report } = await refresh();

    expect(contentOf('secondary', jar).equals(contentOf('primary', jar))).toBe(true);
    expect(contentOf('secondary', '/databricks/init/etl/old.sh').toString()).toBe('#!/bin/sh\n');
    expect(scripts('secondary').map(({ name }) => name)).toEqual(['first', 'second', 'off', 'third']);
    expect(enabled('secondary')).toEqual([]);
    expect(restoredIn(report, 'libraries')).toBe(2);
    expect(restoredIn(report, 'initScripts')).toBe(6);
    expect(outcomeOf(report, 'dbfs-file/dbfs:/FileStore/jars/huge.jar')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringContaining('dbfs.maxFileMb (3)') as unknown,
    });
  });

  it('cause no call when nothing has changed; that a legacy script runs no more is told again', async () => {
    const { report, writes } = await refresh();

    expect(writes).toEqual([]);
    expect(outcomeOf(report, `dbfs-file/${legacy}`)).toMatchObject({
      outcome: 'unchanged',
      warnings: [expect.stringContaining('runs on no present runtime')],
    });
  });

  it('are streamed anew when the answer to a block is lost: nobody finds half a file', async () => {
    stream(jar, randomBytes(2_500_000));
    rig.secondary.faults.add({ path: '/api/2.0/dbfs/add-block', after: 1, times: 1, kind: 'lostAnswer' });

    const { report, writes } = await refresh();
    rig.secondary.faults.clear();

    expect(contentOf('secondary', jar).equals(contentOf('primary', jar))).toBe(true);
    expect(outcomeOf(report, `dbfs-file/dbfs:${jar}`)?.outcome).toBe('restored');
    expect(writes.filter((one) => one === 'POST /dbfs/create')).toHaveLength(2);
    expect(writes.filter((one) => one === 'POST /dbfs/add-block')).toHaveLength(2 + 4);
    expect(writes.slice(-2)).toEqual(['POST /dbfs/delete', 'POST /dbfs/move']);
  });

  it('that were changed on both sides are a conflict, and stay as they are', async () => {
    put('/FileStore/jars/small.jar', Buffer.from('new at the source'));
    put('/FileStore/jars/small.jar', Buffer.from('new at the target'), 'secondary');

    const { report } = await refresh();

    expect(outcomeOf(report, 'dbfs-file/dbfs:/FileStore/jars/small.jar')?.outcome).toBe('conflict');
    expect(contentOf('secondary', '/FileStore/jars/small.jar').toString()).toBe('new at the target');
    put('/FileStore/jars/small.jar', Buffer.from('new at the source'), 'secondary');
  });

  it('keep their pieces when retention removes what nothing refers to', async () => {
    await rig.clock.sleep(10 * dayMs);
    await rig.run('retention');
    rig.secondary.call('POST', '/api/2.0/dbfs/delete', { path: jar });

    await refresh();

    expect(contentOf('secondary', jar).equals(contentOf('primary', jar))).toBe(true);
  });

  it('are enabled at cutover, exactly those that were, before anything is woken that starts a cluster', async () => {
    const seq = rig.secondary.requests.lastSeq();
    const { status } = await rig.run('failover');
    const woken = rig.secondary.requests.mutatingSince(seq).map(({ path }) => path);

    expect(status).toBe('succeeded');
    expect(enabled('secondary')).toEqual(['first', 'second', 'third']);
    expect(enabled('primary')).toEqual([]);
    expect(woken.findLastIndex((path) => path.startsWith(root))).toBeLessThan(
      woken.indexOf('/api/2.2/jobs/update'),
    );
  });
});

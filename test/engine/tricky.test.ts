import { trickyExceptions } from '../../local/estate/tricky/exceptions';
import { oddNames } from '../../local/estate/tricky/names';
import { fillTrickyEstate, trickyParts } from '../../local/estate/tricky/tricky-estate';
import type { Clusters } from '../../local/workspace/clusters';
import type { Resource } from '../../local/workspace/scim-store';
import type { TreeNode } from '../../local/workspace/tree-store';
import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { TreeArea } from '../../local/workspace/workspace-tree';
import type { Report } from '../../shared/domain/report';
import type { RunKind, RunSummary } from '../../shared/domain/run';
import { readReport } from '../../shared/storage/runs';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type RigOptions } from '../support/rig';

interface Told {
  readonly summary: RunSummary;
  readonly report: Report;
  /** `blocked: needs …` by key, of what did not arrive. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Paths of what was written to the secondary. */
  readonly written: readonly string[];
}

function openRig(options: Pick<RigOptions, 'around'> = {}): Promise<Rig> {
  const rewrite = { owners: { fallback: 'admin@example.com' } };
  return makeRig({ blobs: makeMemoryBlobs(), virtualTime: true, pair: { rewrite }, ...options });
}

async function tell(rig: Rig, kind: RunKind): Promise<Told> {
  const seq = rig.secondary.requests.lastSeq();
  const exceptions = trickyExceptions(rig.primary, '2099-01-01');
  const summary = await rig.run(kind, { pair: { exceptions } });
  const report = (await readReport(rig.runtime.state, summary.runId)) as Report;
  const bad = report.outcomes.filter(({ outcome }) => outcome !== 'restored' && outcome !== 'unchanged');
  const reasons = new Map(bad.map(({ key, outcome, reason }) => [key as string, `${outcome}: ${reason}`]));
  const written = rig.secondary.requests.mutatingSince(seq).map(({ path }) => path);
  return { summary, report, reasons, written };
}

/** What lies in the tree of a workspace: type and content by path. */
function contentOf({ core }: EmulatedWorkspace): Map<string, string> {
  const { tree } = core.area<TreeArea>('workspace-tree');
  const found = new Map<string, string>();
  const visit = (node: TreeNode): void => {
    const { type, language = '' } = node;
    found.set(tree.pathOf(node), `${type} ${language} ${tree.bodyOf(node).toString('base64')}`);
    tree.childrenOf(node).forEach(visit);
  };
  visit(tree.root);
  return found;
}

function jobNamed({ primary }: Rig, name: string): string {
  const { jobs } = primary.call('GET', '/api/2.2/jobs/list?limit=100').json as {
    jobs: { job_id: number; settings: { name: string } }[];
  };
  return `job/${jobs.find(({ settings }) => settings.name === name)?.job_id ?? 'none'}`;
}

describe('the tricky estate', () => {
  let rig: Rig;
  let refresh: Told;
  beforeAll(async () => {
    rig = await openRig();
    const { bigNotebooks: _slow, ...parts } = trickyParts;
    fillTrickyEstate(rig.primary, rig.secondary, [
      ...(Object.keys(parts) as (keyof typeof parts)[]),
      'libraries',
    ]);
    refresh = await tell(rig, 'refresh');
  }, 60_000);
  afterAll(() => rig.close());

  it('arrives but for what its owner has written down', () => {
    const { summary, reasons } = refresh;
    const { total, ...outcomes } = summary.counts;

    expect(summary).toMatchObject({ status: 'succeeded', counts: { failed: 0, conflict: 3 } });
    expect(Object.values(outcomes).reduce((sum, value) => sum + value)).toBe(total);
    for (const [key, reason] of reasons)
      expect(`${key} ${reason}`).toMatch(/(skipped|blocked|conflict): \S+ \S+/);
    const open = [...reasons].filter(([, reason]) => !reason.startsWith('skipped')).map(([key]) => key);
    const known = trickyExceptions(rig.primary, '2099-01-01').map(({ match }) => match);
    expect(open.sort()).toEqual(known.sort());
  });

  it('has the same names and bytes on both sides', () => {
    const [here, there] = [contentOf(rig.primary), contentOf(rig.secondary)];
    const notThere = [...here].filter(([path, content]) => there.get(path) !== content).map(([path]) => path);

    expect(notThere.sort()).toEqual([
      '/Shared/also there/another',
      '/Shared/also there/clash',
      '/Shared/also there/clash/inside',
      '/Shared/shapes/legacy library',
    ]);
    for (const name of oddNames) expect(there.has(`/Shared/odd names/${name}/${name}`)).toBe(true);
  });

  it('is no reason to write anything at the next refresh', async () => {
    const { summary, written } = await tell(rig, 'refresh');

    expect(summary.status).toBe('succeeded');
    expect(written).toEqual([]);
  });

  it('has every cluster though there is no pin left for three of them', () => {
    const clusters = rig.secondary.core.area<Clusters>('clusters').all();
    const warned = refresh.report.outcomes.flatMap(({ warnings = [] }) => warnings);

    expect(clusters.filter(({ spec }) => String(spec['cluster_name']).startsWith('pinned '))).toHaveLength(
      100,
    );
    expect(clusters.filter(({ pinnedBy }) => pinnedBy !== undefined)).toHaveLength(100);
    expect(warned.filter((warning) => warning.startsWith('not pinned: '))).toHaveLength(3);
  });

  it('makes its copies beside what others have there under the same names', () => {
    const clusters = rig.secondary.core.area<Clusters>('clusters').all();
    const tags = clusters
      .filter(({ spec }) => spec['cluster_name'] === 'the cluster')
      .map(({ spec }) => spec['custom_tags']);

    expect(tags).toEqual([
      { whose: 'theirs' },
      { whose: 'ours', dr_source_id: expect.any(String) as string },
    ]);
  });

  it('blocks what needs something that is not there, and readiness says so to the end of the chain', () => {
    const [orphan, behind, last] = ['on a deleted cluster', 'runs an orphan', 'runs what runs an orphan'].map(
      (name) => jobNamed(rig, name),
    );
    const pooled = jobNamed(rig, 'on a cluster on the pool');
    const { reasons, report } = refresh;
    const readiness = new Map(report.readiness.jobs.map(({ key, reasons: why }) => [key as string, why]));

    expect(reasons.get(last ?? '')).toMatch(
      new RegExp(`^blocked: needs ${behind}, which needs ${orphan}, which needs cluster/\\S+: the snapshot`),
    );
    expect(readiness.get(last ?? '')?.[0]).toMatch(
      new RegExp(`^needs ${behind}, which needs ${orphan}, which needs cluster/\\S+: missing$`),
    );
    expect(reasons.get(pooled)).toMatch(/needs cluster\/\S+, which needs instance-pool\/\S+: conflict: /);
    expect(readiness.get(pooled)?.[0]).toMatch(
      /^needs cluster\/\S+, which needs instance-pool\/\S+: conflict$/,
    );
  });

  it('wakes exactly what was awake, and says why the rest sleeps', async () => {
    const { summary, report } = await tell(rig, 'failover');

    const { wake } = report;
    const asleep = new Map(wake.asleep.map(({ name, reason }) => [name, reason]));
    expect(summary.status).toBe('succeeded');
    expect(wake.woken.map(({ name }) => name)).toContain('a list: one of two awake');
    expect(wake.woken.some(({ name }) => name.endsWith(': asleep'))).toBe(false);
    expect(wake.woken.length + wake.asleep.length).toBe(wake.awakeBefore);
    expect([...asleep.keys()].sort()).toEqual(['managed by a bundle', 'on a deleted cluster']);
    expect(asleep.get('managed by a bundle')).toBe('stays asleep: managed by an asset bundle: deploy it');
    expect(report.manualSteps.join('\n')).toContain('managed by an asset bundle');
  });
});

describe('notebooks at the limit of what the platform gives', () => {
  let rig: Rig;
  let refresh: Told;
  beforeAll(async () => {
    rig = await openRig();
    fillTrickyEstate(rig.primary, rig.secondary, ['bigNotebooks']);
    refresh = await tell(rig, 'refresh');
  }, 60_000);
  afterAll(() => rig.close());

  it('are skipped from a byte more on, and say so', () => {
    expect(refresh.summary).toMatchObject({ status: 'succeeded', counts: { failed: 0, blocked: 0 } });
    expect([...refresh.reasons]).toEqual([
      ['notebook//Shared/big/a byte too much', expect.stringMatching(/^skipped: .* than 10 MB: split it$/)],
      ['workspace-file//Shared/big/a byte too much.bin', expect.stringMatching(/^skipped: .* copy it/)],
      ['permission/notebook:/Shared/big/a byte too much', expect.stringContaining('is not carried')],
      ['permission/workspace-file:/Shared/big/a byte too much.bin', expect.stringContaining('not carried')],
    ]);
  });

  it.each(['just fits', 'fits as Jupyter'])('arrive byte for byte: %s', (name) => {
    const [here, there] = [rig.primary, rig.secondary].map(({ core }) => {
      const { tree } = core.area<TreeArea>('workspace-tree');
      return tree.bodyOf(tree.get(`/Shared/big/${name}`));
    });

    expect(here?.length).toBeGreaterThanOrEqual(10_485_760);
    expect(there?.equals(here ?? Buffer.alloc(0))).toBe(true);
  });
});

describe('a notebook that comes to the path of a folder after the plan', () => {
  it('is not taken for the folder', async () => {
    let rig: Rig | undefined = undefined;
    const path = '/Shared/late';
    const around: RigOptions['around'] = (name, run) => {
      if (name === 'restoreItem' && !contentOf(rig!.secondary).has(path))
        rig!.secondary.call('POST', '/api/2.0/workspace/import', { path, language: 'SQL', content: '' });
      return run();
    };
    rig = await openRig({ around });
    rig.primary.call('POST', '/api/2.0/workspace/mkdirs', { path });

    const { reasons } = await tell(rig, 'refresh');
    await rig.close();

    expect(reasons.get(`directory/${path}`)).toMatch(/^conflict: .*rename or link it$/);
  });
});

describe('groups that are members of each other', () => {
  it('are blocked with the circle, whatever the platform should have refused', async () => {
    const rig = await openRig();
    const make = (displayName: string, members: object[] = []): string =>
      (
        rig.primary.call('POST', '/api/2.0/preview/scim/v2/Groups', { displayName, members }).json as {
          id: string;
        }
      ).id;
    const inner = make('inner');
    const outer = make('outer', [{ value: inner }]);
    const { Groups } = rig.primary.core.section<{ Groups: Record<string, Resource> }>('scim', () => {
      throw new Error('no groups');
    });
    Groups[inner]!['members'] = [{ value: outer }];

    const { reasons } = await tell(rig, 'refresh');
    await rig.close();

    expect(reasons.get(`group/${inner}`)).toMatch(
      /^blocked: it is part of a cycle: group\/\d+ -> group\/\d+ -> /,
    );
    expect(reasons.get(`group/${outer}`)).toContain('blocked: it is part of a cycle');
  });
});

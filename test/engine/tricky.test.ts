import { trickyExceptions } from '../../local/estate/tricky/exceptions';
import { oddNames } from '../../local/estate/tricky/names';
import { trickyPair } from '../../local/estate/tricky/pair';
import { fillTrickyEstate, trickyParts } from '../../local/estate/tricky/tricky-estate';
import type { Clusters } from '../../local/workspace/clusters';
import type { MountsArea } from '../../local/workspace/mounts';
import type { SecretScope } from '../../local/workspace/secret-store';
import type { SecretsArea } from '../../local/workspace/secrets';
import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Rig } from '../support/rig';
import { contentOf, openRig, tell, type Told } from '../support/tricky';

/** What lies in a git folder comes with it, or not at all. */
function inGit(name: string): string[] {
  return ['', '/README.md', '/main'].map((below) => `/Shared/odd git/${name}${below}`);
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
    rig = await openRig({ pair: trickyPair });
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
      ...inGit('at a tag'),
      ...inGit('private'),
      ...['dbalert.json', 'dbquery.ipynb', 'lvdash.json'].map(
        (end) => `/Shared/odd sql/on a warehouse gone.${end}`,
      ),
      '/Shared/shapes/legacy library',
    ]);
    for (const name of oddNames) expect(there.has(`/Shared/odd names/${name}/${name}`)).toBe(true);
  });

  it('has the same files on DBFS but for one that is too large', () => {
    const filesOf = ({ core }: EmulatedWorkspace): Record<string, Buffer> =>
      core.section<{ contents: Record<string, Buffer> }>('dbfs', () => ({ contents: {} })).contents;
    const [here, there] = [filesOf(rig.primary), filesOf(rig.secondary)];
    const notThere = Object.entries(here).filter(([path, content]) => there[path]?.equals(content) !== true);

    expect(notThere.map(([path]) => path)).toEqual(['/FileStore/jars/odd/sizes/too large.jar']);
    expect(Object.keys(here)).toHaveLength(Object.keys(there).length + 1);
  });

  it('has the same secrets, and nobody has a grant who is not there', () => {
    const scopesOf = ({ core }: EmulatedWorkspace) =>
      new Map(core.area<SecretsArea>('secrets').store.scopes.map((scope) => [scope.name, scope]));
    const valuesOf = (scope: SecretScope | undefined) =>
      scope?.secrets.map(({ key, value }) => `${key} ${value}`);
    const [here, there] = [scopesOf(rig.primary), scopesOf(rig.secondary)];

    for (const [name, scope] of here)
      if (name !== 'vault') expect(valuesOf(there.get(name))?.sort()).toEqual(valuesOf(scope)?.sort());
    expect([...here.keys()].filter((name) => !there.has(name))).toEqual(['vault']);
    expect(
      there
        .get('Case')
        ?.acls.map(({ principal }) => principal)
        .sort(),
    ).toEqual(['data "eng" / 🚀', 'keeper@contoso.com']);
  });

  it('has its init scripts in their order before those of the target, and its mounts', () => {
    const { scripts } = rig.secondary.call('GET', '/api/2.0/global-init-scripts').json as {
      scripts: { name: string; enabled: boolean }[];
    };
    const mounted = rig.secondary.core
      .area<MountsArea>('mounts')
      .all()
      .map(({ mountPoint, source }) => `${mountPoint} ${source}`);

    expect(scripts.map(({ name, enabled }) => `${name}${enabled ? ' on' : ''}`)).toEqual([
      '  proxy #1 / "é" 🚀\t',
      '100%2F',
      'empty but for a line',
      'last',
      'of that region',
    ]);
    const ours = mounted.filter((one) => one.includes('lakecentralus'));
    expect(ours.map((one) => one.slice(0, one.indexOf(' abfss:'))).sort()).toEqual([
      "/mnt/it's/deep",
      '/mnt/lake',
      '/mnt/odd ü #? 100%2F',
    ]);
  });

  it('says what to do about what the target refuses', () => {
    const text = [...refresh.reasons.values()].join('\n');

    expect(text).toMatch(
      /the list blocks the app too would lock out the app: .*; take the address of the app off it/,
    );
    expect(text).toContain('give the identity of the app git credentials for gitHub in this workspace');
    expect(text).toContain('no rule of `rewrite` says what takes the place of /subscriptions/');
  });

  it('is no reason to write anything at the next refresh but what the target refuses', async () => {
    const { summary, written, refused } = await tell(rig, 'refresh');

    expect(summary.status).toBe('succeeded');
    expect(written).toEqual([]);
    expect([...refused].sort()).toEqual(['/api/2.0/ip-access-lists', '/api/2.0/repos']);
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

    const { wake, fence } = report;
    const asleep = new Map(wake.asleep.map(({ name, reason }) => [name, reason]));
    expect(summary.status).toBe('succeeded');
    expect(wake.woken.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['a list: one of two awake', 'continuous, in development', 'last']),
    );
    expect(wake.woken.some(({ name }) => name.endsWith(': asleep'))).toBe(false);
    expect(wake.woken.length + wake.asleep.length).toBe(wake.awakeBefore);
    expect([...asleep.keys()].sort()).toEqual([
      '/Shared/odd sql/on a warehouse gone.dbalert.json',
      'managed by a bundle',
      'on a deleted cluster',
    ]);
    expect(fence.state).toBe('done');
    expect(asleep.get('managed by a bundle')).toBe('stays asleep: managed by an asset bundle: deploy it');
    expect(report.manualSteps.join('\n')).toContain('managed by an asset bundle');
  });
});

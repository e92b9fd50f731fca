import type { AssetKey } from '../../shared/domain/asset';
import { judgePreflight, type Finding } from '../../shared/domain/preflight';

const head = { pair: 'analytics', checkedAt: '2026-11-21T00:00:00.000Z', snapshot: 's1' };
const estate = {
  jobs: new Map<AssetKey, number | null>([
    ['job/first', 0],
    ['job/second', 1],
    ['job/last', null],
  ]),
  needs: new Map<AssetKey, AssetKey[]>([
    ['job/first', ['cluster/a']],
    ['job/second', ['cluster/b', 'job/first']],
    ['cluster/a', ['instance-pool/p']],
    ['cluster/b', []],
  ]),
};
const of = (light: Finding['light'], keys?: AssetKey[]): Finding => ({
  check: 'compute',
  light,
  what: `something ${light}`,
  ...(keys === undefined ? {} : { keys }),
});
const lightsOf = (findings: Finding[]) =>
  judgePreflight(head, findings, estate).tiers.map(({ tier, jobs, light }) => [tier, jobs, light]);

describe('the lights of a preflight', () => {
  it('are green where nothing was found, tier by tier, the jobs without a tier last', () => {
    expect(lightsOf([of('green')])).toEqual([
      [0, 1, 'green'],
      [1, 1, 'green'],
      [null, 1, 'green'],
    ]);
  });

  it('change for every tier with a job that needs what was found, however indirectly', () => {
    expect(lightsOf([of('red', ['instance-pool/p'])])).toEqual([
      [0, 1, 'red'],
      [1, 1, 'red'],
      [null, 1, 'green'],
    ]);
    expect(lightsOf([of('amber', ['cluster/b'])])).toEqual([
      [0, 1, 'green'],
      [1, 1, 'amber'],
      [null, 1, 'green'],
    ]);
  });

  it('change for all when the finding is about the pair', () => {
    expect(lightsOf([of('amber')]).map(([, , light]) => light)).toEqual(['amber', 'amber', 'amber']);
  });

  it('are those of the worst finding, which comes first', () => {
    const { light, checks } = judgePreflight(
      head,
      [of('green'), of('red', ['cluster/b']), of('amber')],
      estate,
    );

    expect(light).toBe('red');
    expect(checks.map((check) => check.light)).toEqual(['red', 'amber', 'green']);
    expect(checks[0]).toMatchObject({ keys: ['cluster/b'], keyCount: 1, tiers: [1] });
  });

  it('do not get lost in a circle', () => {
    const needs = new Map<AssetKey, AssetKey[]>([
      ['job/first', ['job/second']],
      ['job/second', ['job/first']],
    ]);
    const { tiers } = judgePreflight(head, [of('red', ['job/second'])], { ...estate, needs });

    expect(tiers.map(({ light }) => light)).toEqual(['red', 'red', 'green']);
  });
});

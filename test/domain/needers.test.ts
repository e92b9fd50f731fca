import type { AssetKey } from '../../shared/domain/asset';
import { jobsThatNeed } from '../../shared/domain/needers';

const pointsAt: Record<AssetKey, readonly AssetKey[]> = {
  'job/1': ['cluster/a', 'job/2'],
  'job/2': ['job/1', 'secret/etl/own'],
  'job/3': ['cluster/b'],
  'cluster/a': ['secret/etl/shared'],
};

test('the jobs that need something are found through everything in between, circles included', () => {
  const needers = jobsThatNeed(
    ['job/1', 'job/2', 'job/3'],
    (key) => (pointsAt[key] ?? []).map((to) => ({ key: to, at: 'x', by: 'name' as const })),
    (key) => key.startsWith('secret/'),
  );

  expect(needers).toEqual({ 'secret/etl/shared': ['job/1', 'job/2'], 'secret/etl/own': ['job/1', 'job/2'] });
});

import { checkStoredConfig } from '../../shared/config/check-config';

const context = { homeRegion: 'centralus', allowLoopback: false };
const valid = {
  name: 'analytics',
  primary: { region: 'eastus2', url: 'https://adb-1111111111111111.1.azuredatabricks.net' },
  secondary: { region: 'centralus', url: 'https://adb-2222222222222222.2.azuredatabricks.net' },
};

test('sets an invalid pair of a stored document apart and goes on with the others', () => {
  const stored = checkStoredConfig({ pairs: [{ name: 'old', extra: 1 }, valid] }, context);

  expect(stored.config.pairs.map(({ name }) => name)).toEqual(['analytics']);
  expect(stored.refused.map(({ name }) => name)).toEqual(['old']);
  expect(stored.refused[0]?.errors.map(({ path }) => path)).toEqual([
    'pairs[0].primary',
    'pairs[0].secondary',
    'pairs[0].extra',
  ]);
  expect(stored.errors).toEqual([]);
});

test('a document that is no configuration leaves nothing to use, and says why', () => {
  const stored = checkStoredConfig('analytics', context);

  expect(stored.config.pairs).toEqual([]);
  expect(stored.errors).toEqual([{ path: '$', message: 'must be an object' }]);
});

test('faults outside the pairs do not stop the pairs', () => {
  const stored = checkStoredConfig({ pairs: [valid], extra: true }, context);

  expect(stored.config.pairs).toHaveLength(1);
  expect(stored.errors.map(({ path }) => path)).toEqual(['extra']);
});

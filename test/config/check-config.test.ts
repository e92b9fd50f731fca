import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig } from '../../shared/config/check-config';

const root = join(__dirname, '..', '..');
const context = { homeRegion: 'centralus', allowLoopback: false };

interface Draft {
  [field: string]: unknown;
  name: string;
  primary: Record<string, unknown>;
  secondary: Record<string, unknown>;
}

function pairOf(name: string, n: number): Draft {
  const host = (id: number): string => `https://adb-${String(id).repeat(16)}.${id}.azuredatabricks.net`;
  return {
    name,
    primary: { region: 'eastus2', url: host(n) },
    secondary: { region: 'centralus', url: host(n + 1) },
  };
}

function errorsOf(document: unknown): Record<string, string> {
  return Object.fromEntries(
    checkConfig(document, context).errors.map(({ path, message }) => [path, message]),
  );
}

function withPair(change: (pair: Draft) => unknown): object {
  const pair = pairOf('analytics', 1);
  change(pair);
  return { pairs: [pair] };
}

test('fills a minimal pair with the documented defaults', () => {
  const { config, errors, warnings } = checkConfig({ pairs: [pairOf('analytics', 1)] }, context);

  expect(errors).toEqual([]);
  expect(warnings).toEqual([]);
  expect(config?.groups).toEqual([]);
  expect(config?.pairs[0]).toMatchObject({
    mode: 'protect',
    conflict: 'skip',
    primary: { auth: { kind: 'managedIdentity' } },
    alert: {
      mode: 'approve',
      services: ['Azure Databricks'],
      confirm: { failures: 5, of: 6, everySeconds: 30 },
    },
    approval: { required: true, approvers: 1, timeoutMinutes: 60, onTimeout: 'hold' },
    cutover: {
      fence: 'attempt',
      tierTag: 'dr-tier',
      requireRunnable: [],
      gates: [],
      drainMinutes: 10,
      wakePerMinute: 1800,
    },
    retireDays: 30,
    maxChange: 0.3,
    retention: { allDays: 14, dailyDays: 35, monthlyMonths: 12, runDays: 35 },
  });
});

test('accepts the sample without a warning', () => {
  const sample: unknown = JSON.parse(readFileSync(join(root, 'dr.config.sample.json'), 'utf8'));

  const { config, errors, warnings } = checkConfig(sample, context);

  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  expect(config?.pairs).toHaveLength(1);
});

test.each([
  { name: 'nothing', document: undefined, path: '$' },
  { name: 'no pairs', document: {}, path: 'pairs' },
  { name: 'an empty list of pairs', document: { pairs: [] }, path: 'pairs' },
  { name: 'a pair that is a text', document: { pairs: ['analytics'] }, path: 'pairs[0]' },
  {
    name: 'a name with capitals',
    document: withPair((p) => (p.name = 'Analytics')),
    path: 'pairs[0].name',
  },
  { name: 'a name of 25', document: withPair((p) => (p.name = 'a'.repeat(25))), path: 'pairs[0].name' },
  {
    name: 'a name that ends in a hyphen',
    document: withPair((p) => (p.name = 'a-')),
    path: 'pairs[0].name',
  },
  {
    name: 'no secondary',
    document: withPair((p) => Reflect.deleteProperty(p, 'secondary')),
    path: 'pairs[0].secondary',
  },
  { name: 'a wrong mode', document: withPair((p) => (p['mode'] = 'watch')), path: 'pairs[0].mode' },
  {
    name: 'an unknown kind of sign-in',
    document: withPair((p) => (p.primary['auth'] = { kind: 'token' })),
    path: 'pairs[0].primary.auth.kind',
  },
  {
    name: 'a vault sign-in without a secret',
    document: withPair((p) => (p.primary['auth'] = { kind: 'keyVault' })),
    path: 'pairs[0].primary.auth.secret',
  },
  {
    name: 'the app in the primary region, however written',
    document: withPair((p) => (p.primary['region'] = 'Central US')),
    path: 'pairs[0].primary.region',
  },
  {
    name: 'one region on both sides',
    document: withPair((p) => (p.secondary['region'] = 'East US 2')),
    path: 'pairs[0].secondary.region',
  },
  {
    name: 'one workspace on both sides',
    document: withPair((p) => (p.secondary['url'] = p.primary['url'])),
    path: 'pairs[0].secondary.url',
  },
  {
    name: 'more failures than probes',
    document: withPair((p) => (p['alert'] = { confirm: { failures: 7 } })),
    path: 'pairs[0].alert.confirm.failures',
  },
  {
    name: 'half a probe',
    document: withPair((p) => (p['alert'] = { confirm: { failures: 1.5 } })),
    path: 'pairs[0].alert.confirm.failures',
  },
  {
    name: 'a storage host that is no account name',
    document: withPair((p) => (p['rewrite'] = { storageHosts: { 'lake.blob': 'lakecentralus' } })),
    path: 'pairs[0].rewrite.storageHosts.lake.blob',
  },
  {
    name: 'a day that is none',
    document: withPair((p) => (p['exceptions'] = [{ match: 'job/1', expires: '2027-13-01' }])),
    path: 'pairs[0].exceptions[0].expires',
  },
  {
    name: 'a group of an unknown pair',
    document: { pairs: [pairOf('analytics', 1)], groups: [{ name: 'g', waves: [['analytics', 'sales']] }] },
    path: 'groups[0].waves[0][1]',
  },
  {
    name: 'a group that names a pair twice',
    document: {
      pairs: [pairOf('analytics', 1)],
      groups: [{ name: 'g', waves: [['analytics'], ['analytics']] }],
    },
    path: 'groups[0].waves[1][0]',
  },
])('refuses $name', ({ document, path }) => {
  const { config, errors } = checkConfig(document, context);

  expect(config).toBeUndefined();
  expect(errors.map((fault) => fault.path)).toContain(path);
});

test('lists every fault of a document at once, each with its path and a fix', () => {
  const bad = {
    pairs: [
      { ...pairOf('A', 1), prmary: {}, alert: { mode: 'sometimes' } },
      { name: 'sales', primary: { region: 'centralus', url: 'http://x' } },
    ],
    grops: [],
  };

  expect(errorsOf(bad)).toEqual({
    'pairs[0].name': expect.stringContaining('use lower-case letters'),
    'pairs[0].prmary': 'is unknown: did you mean primary?',
    'pairs[0].alert.mode': 'must be "off" or "notify" or "approve" or "auto"',
    'pairs[1].secondary': 'is missing: give an object',
    'pairs[1].primary.region': expect.stringContaining('Deploy the app in'),
    'pairs[1].primary.url': expect.stringContaining('write it as'),
    grops: 'is unknown: did you mean groups?',
  });
});

test('refuses two pairs of one name, and two that write to one workspace', () => {
  const again = { ...pairOf('analytics', 4), secondary: pairOf('x', 1).secondary };

  expect(Object.keys(errorsOf({ pairs: [pairOf('analytics', 1), again] }))).toEqual([
    'pairs[1].name',
    'pairs[1].secondary.url',
  ]);
});

test('refuses a secondary that is the primary of another pair', () => {
  const errors = errorsOf({ pairs: [pairOf('a', 1), pairOf('b', 2)] });

  expect(errors['pairs[1].primary.url']).toContain('secondary of pairs[0]');
});

test('warns about every field that does nothing yet', () => {
  const document = {
    ...withPair((pair) => {
      pair['notify'] = [{ kind: 'webhook', secret: 'url' }];
      pair['cutover'] = { gates: [{}], drainMinutes: 5 };
      pair['approval'] = { approvers: 2 };
      pair['rewrite'] = { urls: { 'https://a': 'https://b' } };
    }),
    groups: [{ name: 'east', waves: [['analytics']] }],
  };

  const { config, warnings } = checkConfig(document, context);

  expect(config).toBeDefined();
  expect(warnings.map(({ path }) => path)).toEqual([
    'pairs[0].rewrite.urls',
    'pairs[0].approval.approvers',
    'pairs[0].cutover.gates',
    'pairs[0].cutover.drainMinutes',
    'pairs[0].notify',
    'groups',
  ]);
});

test('warns when a rewrite cannot be turned round for the failback', () => {
  const document = withPair((pair) => (pair['rewrite'] = { nodeTypes: { a: 'c', b: 'c' } }));

  expect(checkConfig(document, context).warnings.map(({ path }) => path)).toEqual([
    'pairs[0].rewrite.nodeTypes',
  ]);
});

test('a hostile document neither passes nor pollutes prototypes', () => {
  const document: unknown = JSON.parse(
    '{"__proto__":{"polluted":1},"pairs":[{"__proto__":{"polluted":1},"name":"a"}]}',
  );

  expect(checkConfig(document, context).config).toBeUndefined();
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('accepts loopback workspaces only under the local host', () => {
  const document = withPair((pair) => (pair.primary['url'] = 'http://127.0.0.1:8080'));

  expect(checkConfig(document, context).errors.map(({ path }) => path)).toEqual(['pairs[0].primary.url']);
  expect(checkConfig(document, { ...context, allowLoopback: true }).errors).toEqual([]);
});

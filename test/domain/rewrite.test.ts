import { literalsIn, rewriteText, rulesFrom, rulesSha, type RewriteRules } from '../../shared/domain/rewrite';

const rules: RewriteRules = {
  storageHosts: { lakeeastus2: 'lakecentralus', raweast: 'rawcentral' },
  keyVaults: { 'kv-east': 'kv-central' },
  nodeTypes: { Standard_DS3_v2: 'Standard_D4s_v5' },
  urls: { 'https://api.east.contoso.com': 'https://api.central.contoso.com' },
  owners: { fallback: 'dr-admins@contoso.com' },
};

function rewritten(value: string): string {
  return rewriteText({ conf: { value } }, rules).body.conf.value;
}

test('leaves the names of secrets alone, also where they are called as an account is', () => {
  const text = '{{secrets/lakeeastus2/raweast}} of lakeeastus2, {{secrets/kv-east/a}}';

  expect(rewritten(text)).toBe('{{secrets/lakeeastus2/raweast}} of lakecentralus, {{secrets/kv-east/a}}');
  expect(literalsIn('{{secrets/lakeeastus2/raweast}}', rules)).toEqual([]);
  expect(rewriteText({ scope: 'raweast', key: 'lakeeastus2' }, rules).changes).toEqual([]);
});

test.each([
  ['abfss://raw@lakeeastus2.dfs.core.windows.net/x', 'abfss://raw@lakecentralus.dfs.core.windows.net/x'],
  ['https://lakeeastus2.blob.core.windows.net', 'https://lakecentralus.blob.core.windows.net'],
  ['lakeeastus2', 'lakecentralus'],
  ['lakeeastus2,raweast', 'lakecentralus,rawcentral'],
  ['{"account":"lakeeastus2"}', '{"account":"lakecentralus"}'],
  ['https://kv-east.vault.azure.net/secrets/a', 'https://kv-central.vault.azure.net/secrets/a'],
  [
    '/subscriptions/1/providers/Microsoft.KeyVault/vaults/kv-east',
    '/subscriptions/1/providers/Microsoft.KeyVault/vaults/kv-central',
  ],
  ['https://api.east.contoso.com/v1', 'https://api.central.contoso.com/v1'],
])('rewrites %s', (from, to) => {
  expect(rewritten(from)).toBe(to);
});

test.each([
  'abfss://raw@lakeeastus2archive.dfs.core.windows.net',
  'mylakeeastus2',
  'lakeeastus2-archive',
  'my_lakeeastus2',
  'LAKEEASTUS2',
  'kv-east',
  'my-kv-east.vault.azure.net',
  'https://api.east.contoso.com.evil.example',
  'https://api.east.contoso.community',
  'Standard_DS3_v2',
  '/mnt/lakeeastus2/raw',
  '/Users/a@contoso.com/lakeeastus2',
  'dbfs:/mnt/lakeeastus2',
])('leaves %s alone', (text) => {
  expect(rewritten(text)).toBe(text);
});

test('rewrites member names too: that is where Spark has storage accounts', () => {
  const body = {
    spark_conf: { 'fs.azure.account.key.lakeeastus2.dfs.core.windows.net': '{{secrets/lake/key}}' },
  };

  const { body: next, changes } = rewriteText(body, rules);

  expect(next).toEqual({
    spark_conf: { 'fs.azure.account.key.lakecentralus.dfs.core.windows.net': '{{secrets/lake/key}}' },
  });
  expect(changes).toHaveLength(1);
});

test('a renamed member never replaces another one', () => {
  const body = { conf: { lakeeastus2: 'a', lakecentralus: 'b' } };

  expect(rewriteText(body, rules)).toEqual({ body, changes: [] });
});

test('maps node types only where node types stand', () => {
  const body = {
    node_type_id: 'Standard_DS3_v2',
    job_clusters: [{ new_cluster: { driver_node_type_id: 'Standard_DS3_v2', comment: 'Standard_DS3_v2' } }],
  };

  const { body: next, changes } = rewriteText(body, rules);

  expect(next).toEqual({
    node_type_id: 'Standard_D4s_v5',
    job_clusters: [{ new_cluster: { driver_node_type_id: 'Standard_D4s_v5', comment: 'Standard_DS3_v2' } }],
  });
  expect(changes).toEqual([
    { path: 'node_type_id', from: 'Standard_DS3_v2', to: 'Standard_D4s_v5' },
    {
      path: 'job_clusters[0].new_cluster.driver_node_type_id',
      from: 'Standard_DS3_v2',
      to: 'Standard_D4s_v5',
    },
  ]);
});

test('never touches content, nor what the asset is found by', () => {
  const body = {
    name: 'lakeeastus2',
    path: 'lakeeastus2',
    content: 'lakeeastus2',
    tasks: [{ name: 'lakeeastus2' }],
  };

  expect(rewriteText(body, rules).body).toEqual({ ...body, tasks: [{ name: 'lakecentralus' }] });
});

test('gives the same body back when nothing changes, and leaves the given one alone when something does', () => {
  const plain = { a: 'b' };
  const body = { list: ['lakeeastus2', 1, null, true] };

  expect(rewriteText(plain, rules).body).toBe(plain);
  expect(rewriteText(body, rules).body).toEqual({ list: ['lakecentralus', 1, null, true] });
  expect(body.list[0]).toBe('lakeeastus2');
});

test('what one rule wrote is not read by another', () => {
  const swap: RewriteRules = { ...rules, storageHosts: { aaa: 'bbb', bbb: 'aaa' } };

  expect(rewriteText({ x: 'aaa bbb' }, swap).body).toEqual({ x: 'bbb aaa' });
});

test('rules turn round for a run from the secondary', () => {
  const body = { x: 'abfss://raw@lakeeastus2.dfs.core.windows.net', node_type_id: 'Standard_DS3_v2' };

  const there = rewriteText(body, rulesFrom(rules, 'primary')).body;

  expect(there).not.toEqual(body);
  expect(rewriteText(there, rulesFrom(rules, 'secondary')).body).toEqual(body);
});

test('finds what is left of the source region, paths and notebooks included', () => {
  const notebook = 'spark.read.load("abfss://raw@lakeeastus2.dfs.core.windows.net")\n%run /x/raweast';

  expect(literalsIn(notebook, rules)).toEqual(['lakeeastus2', 'raweast']);
  expect(literalsIn('lakeeastus2archive', rules)).toEqual([]);
});

test('the hash of the rules changes with any rule and not with their order', () => {
  const reordered = { ...rules, storageHosts: { raweast: 'rawcentral', lakeeastus2: 'lakecentralus' } };

  expect(rulesSha(reordered)).toBe(rulesSha(rules));
  expect(rulesSha({ ...rules, owners: {} })).not.toBe(rulesSha(rules));
});

test('names with special characters are taken literally', () => {
  const odd: RewriteRules = { ...rules, urls: { 'https://a.b/(x)?y=[1]': 'https://c' } };

  expect(rewriteText({ x: 'https://a.b/(x)?y=[1]' }, odd).body).toEqual({ x: 'https://c' });
  expect(rewriteText({ x: 'https://aXb/(x)?y=[1]' }, odd).changes).toEqual([]);
});

import { metastoresIn, metastoresInScript } from '../../shared/domain/external-metastore';

const asset = { key: 'cluster/c', name: 'shared' } as const;
const none = { storageHosts: {}, keyVaults: {}, nodeTypes: {}, urls: {}, owners: {} };
const source = {
  rules: { ...none, urls: { 'hms-eastus2.database.windows.net': 'hms-centralus.database.windows.net' } },
  region: 'eastus2',
};
const url = (host: string): string => `jdbc:sqlserver://${host}:1433;database=hive`;
const connection = 'spark.hadoop.javax.jdo.option.ConnectionURL';

describe('the settings of an external Hive metastore', () => {
  it('are found in spark_conf, as they are after rewriting', () => {
    const body = {
      spark_conf: {
        'spark.sql.hive.metastore.version': '3.1.0',
        [connection]: url('hms-eastus2.database.windows.net'),
        'spark.speculation': 'true',
      },
    };

    expect(metastoresIn(asset, body, source)).toEqual([
      {
        ...asset,
        at: 'spark_conf.spark.sql.hive.metastore.version',
        setting: 'spark.sql.hive.metastore.version',
        value: '3.1.0',
        changed: false,
        left: [],
      },
      {
        ...asset,
        at: `spark_conf.${connection}`,
        setting: connection,
        value: url('hms-centralus.database.windows.net'),
        changed: true,
        left: [],
      },
    ]);
  });

  it('are found in job clusters and in the rules of policies', () => {
    const conf = { [connection]: url('x') };
    const job = { job_clusters: [{ new_cluster: { spark_conf: conf } }] };
    const rules = { [`spark_conf.${connection}`]: { type: 'fixed', value: url('y') } };
    const policy = { definition: JSON.stringify(rules) };

    expect(metastoresIn(asset, job, source)).toMatchObject([
      { at: `job_clusters[0].new_cluster.spark_conf.${connection}`, setting: connection, value: url('x') },
    ]);
    expect(metastoresIn(asset, policy, source)).toMatchObject([
      { at: `definition.spark_conf.${connection}`, setting: connection, value: url('y') },
    ]);
  });

  it.each([
    ['a host in the region', 'other-eastus2.database.windows.net', ['eastus2']],
    ['a host in a region of a longer name', 'other-eastus23.database.windows.net', []],
    ['a host elsewhere', 'hms.contoso.com', []],
  ])('name what is left of the source region: %s', (_what, host, left) => {
    const [found] = metastoresIn(asset, { spark_conf: { [connection]: url(host) } }, source);

    expect(found?.left).toEqual(left);
  });

  it.each([
    ['hunter2', '[redacted]'],
    ['{{secrets/hive/password}}', '{{secrets/hive/password}}'],
  ])('never show a password: %s', (value, shown) => {
    const body = { spark_conf: { 'spark.hadoop.javax.jdo.option.ConnectionPassword': value } };

    expect(metastoresIn(asset, body, source)[0]?.value).toBe(shown);
  });

  it('are found in init scripts, which arrive as they are', () => {
    const text = [
      '#!/bin/sh',
      'cat > /databricks/driver/conf/00-hms.conf <<EOF',
      `  "${connection}" = "${url('hms-eastus2.database.windows.net')}"`,
      '  "spark.hadoop.javax.jdo.option.ConnectionPassword" = "hunter2"',
      'EOF',
    ].join('\n');

    expect(metastoresInScript(asset, text, source)).toMatchObject([
      {
        at: 'line 3',
        setting: connection,
        changed: false,
        left: ['hms-eastus2.database.windows.net', 'eastus2'],
      },
      { at: 'line 4', value: '[redacted]' },
    ]);
  });
});

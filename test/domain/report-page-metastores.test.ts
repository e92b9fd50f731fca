import { makeReport } from '../../shared/domain/report';
import { reportPage } from '../../shared/domain/report-page';
import { goodFailover, tally } from '../support/report-samples';

const setting = {
  key: 'cluster/1',
  name: 'shared',
  at: 'spark_conf.x',
  setting: 'spark.hadoop.javax.jdo.option.ConnectionURL',
  value: 'jdbc:sqlserver://hms-eastus2<b>',
  changed: true,
  left: ['eastus2'],
} as const;

describe('the external Hive metastore in a report', () => {
  it('is a section of the page, escaped, with what still names the source region', () => {
    const page = reportPage(makeReport(goodFailover({ metastores: [setting, { ...setting, left: [] }] })));

    expect(page).toContain('2 settings, 1 of them with names of the source region');
    expect(page).toContain('still names eastus2');
    expect(page).toContain('jdbc:sqlserver://hms-eastus2&lt;b&gt;');
  });

  it('is told as a manual step only where something is left to do', () => {
    const stepsOf = (metastores: readonly (typeof setting | { left: [] })[]): string =>
      makeReport(
        goodFailover({ metastores: metastores.map((one) => ({ ...setting, ...one })) }),
      ).manualSteps.join();

    expect(stepsOf([setting, setting])).toContain('of shared and 1 more setting still name eastus2.');
    expect(stepsOf([{ left: [] }])).not.toContain('metastore');
  });

  it('is not on the page where nobody has one', () => {
    expect(reportPage(makeReport(goodFailover()))).not.toContain('External Hive metastore');
  });
});

describe('mounts in a report', () => {
  it('are work by hand where the configuration does not ask for them', () => {
    const kinds = tally({ mount: ['mounts', 0] }, []).map((one) => ({ ...one, notAsked: true as const }));

    const { steps, manualSteps } = makeReport(goodFailover({ kinds }));

    expect(steps.find(({ step }) => step === 'mounts')).toMatchObject({
      state: 'manual',
      note: 'by hand: the configuration does not ask for it',
    });
    expect(manualSteps.join()).toContain('`mounts.discover` asks for it');
  });
});

import type { Report } from '../../shared/domain/report';
import { literalScanner } from '../../shared/domain/literals';
import { rulesFrom } from '../../shared/domain/rewrite';
import { readReport } from '../../shared/storage/runs';
import { base64 } from '../support/emulated-workspace';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type Wish } from '../support/rig';
import { fillTinyEstate, importNotebook } from '../support/tiny-estate';

const rewrite = {
  storageHosts: { lakeeastus2: 'lakecentralus' },
  keyVaults: {},
  nodeTypes: {},
  urls: {},
  owners: {},
};

describe('names of the lost region that no rule changes', () => {
  it('are found as whole names, in files too, in what the rules leave of a body', () => {
    const url = 'https://adb-1111.1.azuredatabricks.net';
    const scanner = literalScanner({ rules: rulesFrom(rewrite, 'primary'), region: 'eastus2', url });

    expect(scanner.literalsLeft({ conf: { a: 'abfss://x@lakeeastus2.dfs.core.windows.net' } })).toEqual([]);
    expect(
      scanner.literalsLeft({ path: '/eastus2', conf: 'stor-EASTUS2-prod, adb-1111.1.azuredatabricks.net' }),
    ).toEqual(['adb-1111.1.azuredatabricks.net', 'eastus2']);
    expect(scanner.literalsLeft({ content: base64('read lakeeastus2, not lakeeastus2archive') })).toEqual([
      'lakeeastus2',
    ]);
    expect(scanner.literalsLeft({ conf: '{{secrets/lakeeastus2/key}} myeastus2x' })).toEqual([]);
  });

  describe('in a run', () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await makeRig({ blobs: makeMemoryBlobs(), virtualTime: true });
      fillTinyEstate(rig.primary);
      importNotebook(
        rig.primary,
        '/Project/lake',
        'select * from lakeeastus2, lakeeastus2 -- and its secret text',
      );
    }, 60_000);
    afterAll(() => rig.close());

    async function refresh(wish?: Wish): Promise<Report> {
      const { runId } = await rig.run('refresh', wish);
      return (await readReport(rig.runtime.state, runId)) as Report;
    }

    const exportsSince = (seq: number) =>
      rig.primary.requests.since(seq).filter(({ path }) => path.startsWith('/api/2.0/workspace/export'));

    it('are looked for again under new rules without a body being fetched again', async () => {
      const before = await refresh();
      const seq = rig.primary.requests.lastSeq();

      const after = await refresh({ pair: { rewrite } });

      const key = 'notebook//Project/lake';
      expect(before.literals.listed.map((row) => row.key)).not.toContain(key);
      expect(after.literals.listed).toContainEqual({ key, name: '/Project/lake', literals: ['lakeeastus2'] });
      expect(after.literals.byLiteral).toContainEqual({ literal: 'lakeeastus2', assets: 1 });
      expect(JSON.stringify(after.literals)).not.toContain('secret text');
      expect(exportsSince(seq)).toEqual([]);
    }, 60_000);
  });
});

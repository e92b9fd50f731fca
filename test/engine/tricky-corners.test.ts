import { fillTrickyEstate } from '../../local/estate/tricky/tricky-estate';
import type { Resource } from '../../local/workspace/scim-store';
import type { TreeArea } from '../../local/workspace/workspace-tree';
import type { Rig, RigOptions } from '../support/rig';
import { contentOf, openRig, tell, type Told } from '../support/tricky';

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

import { decideAction, type ThreeWay } from '../../shared/domain/three-way';

const linked: ThreeWay = {
  equal: false,
  linked: true,
  sourceChanged: false,
  targetChanged: false,
  unlinked: 'compare',
  policy: 'skip',
  canUpdate: true,
};
const found: ThreeWay = { ...linked, linked: false };
const both = { sourceChanged: true, targetChanged: true };

test.each<{ name: string; asset: ThreeWay; action: string }>([
  { name: 'linked, equal', asset: { ...linked, equal: true }, action: 'unchanged' },
  {
    name: 'linked, equal after the same change on both sides',
    asset: { ...linked, ...both, equal: true },
    action: 'unchanged',
  },
  { name: 'linked, source changed', asset: { ...linked, sourceChanged: true }, action: 'update' },
  { name: 'linked, target changed', asset: { ...linked, targetChanged: true }, action: 'conflict' },
  { name: 'linked, differs although neither is known to have changed', asset: linked, action: 'conflict' },
  {
    name: 'linked, target changed, overwrite',
    asset: { ...linked, targetChanged: true, policy: 'overwrite' },
    action: 'update',
  },
  {
    name: 'linked, target changed, failback',
    asset: { ...linked, targetChanged: true, onlyTarget: 'keep' },
    action: 'skip',
  },
  { name: 'linked, both changed', asset: { ...linked, ...both }, action: 'conflict' },
  {
    name: 'linked, both changed, overwrite',
    asset: { ...linked, ...both, policy: 'overwrite' },
    action: 'update',
  },
  {
    name: 'linked, both changed, failback',
    asset: { ...linked, ...both, onlyTarget: 'keep' },
    action: 'conflict',
  },
  { name: 'not linked, equal', asset: { ...found, equal: true }, action: 'unchanged' },
  { name: 'not linked, differs', asset: found, action: 'conflict' },
  { name: 'not linked, differs, overwrite', asset: { ...found, policy: 'overwrite' }, action: 'update' },
  { name: 'a principal, equal', asset: { ...found, unlinked: 'link', equal: true }, action: 'unchanged' },
  { name: 'a principal, differs', asset: { ...found, unlinked: 'link' }, action: 'update' },
  { name: 'foreign, differs', asset: { ...found, unlinked: 'foreign' }, action: 'create' },
  {
    name: 'foreign, equal by chance',
    asset: { ...found, unlinked: 'foreign', equal: true },
    action: 'create',
  },
  {
    name: 'foreign, overwrite',
    asset: { ...found, unlinked: 'foreign', policy: 'overwrite' },
    action: 'create',
  },
])('$name: $action', ({ asset, action }) => {
  expect(decideAction(asset).action).toBe(action);
});

test('what cannot be changed in place is blocked, and only what would be updated', () => {
  expect(decideAction({ ...linked, sourceChanged: true, canUpdate: false })).toEqual({
    action: 'blocked',
    reason: 'cannot be changed in place (changed at the source)',
  });
  expect(decideAction({ ...linked, equal: true, canUpdate: false }).action).toBe('unchanged');
  expect(decideAction({ ...linked, targetChanged: true, canUpdate: false }).action).toBe('conflict');
});

const yesNo = [true, false];
const cells = yesNo.flatMap((equal) =>
  yesNo.flatMap((isLinked) =>
    yesNo.flatMap((sourceChanged) =>
      yesNo.flatMap((targetChanged) =>
        (['link', 'compare', 'foreign'] as const).flatMap((unlinked) =>
          (['drift', 'keep'] as const).flatMap((onlyTarget) =>
            yesNo.map((canUpdate): ThreeWay => {
              const base = { equal, linked: isLinked, sourceChanged, targetChanged };
              return { ...base, unlinked, onlyTarget, canUpdate, policy: 'skip' };
            }),
          ),
        ),
      ),
    ),
  ),
);

test('under skip nothing is overwritten that somebody changed in the target', () => {
  const overwritten = cells.filter((cell) => decideAction(cell).action === 'update');

  expect(overwritten.length).toBeGreaterThan(0);
  expect(overwritten.filter((cell) => cell.linked && cell.targetChanged)).toEqual([]);
});

test('under skip nothing that is not linked is overwritten, principals excepted', () => {
  const unlinked = cells.filter((cell) => !cell.linked && cell.unlinked !== 'link');

  expect(unlinked.filter((cell) => decideAction(cell).action === 'update')).toEqual([]);
});

test('every cell has a reason', () => {
  expect(cells.filter((cell) => decideAction(cell).reason === '')).toEqual([]);
});

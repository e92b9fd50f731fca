import type { Link } from '../../shared/domain/link';
import { directed, otherSide } from '../../shared/domain/links-view';

const links: Link[] = [
  { primary: 'p1', secondary: 's1', bodySha: '', base: '', mapSha: '', ours: true },
  { primary: 'p2', secondary: 's2', bodySha: '', base: '', mapSha: '', ours: false },
];

test('links read from the primary to the secondary', () => {
  const view = directed(links, 'primary');

  expect([view.targetOf('p1'), view.sourceOf('s2'), view.byOwnId('p2')]).toEqual(['s1', 'p2', links[1]]);
});

test('links read the other way round after a failover', () => {
  const view = directed(links, 'secondary');

  expect([view.targetOf('s1'), view.sourceOf('p2'), view.byOwnId('s2')]).toEqual(['p1', 's2', links[1]]);
});

test('an id that is not linked leads nowhere', () => {
  const view = directed(links, otherSide('secondary'));

  expect([view.targetOf('s1'), view.sourceOf('p1'), view.byOwnId('x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

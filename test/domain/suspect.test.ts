import { suspicions } from '../../shared/domain/suspect';

const change = (before: number, gone: number, changed = 0) => ({ before, gone, changed });

test.each([
  ['half a listing', { job: change(40, 20) }, ['20 of 40 jobs are gone']],
  ['a deletion here and there', { job: change(40, 12) }, []],
  ['a small kind that is emptied', { job: change(9, 9) }, []],
  ['bodies that are all others', { notebook: change(30, 0, 30) }, ['30 of 30 notebooks have changed']],
  ['a busy day', { notebook: change(100, 0, 30) }, []],
  [
    'many small kinds that are half empty',
    { job: change(9, 5), cluster: change(9, 5), query: change(2, 1) },
    ['11 of 20 assets are gone'],
  ],
])('%s', (_name, changes, expected) => {
  expect(suspicions(changes, 0.3, true)).toEqual(expected);
});

test('bodies that another version of the app wrote down may all be others', () => {
  expect(suspicions({ job: change(40, 0, 40) }, 0.3, false)).toEqual([]);
});

test('a part of one applies everything', () => {
  expect(suspicions({ job: change(40, 40, 0) }, 1, true)).toEqual([]);
});

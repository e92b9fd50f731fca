import { ask, flow, iso } from '../support/incident-flow';

test('a message that was seen before changes nothing', () => {
  const story = flow(ask);
  story.alert(0, { seenId: 'same' });
  const before = story.incident();

  expect(story.alert(1, { seenId: 'same', status: 'resolved' })).toEqual([]);
  expect(story.incident()).toEqual(before);
});

test('a message that is older than the last one about it changes nothing', () => {
  const story = flow(ask);
  story.alert(10);
  story.alert(12, { status: 'resolved' });

  expect(story.alert(60, { at: iso(11) })).toEqual([]);
  expect(story.state()).toBe('idle');
});

test('a resolution that overtakes its alert leaves nothing to suspect', () => {
  const story = flow(ask);
  story.alert(1, { status: 'resolved', at: iso(1) });

  expect(story.alert(2, { at: iso(0) })).toEqual([]);
  expect(story.state()).toBe('idle');
});

test.each([
  { name: 'more than 60 minutes old', age: 61 },
  { name: 'from the future', age: -11 },
])('an alert that is $name changes nothing', ({ age }) => {
  const story = flow(ask);

  expect(story.alert(100, { at: iso(100 - age) })).toEqual([]);
  expect(story.state()).toBe('idle');
});

test('clocks that differ a little do not matter', () => {
  expect(flow(ask).alert(100, { at: iso(109) })).toEqual(['startConfirm']);
  expect(flow(ask).alert(100, { at: iso(41) })).toEqual(['startConfirm']);
});

test('what is remembered does not grow without bound', () => {
  const story = flow(ask);
  for (let n = 0; n < 500; n += 1) story.alert(n / 100, { key: `T${n}` });

  expect(story.incident().seen.length).toBeLessThanOrEqual(200);
  expect(Object.keys(story.incident().alerts).length).toBeLessThanOrEqual(50);
});

import { parseSchedule } from '../../local/host/cron';

test.each([
  {
    name: 'each minute',
    expression: '0 * * * * *',
    after: '2026-01-01T00:00:00.000Z',
    next: '2026-01-01T00:01:00.000Z',
  },
  {
    name: 'five fields',
    expression: '*/5 * * * *',
    after: '2026-01-01T00:01:00.000Z',
    next: '2026-01-01T00:05:00.000Z',
  },
  {
    name: 'within a second',
    expression: '* * * * * *',
    after: '2026-01-01T00:00:00.400Z',
    next: '2026-01-01T00:00:01.000Z',
  },
  {
    name: 'a step in a range',
    expression: '0 0 8-18/4 * * *',
    after: '2026-01-01T09:00:00Z',
    next: '2026-01-01T12:00:00.000Z',
  },
  {
    name: 'a step from a value',
    expression: '0 30/10 * * * *',
    after: '2026-01-01T00:51:00Z',
    next: '2026-01-01T01:30:00.000Z',
  },
  {
    name: 'the end of a year',
    expression: '0 0 3 * * *',
    after: '2026-12-31T03:00:00Z',
    next: '2027-01-01T03:00:00.000Z',
  },
  {
    name: 'weekdays by name',
    expression: '0 0 6 * * Mon-Fri',
    after: '2026-01-02T06:00:00Z',
    next: '2026-01-05T06:00:00.000Z',
  },
  {
    name: 'months by name',
    expression: '0 0 0 1 feb,Aug *',
    after: '2026-02-01T00:00:00Z',
    next: '2026-08-01T00:00:00.000Z',
  },
  {
    name: 'a leap day',
    expression: '0 0 0 29 2 *',
    after: '2026-01-01T00:00:00Z',
    next: '2028-02-29T00:00:00.000Z',
  },
  {
    name: 'day and weekday together',
    expression: '0 0 0 13 * 5',
    after: '2026-01-01T00:00:00Z',
    next: '2026-02-13T00:00:00.000Z',
  },
  {
    name: 'a time span',
    expression: '01:30:00',
    after: '2026-01-01T00:00:00Z',
    next: '2026-01-01T01:30:00.000Z',
  },
  {
    name: 'a time span with days',
    expression: '1.00:00:00',
    after: '2026-01-01T00:00:00Z',
    next: '2026-01-02T00:00:00.000Z',
  },
])('finds the next occurrence: $name', ({ expression, after, next }) => {
  expect(new Date(parseSchedule(expression)(Date.parse(after))).toISOString()).toBe(next);
});

test.each(['', '* * *', '60 * * * * *', '0 0 0 0 * *', '0 0 0 * * Foo', '0 */0 * * * *', '0 5-1 * * * *'])(
  'refuses "%s"',
  (expression) => {
    expect(() => parseSchedule(expression)).toThrow();
  },
);

test('refuses a date that never comes', () => {
  expect(() => parseSchedule('0 0 0 30 2 *')(0)).toThrow('never occurs');
});

import { nextTime, parseCron } from '../../local/workspace/cron';

function next(expression: string, zone: string, after: string): string {
  const cron = parseCron(expression);
  const moment = cron && nextTime(cron, zone, Date.parse(after));
  return moment === undefined ? 'never' : new Date(moment).toISOString();
}

test.each([
  ['every minute', '0 * * * * ?', 'UTC', '2026-03-02T10:00:00Z', '2026-03-02T10:01:00.000Z'],
  ['every ten seconds', '0/10 * * * * ?', 'UTC', '2026-03-02T10:00:55Z', '2026-03-02T10:01:00.000Z'],
  ['daily, tomorrow', '0 30 6 * * ?', 'UTC', '2026-03-02T06:30:00Z', '2026-03-03T06:30:00.000Z'],
  ['weekdays by name', '0 0 8 ? * MON-FRI', 'UTC', '2026-03-06T09:00:00Z', '2026-03-09T08:00:00.000Z'],
  ['lists and ranges', '0 15,45 8-10 * * ?', 'UTC', '2026-03-02T10:15:00Z', '2026-03-02T10:45:00.000Z'],
  ['the last of the month', '0 0 0 L * ?', 'UTC', '2028-02-03T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['the last weekday', '0 0 0 LW * ?', 'UTC', '2026-05-02T00:00:00Z', '2026-05-29T00:00:00.000Z'],
  ['the third Friday', '0 0 0 ? * 6#3', 'UTC', '2026-03-02T00:00:00Z', '2026-03-20T00:00:00.000Z'],
  ['the last Friday', '0 0 0 ? * 6L', 'UTC', '2026-03-02T00:00:00Z', '2026-03-27T00:00:00.000Z'],
  ['a month by name', '0 0 0 1 JAN ?', 'UTC', '2026-03-02T00:00:00Z', '2027-01-01T00:00:00.000Z'],
  ['a year', '0 0 0 1 1 ? 2029', 'UTC', '2026-03-02T00:00:00Z', '2029-01-01T00:00:00.000Z'],
  ['a year that is over', '0 0 0 1 1 ? 2020', 'UTC', '2026-03-02T00:00:00Z', 'never'],
  ['a zone in winter', '0 0 9 * * ?', 'Europe/Berlin', '2026-01-02T00:00:00Z', '2026-01-02T08:00:00.000Z'],
  ['a zone in summer', '0 0 9 * * ?', 'Europe/Berlin', '2026-07-02T00:00:00Z', '2026-07-02T07:00:00.000Z'],
  [
    'an hour that is skipped',
    '0 30 2 * * ?',
    'America/New_York',
    '2026-03-08T05:00:00Z',
    '2026-03-08T07:30:00.000Z',
  ],
  ['an offset', '0 0 9 * * ?', 'GMT+2', '2026-01-02T00:00:00Z', '2026-01-02T07:00:00.000Z'],
])('finds the next time of %s', (_name, expression, zone, after, expected) => {
  expect(next(expression, zone, after)).toBe(expected);
});

test.each(['', '* * * * *', '0 0 9 * * *', '0 61 * * * ?', '0 0 9 ? * ?', '0 0 9 FOO * ?', '0 0/0 * * * ?'])(
  "refuses '%s'",
  (expression) => {
    expect(parseCron(expression)).toBeUndefined();
  },
);

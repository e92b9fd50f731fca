import { keptSnapshots, type SealedSnapshot } from '../../shared/domain/retention';

const nowIso = '2026-11-20T12:00:00.000Z';
const rules = { allDays: 14, dailyDays: 35, monthlyMonths: 12 };

function of(sealedAt: string, suspect = false): SealedSnapshot {
  return { id: sealedAt, sealedAt: `${sealedAt}:00.000Z`, suspect };
}

function keep(all: readonly SealedSnapshot[], latest?: string, pinned: readonly string[] = []) {
  const facts = { nowIso, pinned: new Set(pinned), ...(latest !== undefined && { latest }) };
  return Object.fromEntries(keptSnapshots(all, rules, facts));
}

test('all of two weeks stay', () => {
  expect(keep([of('2026-11-06T12:01'), of('2026-11-06T11:59'), of('2026-11-20T11:00')])).toMatchObject({
    '2026-11-06T12:01': 'recent',
    '2026-11-20T11:00': 'recent',
  });
});

test('then the last of each day', () => {
  expect(keep([of('2026-10-25T01:00'), of('2026-10-25T23:00'), of('2026-10-26T05:00')])).toEqual({
    '2026-10-25T23:00': 'daily',
    '2026-10-26T05:00': 'daily',
  });
});

test('then the last of each month, for a year', () => {
  const all = ['2025-10-31T23:00', '2025-12-30T23:00', '2025-12-31T23:00', '2026-03-04T05:00'].map((at) =>
    of(at),
  );

  expect(keep(all)).toEqual({ '2025-12-31T23:00': 'monthly', '2026-03-04T05:00': 'monthly' });
});

test('the latest stays however old it is, and so does what a run reads', () => {
  expect(
    keep([of('2020-01-01T00:00'), of('2020-01-02T00:00')], '2020-01-01T00:00', ['2020-01-02T00:00']),
  ).toEqual({
    '2020-01-01T00:00': 'latest',
    '2020-01-02T00:00': 'pinned',
  });
});

test('a suspect one stays for two weeks, and is never the one of its day', () => {
  const all = [of('2026-10-25T01:00'), of('2026-10-25T23:00', true), of('2026-11-19T00:00', true)];

  expect(keep(all)).toEqual({ '2026-10-25T01:00': 'daily', '2026-11-19T00:00': 'recent' });
});

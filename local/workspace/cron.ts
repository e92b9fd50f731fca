import { momentOf, wallClock } from './zone';

/** A Quartz cron expression: seconds minutes hours day-of-month month day-of-week [year]. */
export interface Cron {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly daysOfMonth: readonly string[];
  readonly daysOfWeek: readonly string[];
}

const dayMs = 86_400_000;
const searchDays = 366 * 5;
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Undefined when it is not one. */
export function parseCron(expression: string): Cron | undefined {
  const fields = expression.trim().toUpperCase().split(/\s+/);
  if (fields.length < 6 || fields.length > 7) return undefined;
  const [seconds = '', minutes = '', hours = '', days = '', months = '', weekdays = '', years = '*'] = fields;
  if ((days === '?') === (weekdays === '?')) return undefined;
  try {
    return {
      seconds: numbersOf(seconds, 0, 59),
      minutes: numbersOf(minutes, 0, 59),
      hours: numbersOf(hours, 0, 23),
      months: numbersOf(named(months, monthNames), 1, 12),
      years: numbersOf(years, 1970, 2199),
      daysOfMonth: daysOf(days, 1, 31),
      daysOfWeek: daysOf(named(weekdays, dayNames), 1, 7),
    };
  } catch {
    return undefined;
  }
}

function named(field: string, names: readonly string[]): string {
  return field.replace(/[A-Z]{3}/g, (name) => String(names.indexOf(name) + 1 || name));
}

function numbersOf(field: string, from: number, to: number): number[] {
  const found = field.split(',').flatMap((part) => rangeOf(part, from, to));
  return [...new Set(found)].sort((one, other) => one - other);
}

function rangeOf(part: string, from: number, to: number): number[] {
  const [, all, first, last, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  if (all === undefined && first === undefined) throw new RangeError(part);
  const low = first === undefined ? from : Number(first);
  const high = last === undefined ? (all === undefined && step === undefined ? low : to) : Number(last);
  const by = Number(step ?? 1);
  if (low < from || high > to || low > high || by < 1) throw new RangeError(part);
  return Array.from({ length: Math.floor((high - low) / by) + 1 }, (_, at) => low + at * by);
}

/** Numbers as text, and the special days as they are: `L`, `LW`, `15W`, `6L`, `6#3`; empty when any day will do. */
function daysOf(field: string, from: number, to: number): string[] {
  if (field === '?' || field === '*') return [];
  return field
    .split(',')
    .flatMap((part) => (/^(L|LW|\d+[WL]|\d+#\d)$/.test(part) ? [part] : rangeOf(part, from, to).map(String)));
}

function isDay(cron: Cron, date: Date): boolean {
  return (
    cron.years.includes(date.getUTCFullYear()) &&
    cron.months.includes(date.getUTCMonth() + 1) &&
    (cron.daysOfMonth.length === 0 || cron.daysOfMonth.some((day) => isDayOfMonth(day, date))) &&
    (cron.daysOfWeek.length === 0 || cron.daysOfWeek.some((day) => isDayOfWeek(day, date)))
  );
}

function lastOf(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function isDayOfMonth(rule: string, date: Date): boolean {
  if (rule === 'L') return date.getUTCDate() === lastOf(date);
  if (!rule.endsWith('W')) return date.getUTCDate() === Number(rule);
  const wanted = rule === 'LW' ? lastOf(date) : Math.min(Number.parseInt(rule, 10), lastOf(date));
  return date.getUTCDate() === nearestWeekday(date, wanted);
}

function nearestWeekday(date: Date, day: number): number {
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === lastOf(date) ? day - 2 : day + 1;
  return day;
}

function isDayOfWeek(rule: string, date: Date): boolean {
  const day = date.getUTCDate();
  if (rule === 'L') return date.getUTCDay() === 6;
  if (Number.parseInt(rule, 10) !== date.getUTCDay() + 1) return false;
  if (rule.endsWith('L')) return day + 7 > lastOf(date);
  const week = rule.split('#')[1];
  return week === undefined || Math.ceil(day / 7) === Number(week);
}

/** The first moment after `afterMs`; undefined when there is none within five years. */
export function nextTime(cron: Cron, zone: string, afterMs: number): number | undefined {
  const wall = wallClock(afterMs, zone);
  const today = Math.floor(wall / dayMs) * dayMs;
  for (let day = today; day < today + searchDays * dayMs; day += dayMs) {
    if (!isDay(cron, new Date(day))) continue;
    for (const time of timesOf(cron, day === today ? wall - today : 0)) {
      const moment = momentOf(day + time, zone);
      if (moment > afterMs) return moment;
    }
  }
  return undefined;
}

/** Times of the day from a time on, in milliseconds. */
function* timesOf(cron: Cron, fromMs: number): Generator<number> {
  for (const hour of cron.hours) {
    if ((hour + 1) * 3_600_000 <= fromMs) continue;
    for (const minute of cron.minutes) {
      const minuteMs = hour * 3_600_000 + minute * 60_000;
      if (minuteMs + 60_000 <= fromMs) continue;
      for (const second of cron.seconds) yield minuteMs + second * 1_000;
    }
  }
}

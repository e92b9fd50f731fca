import { HostError } from './host-error';
import { parseTimeSpan } from './time-span';

/** The first occurrence after a moment, both in milliseconds (UTC). */
export type Schedule = (afterMs: number) => number;

interface Field {
  readonly from: number;
  readonly to: number;
  /** Names that stand for `from`, `from + 1`, … */
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  {
    from: 1,
    to: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { from: 0, to: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** Leap days come every eight years at worst. */
const maxYears = 9;
const secondMs = 1000;

/** NCRONTAB `second minute hour day month weekday`, five fields without the second, or a TimeSpan. Day and weekday must both match. */
export function parseSchedule(expression: string): Schedule {
  const spanMs = parseTimeSpan(expression);
  if (spanMs !== undefined) return (afterMs) => afterMs + spanMs;
  const parts = expression.trim().split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== fields.length) throw new HostError(`"${expression}" is no NCRONTAB expression`);
  const sets = fields.map((field, index) => parseField(parts[index] ?? '', field, expression));
  return (afterMs) => nextMatch(sets, afterMs, expression);
}

function parseField(text: string, field: Field, expression: string): Set<number> {
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [range = '', stepText = '1'] = part.split('/');
    const [first, last] = range === '*' ? [field.from, field.to] : bounds(range, part.includes('/'), field);
    const step = Number(stepText);
    if (!(first >= field.from && last <= field.to && first <= last && step >= 1)) {
      throw new HostError(`"${part}" in "${expression}" is not between ${field.from} and ${field.to}`);
    }
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

function bounds(range: string, stepped: boolean, field: Field): [number, number] {
  const [first = NaN, last] = range.split('-').map((text) => valueOf(text, field));
  return [first, last ?? (stepped ? field.to : first)];
}

function valueOf(text: string, { from, names = [] }: Field): number {
  const at = names.indexOf(text.slice(0, 3));
  if (at >= 0) return at + from;
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

/** Moves the largest field that does not fit to its next value and starts again from there. */
function nextMatch(sets: readonly Set<number>[], afterMs: number, expression: string): number {
  const [seconds, minutes, hours, days, months, weekdays] = sets;
  const at = new Date(Math.floor(afterMs / secondMs) * secondMs + secondMs);
  const limit = at.getUTCFullYear() + maxYears;
  while (at.getUTCFullYear() < limit) {
    if (!months?.has(at.getUTCMonth() + 1)) at.setUTCMonth(at.getUTCMonth() + 1, 1);
    else if (!days?.has(at.getUTCDate()) || !weekdays?.has(at.getUTCDay()))
      at.setUTCDate(at.getUTCDate() + 1);
    else if (!hours?.has(at.getUTCHours())) {
      at.setUTCHours(at.getUTCHours() + 1, 0, 0);
      continue;
    } else if (!minutes?.has(at.getUTCMinutes())) {
      at.setUTCMinutes(at.getUTCMinutes() + 1, 0);
      continue;
    } else if (!seconds?.has(at.getUTCSeconds())) {
      at.setUTCSeconds(at.getUTCSeconds() + 1);
      continue;
    } else return at.getTime();
    at.setUTCHours(0, 0, 0);
  }
  throw new HostError(`"${expression}" never occurs`);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `GMT+2` and `UTC-03:30` are Java's way to say `+02:00` and `-03:30`. */
function nameOf(zone: string): string {
  const offset = /^(?:UTC|GMT)([+-])(\d{1,2})(?::?(\d\d))?$/.exec(zone);
  if (!offset) return zone;
  const [, sign = '+', hours = '0', minutes = '00'] = offset;
  return `${sign}${hours.padStart(2, '0')}:${minutes}`;
}

/** Throws a RangeError for a zone that does not exist. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: nameOf(zone),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall of the zone shows, written as if it were UTC. */
export function wallClock(atMs: number, zone: string): number {
  if (zone === 'UTC') return atMs;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(atMs)
      .map((part) => [part.type, Number(part.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The moment at which the wall shows that; in the hour that a change of clocks skips, the one after. */
export function momentOf(wallMs: number, zone: string): number {
  const near = wallMs - (wallClock(wallMs, zone) - wallMs);
  const exact = near + (wallMs - wallClock(near, zone));
  return wallClock(exact, zone) === wallMs ? exact : Math.max(near, exact);
}

import type { Verdict } from './incident';

/** What one probe of the active side found. */
export type ProbeResult = 'alive' | 'down';

/**
 * What an HTTP status proves: any answer below 500 comes from a living service, 401, 403 and 429 included.
 * Undefined = no answer (DNS, TLS, connect, time-out).
 */
export function probeResultOf(status: number | undefined): ProbeResult {
  return status !== undefined && status < 500 ? 'alive' : 'down';
}

/**
 * k of n over the last n probes, oldest first. When the secondary is down as well, or another control address is, the
 * fault may be on our side: `hold`. Ends as soon as the missing probes cannot change it.
 */
export function confirm(
  probes: readonly ProbeResult[],
  { failures, of }: { readonly failures: number; readonly of: number },
  secondaryAlive: boolean,
): Verdict {
  const last = probes.slice(-of);
  const down = last.filter((probe) => probe === 'down').length;
  if (down >= failures) return secondaryAlive ? 'confirmed' : 'hold';
  return down + (of - last.length) < failures ? 'refuted' : 'undecided';
}

/** One service and the regions in which it is hit. Kept together: a service hit elsewhere says nothing about our region. */
export interface Impact {
  readonly service: string;
  readonly regions: readonly string[];
}

/** How grave Azure calls it. `informational` never leads to a cutover that nobody asked for; so does a level we do not know. */
export type SignalLevel = 'error' | 'warning' | 'informational';

/** An alert that may be about an outage, whatever it came as. It can only raise a suspicion. */
export interface Signal {
  readonly kind: 'signal';
  readonly source: 'serviceHealth' | 'resourceHealth' | 'metric';
  /** What belongs together: tracking id, resource, or alert instance. */
  readonly key: string;
  /** The same message has the same one, however often it is delivered. */
  readonly seenId: string;
  readonly status: 'active' | 'resolved';
  readonly impacts: readonly Impact[];
  readonly level: SignalLevel;
  /** When it happened (ISO-8601 UTC), not when it was delivered. */
  readonly at: string;
  readonly title: string;
  /** The pair that the alert rule names (`customProperties.pairId`). */
  readonly pairHint?: string;
}

/** A well-formed alert that is of no concern, and why. */
export interface IgnoredAlert {
  readonly kind: 'ignored';
  readonly reason: string;
}

/** A payload that cannot be read: to be answered with 400, so that Azure does not send it again. */
export interface InvalidAlert {
  readonly kind: 'invalid';
  readonly reason: string;
}

export function ignored(reason: string): IgnoredAlert {
  return { kind: 'ignored', reason };
}

export function invalid(reason: string): InvalidAlert {
  return { kind: 'invalid', reason };
}

/** An instant as ISO-8601 UTC; undefined when the text is none. */
export function instantOf(text: string | null | undefined): string | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

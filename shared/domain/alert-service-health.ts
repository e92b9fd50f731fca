import { z } from 'zod';
import {
  ignored,
  instantOf,
  invalid,
  type IgnoredAlert,
  type Impact,
  type InvalidAlert,
  type Signal,
  type SignalLevel,
} from './signal';

const text = z.string().nullish();

/** The activity log event of a Service Health alert; the legacy schema has the same one. Only the fields that are used. */
export const serviceHealthEvent = z.object({
  eventTimestamp: text,
  submissionTimestamp: text,
  eventDataId: text,
  level: z.union([z.number(), z.string()]).nullish(),
  status: text,
  properties: z.object({
    title: text,
    incidentType: text,
    trackingId: text,
    impactedServices: z.unknown(),
    stage: text,
    communicationId: text,
    IsSynthetic: text,
  }),
});

const impactList = z.array(
  z.object({ ServiceName: z.string(), ImpactedRegions: z.array(z.object({ RegionName: z.string() })) }),
);

/** Numbers in the common schema (1, 2, 3), words in the legacy one. */
const levels: Readonly<Record<string, SignalLevel>> = {
  1: 'error',
  2: 'warning',
  error: 'error',
  warning: 'warning',
};

/** A Service Health event as a signal. `firedAt` stands in for an event without a time of its own. */
export function fromServiceHealth(
  event: z.output<typeof serviceHealthEvent>,
  firedAt?: string | null,
): Signal | IgnoredAlert | InvalidAlert {
  const { properties } = event;
  if (properties.IsSynthetic?.toLowerCase() === 'true') return ignored('a test of the action group');
  if (properties.incidentType !== 'Incident')
    return ignored(`no incident but ${properties.incidentType ?? 'of no type'}`);
  if (properties.stage === 'RCA') return ignored('the analysis of an incident that is over');
  const key = properties.trackingId ?? '';
  const seenId = properties.communicationId ?? event.eventDataId ?? '';
  if (key === '' || seenId === '') return invalid('properties.trackingId and communicationId are needed');
  const at = instantOf(event.eventTimestamp ?? event.submissionTimestamp ?? firedAt);
  if (at === undefined) return invalid('eventTimestamp is no time');
  const impacts = impactsOf(properties.impactedServices);
  if (impacts === undefined)
    return invalid('properties.impactedServices is no list of services with regions');
  const resolved = properties.stage === 'Resolved' || event.status === 'Resolved';
  return {
    kind: 'signal',
    source: 'serviceHealth',
    key,
    seenId,
    status: resolved ? 'resolved' : 'active',
    impacts,
    level: levels[String(event.level).toLowerCase()] ?? 'informational',
    at,
    title: properties.title ?? '',
  };
}

/** A JSON text by the documentation; the list itself is taken as well. Empty when nothing is named. */
function impactsOf(value: unknown): Impact[] | undefined {
  if (value === undefined || value === null || value === '') return [];
  let list: unknown = value;
  if (typeof value === 'string')
    try {
      list = JSON.parse(value);
    } catch {
      return undefined;
    }
  const parsed = impactList.nullable().safeParse(list);
  if (!parsed.success) return undefined;
  return (parsed.data ?? []).map(({ ServiceName, ImpactedRegions }) => ({
    service: ServiceName,
    regions: ImpactedRegions.map(({ RegionName }) => RegionName),
  }));
}

import { type Json } from '../workspace/fields';
import { type Random } from './random';

export interface TriggerPlan {
  readonly settings: Json;
  readonly isAwake: boolean;
  /** Runs so often that it must not share a cluster with people. */
  readonly isFrequent: boolean;
}

type Kind =
  'daily' | 'hourly' | 'weekly' | 'monthly' | 'minutely' | 'periodic' | 'files' | 'tables' | 'continuous';

/** What jobs are triggered by, in turn; a minus sign means paused, '' without a trigger. */
const turns = [
  'daily',
  '',
  '-daily',
  'files',
  'weekly',
  '',
  'periodic',
  '-hourly',
  'minutely',
  'tables',
  'hourly',
  '',
  'continuous',
  '-weekly',
  '-periodic',
  '-files',
  'monthly',
  '-continuous',
  '-tables',
  'daily',
  '',
  '-minutely',
  'weekly',
  '',
  '-daily',
] as const;

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'] as const;
const frequent: readonly Kind[] = ['minutely', 'files', 'tables', 'continuous', 'periodic'];
/** A workspace has a handful of continuous jobs, however large it is. */
const continuousUntil = 200;

export function planTrigger(random: Random, at: number): TriggerPlan {
  const turn = turns[at % turns.length] ?? '';
  const kind = turn.replace('-', '') as Kind | '';
  if (kind === '' || (kind === 'continuous' && at >= continuousUntil))
    return { settings: {}, isAwake: false, isFrequent: false };
  const isAwake = !turn.startsWith('-');
  // Awake is what the platform takes for granted, so half of the awake ones do not say so.
  const pause = isAwake && at % 2 === 0 ? {} : { pause_status: isAwake ? 'UNPAUSED' : 'PAUSED' };
  return { settings: makeTrigger(random, kind, at, pause), isAwake, isFrequent: frequent.includes(kind) };
}

function makeTrigger(random: Random, kind: Kind, at: number, pause: Json): Json {
  const [minute, hour] = [random.between(0, 59), random.between(0, 23)];
  const cron = (expression: string): Json => ({
    schedule: { quartz_cron_expression: expression, timezone_id: zones[at % zones.length], ...pause },
  });
  switch (kind) {
    case 'minutely':
      return cron('0 * * * * ?');
    case 'hourly':
      return cron(`0 ${minute} * * * ?`);
    case 'daily':
      return cron(`0 ${minute} ${hour} * * ?`);
    case 'weekly':
      return cron(`0 ${minute} ${hour} ? * MON-FRI`);
    case 'monthly':
      return cron(`0 ${minute} ${hour} L * ?`);
    case 'periodic':
      return { trigger: { periodic: { interval: random.between(1, 12), unit: 'HOURS' }, ...pause } };
    case 'files': {
      const url = `abfss://landing@lakeeastus2.dfs.core.windows.net/in/${at}/`;
      return { trigger: { file_arrival: { url }, ...pause } };
    }
    case 'tables': {
      const table_names = [`main.sales.orders_${at}`, 'main.sales.customers'];
      return { trigger: { table_update: { table_names, condition: 'ANY_UPDATED' }, ...pause } };
    }
    case 'continuous':
      return { continuous: pause };
  }
}

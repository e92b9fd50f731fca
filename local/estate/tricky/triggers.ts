import { type Json } from '../../workspace/fields';
import { makeJob, type TrickyPart } from './part';

const landing = 'abfss://landing@lakeeastus2.dfs.core.windows.net/in/';
const daily: Json = { quartz_cron_expression: '0 0 3 * * ?', timezone_id: 'Europe/Berlin' };

/** What can make a job run, as its settings have it without a pause status. */
const kinds: Readonly<Record<string, (pause: Json) => Json>> = {
  schedule: (pause) => ({ schedule: { ...daily, ...pause } }),
  continuous: (pause) => ({ continuous: pause }),
  periodic: (pause) => ({ trigger: { periodic: { interval: 2, unit: 'HOURS' }, ...pause } }),
  'file arrival': (pause) => ({ trigger: { file_arrival: { url: landing }, ...pause } }),
  'table update': (pause) => ({ trigger: { table_update: { table_names: ['main.a.b'] }, ...pause } }),
  model: (pause) => ({
    trigger: {
      model: { securable_name: 'main.ml.churn', aliases: ['champion'], condition: 'MODEL_ALIAS_SET' },
      ...pause,
    },
  }),
  'a list': (pause) => ({ triggers: [{ periodic: { interval: 1, unit: 'DAYS' }, ...pause }] }),
};
/** Without a status a trigger is awake. */
const states: Readonly<Record<string, Json>> = {
  awake: { pause_status: 'UNPAUSED' },
  'awake by default': {},
  asleep: { pause_status: 'PAUSED' },
};

/** Every kind of trigger in every state, and a job with one that is awake beside one that sleeps. */
export const triggers: TrickyPart = {
  fill({ primary }) {
    for (const [kind, make] of Object.entries(kinds))
      for (const [state, pause] of Object.entries(states))
        makeJob(primary, `${kind}: ${state}`, { ...make(pause), tags: { 'dr-tier': '1' } });
    const file = { file_arrival: { url: landing }, ...states['awake'] };
    const table = { table_update: { table_names: ['main.a.c'] }, ...states['asleep'] };
    makeJob(primary, 'a list: one of two awake', { triggers: [file, table], tags: { 'dr-tier': '0' } });
    makeJob(primary, 'awake, and locked', { ...kinds['schedule']?.({}), queue: { enabled: true } });
  },
};

import type { Activities } from '../../functions/activities';

/** Stands around every activity: `run` does it, and may be called any number of times. */
export type AroundActivity = (name: string, run: () => Promise<unknown>, input: unknown) => Promise<unknown>;

/** The activities with `around` in the way of each; `make` gives those of the process in which a call runs. */
export function hookActivities(make: () => Activities, around: AroundActivity): Activities {
  const names = Object.keys(make()) as (keyof Activities)[];
  const hooked = names.map((name) => {
    const call = (input: unknown): Promise<unknown> => {
      const run = (): Promise<unknown> => (make()[name] as (given: unknown) => Promise<unknown>)(input);
      return around(name, run, input);
    };
    return [name, call] as const;
  });
  return Object.fromEntries(hooked) as unknown as Activities;
}

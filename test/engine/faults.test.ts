import { startAzurite, type Azurite } from '../../local/azurite';
import { arm, routesOf, spells, struck, type Spell } from '../support/fault-lists';
import { makeRig, type Rig } from '../support/rig';
import { changeAll, fillTinyEstate } from '../support/tiny-estate';
import { asleep, dumpWorkspace } from '../support/workspace-dump';

interface Lived {
  readonly statuses: readonly string[];
  readonly source: object;
  readonly standby: object;
  /** By planning again: what the refreshes did not get done. */
  readonly restoredByFailover: number;
  readonly awake: object;
  readonly fenced: object;
}

describe('faults of the workspaces', () => {
  let azurite: Azurite;
  let calm: Lived;
  let routes: { primary: readonly string[]; secondary: readonly string[] };
  beforeAll(async () => {
    azurite = await startAzurite();
    const rig = await openRig('calm');
    calm = await live(rig);
    routes = { primary: routesOf(rig.primary), secondary: routesOf(rig.secondary) };
    await rig.close();
  }, 60_000);
  afterAll(() => azurite.close());

  function openRig(name: string): Promise<Rig> {
    return makeRig({ azurite, virtualTime: true, pair: { name } });
  }

  /** A cold refresh, one after everything has changed, a failover: with a spell over every route in each. */
  async function live(rig: Rig, spell?: Spell): Promise<Lived> {
    const cast = (): void => {
      if (spell === undefined) return;
      arm(rig.primary, routes.primary, spell);
      arm(rig.secondary, routes.secondary, spell);
    };
    const estate = fillTinyEstate(rig.primary);
    cast();
    const cold = await rig.run('refresh');
    changeAll(estate);
    cast();
    const changed = await rig.run('refresh');
    const source = dumpWorkspace(rig.primary);
    const standby = dumpWorkspace(rig.secondary);
    cast();
    const failover = await rig.run('failover');
    return {
      statuses: [cold, changed, failover].map(({ status, reason }) => `${status}: ${reason}`),
      source,
      standby,
      restoredByFailover: failover.counts.restored,
      awake: dumpWorkspace(rig.secondary),
      fenced: dumpWorkspace(rig.primary),
    };
  }

  it('are absent on a calm day: all succeeds, and planning again finds nothing to do', () => {
    expect(new Set(calm.statuses)).toEqual(new Set(['succeeded: nothing failed, blocked or in conflict']));
    expect(calm.restoredByFailover).toBe(0);
    expect(routes.secondary.filter((route) => !route.startsWith('GET')).length).toBeGreaterThan(20);
  });

  it('are absent on a calm day: the standby is the source, asleep, and live afterwards what the source was', () => {
    expect(asleep(calm.standby)).toEqual(asleep(calm.source));
    expect(JSON.stringify(calm.standby)).not.toMatch(/"UNPAUSED"|min_idle_instances|"RUNNING"/);
    expect(JSON.stringify(calm.source)).toMatch(/"UNPAUSED".*min_idle_instances/);
    expect(pauses(calm.awake)).toEqual(pauses(calm.source));
    expect(pauses(calm.fenced)).toEqual(pauses(calm.standby));
  });

  it.each(spells)(
    'leave no trace when each route is $name',
    async (spell) => {
      const rig = await openRig(`p-${spells.indexOf(spell)}`);

      const lived = await live(rig, spell);

      expect(lived).toEqual(calm);
      expect(struck(rig.secondary, routes.secondary, spell)).toEqual(routes.secondary);
      expect(struck(rig.primary, routes.primary, spell)).toEqual(routes.primary);
      await rig.close();
    },
    60_000,
  );
});

/** Which schedules are awake, and how many machines the pools keep. */
function pauses(dump: object): string[] {
  return JSON.stringify(dump).match(/"pause_status":"\w+"|"min_idle_instances":\d+/g) ?? [];
}

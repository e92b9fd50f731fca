import { Random } from '../../local/estate/random';
import { dumpWorkspace } from '../../local/workspace/dump';
import { fault, routesOf } from '../support/fault-lists';
import type { AroundActivity } from '../support/hooked-activities';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig } from '../support/rig';
import { changeAll, fillTinyEstate, makeJob } from '../support/tiny-estate';

/** How many schedules are tried; each has its own seed. More of them: `SCHEDULES=1000`. */
const schedules = Number(process.env['SCHEDULES'] ?? 3);
/** A run may see many deaths of its worker, not one after the other without end. */
const maxDeaths = 60;

interface Lived {
  readonly statuses: readonly string[];
  readonly writesOfAnother: readonly string[];
  readonly standby: object;
  readonly awake: object;
  readonly fenced: object;
}

/** Workers die, messages come twice, requests fail, all at random: whatever happens, the end is the same, and nothing is there twice. */
describe('a random schedule of deaths, repetitions and faults', () => {
  let calm: Lived;
  let routes: Record<'primary' | 'secondary', readonly string[]> | undefined;
  beforeAll(async () => {
    calm = await live(undefined);
  }, 60_000);

  async function live(random: Random | undefined): Promise<Lived> {
    const freshProcesses = random?.chance(0.5) === true;
    const around = random && disturb(random, !freshProcesses);
    const rig = await makeRig({
      blobs: makeMemoryBlobs(),
      virtualTime: true,
      freshProcesses,
      ...(around && { around }),
    });
    const estate = fillTinyEstate(rig.primary);
    for (let at = 0; at < 9; at += 1) makeJob(rig.primary, `job ${at}`, 'PAUSED');
    const statuses: string[] = [];
    const run = async (kind: 'refresh' | 'failover', isCalm = false): Promise<void> => {
      rig.primary.faults.clear();
      rig.secondary.faults.clear();
      if (random !== undefined && !isCalm) addFaults(rig, random);
      const { status, reason } = await rig.run(kind);
      statuses.push(`${status}: ${reason}`);
    };
    await run('refresh');
    changeAll(estate);
    await run('refresh');
    // What has not stopped yet has stopped then.
    await rig.clock.sleep(120_000);
    await run('refresh', true);
    const seq = rig.secondary.requests.lastSeq();
    await run('refresh', true);
    const writes = rig.secondary.requests.mutatingSince(seq);
    const standby = dumpWorkspace(rig.secondary);
    await run('failover');
    routes ??= { primary: routesOf(rig.primary), secondary: routesOf(rig.secondary) };
    const awake = dumpWorkspace(rig.secondary);
    const fenced = dumpWorkspace(rig.primary);
    await rig.close();
    const writesOfAnother = writes.map(({ method, path }) => `${method} ${path}`);
    return { statuses, writesOfAnother, standby, awake, fenced };
  }

  function addFaults(rig: Rig, random: Random): void {
    for (const side of ['primary', 'secondary'] as const) {
      for (const route of routes?.[side] ?? []) {
        for (let more = 0; more < 3; more += 1) {
          if (!random.chance(0.5)) continue;
          const how = random.pick(['reset', 'lostAnswer', 'truncate', 'status', 'status', 'status'] as const);
          const status = random.pick([429, 500, 502, 503, 504]);
          const when = { after: random.between(0, 9), times: random.between(1, 2) };
          const retryAfter = status === 429 ? { retryAfter: random.between(0, 20) } : {};
          rig[side].faults.add(
            fault(route, { kind: how, status, html: random.chance(0.3), ...retryAfter, ...when }),
          );
        }
      }
    }
  }

  it.each(Array.from({ length: schedules }, (_none, seed) => seed))(
    'ends as a calm day does (seed %i)',
    async (seed) => {
      expect(await live(new Random(seed, 'schedule'))).toEqual(calm);
    },
    60_000,
  );
});

/** Two at a time only in one process: there they share the work. */
function disturb(random: Random, isOneProcess: boolean): AroundActivity {
  let deaths = 0;
  return async (_name, run) => {
    const fate = random.between(0, 99);
    if (fate < 16 && deaths < maxDeaths) {
      deaths += 1;
      if (fate < 8) await run();
      throw new Error('the worker died');
    }
    if (fate < 22) await run();
    if (fate < 40 && isOneProcess) return (await Promise.all([run(), run()]))[0];
    return run();
  };
}

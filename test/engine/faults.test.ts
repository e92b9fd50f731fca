import { adapters } from '../../shared/adapters/registry';
import { DrError } from '../../shared/domain/errors';
import type { BlobStore } from '../../shared/storage/blob-store';
import { listLinkPartitions } from '../../shared/storage/links';
import { arm, routesOf, spells, struck, type Spell } from '../support/fault-lists';
import { makeMemoryBlobs } from '../support/memory-blobs';
import { makeRig, type Rig, type RigOptions } from '../support/rig';
import { changeAll, fillTinyEstate, makeJob } from '../support/tiny-estate';
import { asleep, dumpWorkspace } from '../../local/workspace/dump';

/** Every kind is asked for. */
const mounts = {
  discover: true,
  everyHours: 0,
  how: [{ match: '/mnt/*', kind: 'accountKey', scope: 'etl', key: 'db-password' }],
};

interface Lived {
  readonly statuses: readonly string[];
  /** The copies that are known to be ours. */
  readonly created: readonly string[];
  readonly source: object;
  readonly standby: object;
  readonly kinds: readonly string[];
  /** What planning again finds, and what running again writes. */
  readonly another: { readonly restored: number; readonly writes: readonly string[] };
  readonly awake: object;
  readonly fenced: object;
}

describe('the life of an estate under faults', () => {
  let calm: Lived;
  let routes: { primary: readonly string[]; secondary: readonly string[] };
  beforeAll(async () => {
    const rig = await openRig();
    calm = await live(rig);
    routes = { primary: routesOf(rig.primary), secondary: routesOf(rig.secondary) };
    await rig.close();
  }, 60_000);

  function openRig(options: RigOptions = {}): Promise<Rig> {
    return makeRig({ blobs: makeMemoryBlobs(), virtualTime: true, pair: { mounts }, ...options });
  }

  /** A cold refresh, one after everything has changed, a failover: with a spell over every route in each. And a refresh in peace. */
  async function live(rig: Rig, spell?: Spell): Promise<Lived> {
    const cast = (): void => {
      if (spell === undefined) return;
      arm(rig.primary, routes.primary, spell);
      arm(rig.secondary, routes.secondary, spell);
    };
    const estate = fillTinyEstate(rig.primary);
    // More than one chunk of work items: they are walked in lanes.
    for (let at = 0; at < 9; at += 1) makeJob(rig.primary, `job ${at}`, 'PAUSED');
    cast();
    const cold = await rig.run('refresh');
    changeAll(estate);
    cast();
    const changed = await rig.run('refresh');
    const created = await createdBy(rig);
    const source = dumpWorkspace(rig.primary);
    const standby = dumpWorkspace(rig.secondary);
    rig.secondary.faults.clear();
    rig.primary.faults.clear();
    const seq = rig.secondary.requests.lastSeq();
    const again = await rig.run('refresh');
    const writes = rig.secondary.requests.mutatingSince(seq).map(({ method, path }) => `${method} ${path}`);
    cast();
    const failover = await rig.run('failover');
    return {
      statuses: [cold, changed, again, failover].map(({ status, reason }) => `${status}: ${reason}`),
      created,
      source,
      standby,
      kinds: await kindsOf(rig),
      another: { restored: again.counts.restored, writes },
      awake: dumpWorkspace(rig.secondary),
      fenced: dumpWorkspace(rig.primary),
    };
  }

  it('succeeds on a calm day, and planning again finds nothing to do', () => {
    expect(new Set(calm.statuses)).toEqual(new Set(['succeeded: nothing failed, blocked or in conflict']));
    expect(calm.another).toEqual({ restored: 0, writes: [] });
    expect(routes.secondary.filter((route) => !route.startsWith('GET')).length).toBeGreaterThan(20);
  });

  it('is the life of at least one asset of every kind', () => {
    expect(calm.kinds).toEqual(adapters.map(({ kind }) => kind));
  });

  it('makes the standby what the source is, asleep, and awake afterwards as the source was', () => {
    expect(asleep(calm.standby)).toEqual(asleep(calm.source));
    expect(JSON.stringify(calm.standby)).not.toMatch(/"UNPAUSED"|min_idle_instances|"RUNNING"/);
    expect(JSON.stringify(calm.source)).toMatch(/"UNPAUSED".*min_idle_instances/);
    expect(pauses(calm.awake)).toEqual(pauses(calm.source));
    expect(pauses(calm.fenced)).toEqual(pauses(calm.standby));
  });

  it.each(spells)(
    'ends the same when each route is $name',
    async (spell) => {
      const rig = await openRig();

      const lived = await live(rig, spell);

      expect(lived).toEqual(calm);
      expect(struck(rig.secondary, routes.secondary, spell)).toEqual(routes.secondary);
      expect(struck(rig.primary, routes.primary, spell)).toEqual(routes.primary);
      await rig.close();
    },
    60_000,
  );

  it('ends the same when every activity is done twice', async () => {
    const rig = await openRig({
      async around(_name, run) {
        await run();
        return run();
      },
    });

    expect(await live(rig)).toEqual(calm);
    await rig.close();
  }, 60_000);

  it('ends the same when every activity is delivered twice at the same time', async () => {
    const rig = await openRig({
      around: async (_name, run) => (await Promise.all([run(), run()]))[1],
    });

    expect(await live(rig)).toEqual(calm);
    await rig.close();
  }, 60_000);

  it('ends the same when the worker dies once in each activity, and whenever it was about to note what it did', async () => {
    const died = new Set<string>();
    const unnoted = new Set<string>();
    const blobs = makeMemoryBlobs();
    const rig = await openRig({
      freshProcesses: true,
      blobs: { ...blobs, state: dyingStore(blobs.state, unnoted) },
      async around(name, run) {
        const answer = await run();
        if (died.has(name)) return answer;
        died.add(name);
        throw new Error('the worker died');
      },
    });

    expect(await live(rig)).toEqual(calm);
    expect(died.size).toBeGreaterThan(20);
    expect(unnoted.size).toBeGreaterThan(50);
    await rig.close();
  }, 60_000);
});

/** Which schedules are awake, and how many machines the pools keep. */
function pauses(dump: object): string[] {
  return JSON.stringify(dump).match(/"pause_status":"\w+"|"min_idle_instances":\d+/g) ?? [];
}

/** The kinds of which something was carried. */
async function kindsOf({ runtime, pair }: Rig): Promise<string[]> {
  const kinds = new Set<string>();
  for (const { kind } of adapters) {
    for await (const { links } of listLinkPartitions(runtime.state, pair.name, kind))
      if (links.length > 0) kinds.add(kind);
  }
  return [...kinds];
}

/** The copies that are known to be ours: only such ones may ever be removed. What has no marker may have been there before. */
async function createdBy({ runtime, pair }: Rig): Promise<string[]> {
  const ids: string[] = [];
  for (const { kind } of adapters.filter(({ marker }) => marker !== undefined)) {
    for await (const { links } of listLinkPartitions(runtime.state, pair.name, kind))
      ids.push(...links.filter(({ ours }) => ours).map(({ primary }) => `${kind}/${primary}`));
  }
  return ids.sort();
}

/** Fails the first try to write each outcome. */
function dyingStore(store: BlobStore, died: Set<string>): BlobStore {
  return {
    read: (path, options) => store.read(path, options),
    readRange: (path, offset, length) => store.readRange(path, offset, length),
    list: (prefix, options) => store.list(prefix, options),
    listFolders: (prefix) => store.listFolders(prefix),
    delete: (path) => store.delete(path),
    ensure: () => store.ensure(),
    write(path, bytes, options) {
      const noted = /\/(restoring|verifying|cuttingOver)\//.test(path);
      if (!noted || died.has(path)) return store.write(path, bytes, options);
      died.add(path);
      return Promise.reject(new DrError('DR_BLOB_UNAVAILABLE', `cannot write ${path}: the worker died`));
    },
  };
}

import { hasCode } from '../../shared/domain/errors';
import { adapters } from '../../shared/adapters/registry';
import type { Adapter } from '../../shared/adapters/adapter';
import { diff } from '../../shared/domain/diff';
import { rewriteReferences } from '../../shared/domain/references';
import type { Stub } from '../../shared/domain/asset';
import {
  assetOf,
  indexOf,
  listAll,
  openAdapterPair,
  readBody,
  stubNamed,
  type AdapterPair,
} from '../support/adapter-workspaces';
import { fillEstate, type Sample } from '../support/adapter-estate';

let pair: AdapterPair;
let samples: Readonly<Record<string, Sample>>;
/** Source id -> target id of what the tests before created: kinds are restored in the order of the registry. */
const ids = new Map<string, string>();

beforeAll(async () => {
  pair = await openAdapterPair();
  samples = fillEstate(pair.primary.emulated);
});

afterAll(() => pair.close());

function resolve(to: string, id: string): string | undefined {
  return ids.get(`${to}/${id}`);
}

/** The body as it should be at the target, as the engine makes it. */
function desiredOf(adapter: Adapter, stub: Stub, body: object): object {
  const { body: rewritten, missing } = rewriteReferences(body, adapter.references, resolve);
  expect(missing).toEqual([]);
  const sleeping: object = adapter.asleep?.(rewritten) ?? rewritten;
  if (adapter.marker === undefined) return sleeping;
  const tags = (sleeping as Record<string, object | undefined>)[adapter.marker];
  return { ...sleeping, [adapter.marker]: { ...tags, dr_source_id: markerOf(stub) } };
}

function markerOf(stub: Stub): string {
  return `analytics:${stub.id}`;
}

async function restore(adapter: Adapter, stub: Stub, body: object): Promise<string> {
  const target = pair.secondary.open();
  const desired = desiredOf(adapter, stub, body);
  const index = indexOf(await listAll(target, adapter.kind));
  const there = adapter.find(index, assetOf(adapter.kind, stub, desired), markerOf(stub));
  const mayStay = there !== undefined && adapter.repeatable !== true;
  const source = adapter.unstaged && pair.primary.open();
  const id = mayStay ? there : await adapter.create(target, desired, index, source).catch(unlessThere);
  await adapter.settle?.(target, id, desired);
  ids.set(`${adapter.kind}/${stub.id}`, id);
  pair.secondary.pass(2_000);
  return id;

  function unlessThere(error: unknown): string {
    if (there !== undefined && hasCode(error, 'DR_API_CONFLICT')) return there;
    throw error;
  }
}

async function readTarget(adapter: Adapter, id: string): Promise<object> {
  const target = pair.secondary.open();
  const stub = (await listAll(target, adapter.kind)).find((one) => one.id === id);
  return readBody(target, adapter.kind, stub!);
}

/** Content that is never staged cannot be compared: it is as old as it says. */
function isSame({ ignore, unstaged }: Adapter, desired: object, actual: object): boolean {
  return diff(desired, actual, ignore).length === 0 && unstaged?.isFresh(desired, actual) !== false;
}

describe.each(adapters.map((adapter) => ({ kind: adapter.kind, adapter })))('$kind', ({ kind, adapter }) => {
  it('is listed, exported and created in the other workspace', async () => {
    const from = pair.primary.open();
    const stubs = (await listAll(from, kind)).filter(({ skip }) => skip === undefined);

    for (const stub of stubs) await restore(adapter, stub, await readBody(from, kind, stub));

    expect(stubs.map(({ name }) => name)).toContain(samples[kind]!.name);
  });

  it('is read back there without a difference', async () => {
    const from = pair.primary.open();
    const stubs = (await listAll(from, kind)).filter(({ skip }) => skip === undefined);

    for (const stub of stubs) {
      const desired = desiredOf(adapter, stub, await readBody(from, kind, stub));
      const actual = await readTarget(adapter, ids.get(`${kind}/${stub.id}`)!);
      expect({ stub: stub.id, diff: diff(desired, actual, adapter.ignore) }).toEqual({
        stub: stub.id,
        diff: [],
      });
    }
  });

  it('is found there by what identifies it', async () => {
    const from = pair.primary.open();
    const stub = await stubNamed(from, kind, samples[kind]!.name);
    const index = indexOf(await listAll(pair.secondary.open(), kind));
    const desired = desiredOf(adapter, stub, await readBody(from, kind, stub));

    const found = adapter.find(index, assetOf(kind, stub, desired), markerOf(stub));

    expect(found).toBe(ids.get(`${kind}/${stub.id}`));
  });

  it('has the same version until it is changed', async () => {
    const before = await stubNamed(pair.primary.open(), kind, samples[kind]!.name);
    pair.primary.pass(60_000);

    const after = await stubNamed(pair.primary.open(), kind, samples[kind]!.name);

    expect(after.version).toBe(before.version);
  });

  it('takes a change made at the source, and then has no difference', async () => {
    const { name, change } = samples[kind]!;
    if (change === undefined || adapter.update === undefined) {
      expect('update' in adapter).toBe(false);
      return;
    }
    const before = await stubNamed(pair.primary.open(), kind, name);
    pair.primary.pass(1_000);
    change();
    const from = pair.primary.open();
    const stub = await stubNamed(from, kind, name);
    const desired = desiredOf(adapter, stub, await readBody(from, kind, stub));
    const id = ids.get(`${kind}/${stub.id}`)!;
    const old = await readTarget(adapter, id);
    expect(isSame(adapter, desired, old)).toBe(false);
    if (before.version !== undefined) expect(stub.version).not.toBe(before.version);

    const target = pair.secondary.open();
    const index = indexOf(await listAll(target, kind));
    const source = adapter.unstaged && from;
    await adapter.update(target, id, desired, index, source);
    await adapter.update(target, id, desired, index, source);
    await adapter.settle?.(target, id, desired);
    pair.secondary.pass(2_000);

    expect(isSame(adapter, desired, await readTarget(adapter, id))).toBe(true);
  });

  it('is not duplicated when its creation is repeated', async () => {
    const from = pair.primary.open();
    const stub = await stubNamed(from, kind, samples[kind]!.name);
    const before = await listAll(pair.secondary.open(), kind);

    await restore(adapter, stub, await readBody(from, kind, stub));

    expect((await listAll(pair.secondary.open(), kind)).map(({ id }) => id)).toEqual(
      before.map(({ id }) => id),
    );
  });
});

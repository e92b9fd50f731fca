import { startWorkspace, type EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Adapter, TargetIndex } from '../../shared/adapters/adapter';
import { adapterOf } from '../../shared/adapters/registry';
import { makeWorkspaces } from '../../shared/databricks/client';
import type { Workspace } from '../../shared/databricks/workspace';
import { keyOf, type Asset, type Side, type Stub } from '../../shared/domain/asset';
import { noKindOptions } from '../../shared/domain/mounts';
import { makeLog } from '../../shared/log';

export interface AdapterSide {
  readonly emulated: EmulatedWorkspace;
  /** The client, as one piece of work: every call gives a fresh one, which remembers no listing. */
  open(): Workspace;
  /** Lets time go by in the workspace. */
  pass(ms: number): void;
}

export interface AdapterPair {
  readonly primary: AdapterSide;
  readonly secondary: AdapterSide;
  close(): Promise<void>;
}

/** Every kind is asked for. */
const options = {
  ...noKindOptions,
  mounts: {
    discover: true,
    everyHours: 0,
    sparkVersion: '15.4.x-scala2.12',
    nodeType: 'Standard_DS3_v2',
    how: [
      {
        match: '/mnt/*',
        kind: 'servicePrincipal',
        clientId: 'client',
        tenantId: 'tenant',
        scope: 'etl',
        key: 'db-password',
      },
    ],
  },
} as const;

/** Two empty emulated workspaces on virtual clocks, and the client. */
export async function openAdapterPair(): Promise<AdapterPair> {
  const clock = { nowMs: Date.UTC(2026, 10, 2) };
  const sides: EmulatedWorkspace[] = [];
  const workspaces = makeWorkspaces({
    now: () => clock.nowMs,
    sleep: (ms) => {
      clock.nowMs += ms;
      for (const one of sides) one.tick();
      return Promise.resolve();
    },
    log: makeLog(() => undefined),
    limits: 'off',
    allowLoopback: true,
  });
  async function side(name: Side, region: string): Promise<AdapterSide> {
    const token = `dapi-${name}`;
    const emulated = await startWorkspace({ name, region, token, now: () => clock.nowMs });
    sides.push(emulated);
    return {
      emulated,
      open: () =>
        workspaces.open({
          pair: 'analytics',
          side: name,
          url: emulated.url,
          token: { token: () => Promise.resolve(token), invalidate: () => undefined },
          options,
        }),
      pass(ms) {
        clock.nowMs += ms;
        emulated.tick();
      },
    };
  }
  const primary = await side('primary', 'eastus2');
  const secondary = await side('secondary', 'centralus');
  return {
    primary,
    secondary,
    async close() {
      await workspaces.close();
      await Promise.all([primary.emulated.close(), secondary.emulated.close()]);
    },
  };
}

/** Every stub of a kind, over all its partitions. */
export async function listAll(from: Workspace, kind: string): Promise<Stub[]> {
  const adapter = adapterOf(kind);
  const partitions = (await adapter.partitions?.(from)) ?? [kind];
  const lists = await from.each(partitions, (partition) => listPartition(from, adapter, partition));
  return lists.flat();
}

async function listPartition(from: Workspace, adapter: Adapter, partition: string): Promise<Stub[]> {
  const siblings = new Map<string, Stub[]>();
  for (const kind of adapter.of ?? []) {
    const sibling = adapterOf(kind);
    const partitions = (await sibling.partitions?.(from)) ?? [kind];
    if (!partitions.includes(partition)) continue;
    siblings.set(kind, await Array.fromAsync(sibling.list(from, partition, new Map())));
  }
  return Array.fromAsync(adapter.list(from, partition, siblings));
}

/** The one stub of that name. */
export async function stubNamed(from: Workspace, kind: string, name: string): Promise<Stub> {
  const found = (await listAll(from, kind)).filter((stub) => stub.name === name);
  if (found.length !== 1) throw new Error(`${found.length} assets of kind ${kind} are named ${name}`);
  return found[0]!;
}

export async function readBody(from: Workspace, kind: string, stub: Stub): Promise<object> {
  return stub.body ?? (await adapterOf(kind).export(from, stub));
}

export function assetOf(kind: string, stub: Stub, body: object): Asset {
  const { id, name, path } = stub;
  return { key: keyOf(kind, id), kind, id, name, body, ...(path === undefined ? {} : { path }) };
}

export function indexOf(stubs: readonly Stub[]): TargetIndex {
  return {
    byId: (id) => stubs.find((stub) => stub.id === id),
    byMarker: (marker) => stubs.find((stub) => stub.marker === marker),
    byName: (name) => stubs.find((stub) => stub.name === name),
    byPath: (path) => stubs.find((stub) => stub.path === path),
  };
}

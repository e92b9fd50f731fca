import type { Adapter } from '../../adapters/adapter';
import { matches } from '../../adapters/reference-values';
import { adapterOf, adapters } from '../../adapters/registry';
import { isMembers, type Members } from '../../domain/body-path';
import { keyOf, type AssetKey } from '../../domain/asset';
import type { PreflightEstate } from '../../domain/preflight';
import { findReferences, type FoundReference } from '../../domain/references';
import { rewriteText, rulesFrom } from '../../domain/rewrite';
import type { Manifest } from '../../domain/snapshot';
import { tierOf } from '../readiness-judge';
import type { RunContext } from '../run-context';
import { bodiesOfManifest } from '../snapshot-bodies';

/** What checks have at hand: as a run, but nothing is planned or written. */
export type PreflightContext = Pick<
  RunContext,
  'pair' | 'source' | 'target' | 'from' | 'to' | 'state' | 'snapshots' | 'log' | 'probe' | 'now'
>;

/** Machines that something starts as soon as it is awake. */
export interface Demand {
  readonly key: AssetKey;
  readonly nodeType: string;
  readonly nodes: number;
}

/** What the snapshot says about everything that jobs need, as it will be in the target. */
export interface PreflightFacts extends PreflightEstate {
  readonly nodeTypes: ReadonlyMap<string, readonly AssetKey[]>;
  readonly runtimes: ReadonlyMap<string, readonly AssetKey[]>;
  readonly demand: readonly Demand[];
  /** Whom jobs and clusters run as, by key of the principal. */
  readonly runAs: ReadonlyMap<AssetKey, readonly AssetKey[]>;
  readonly fromGit: readonly AssetKey[];
  /** `scope/key` of secrets that bodies name. */
  readonly secrets: ReadonlyMap<string, readonly AssetKey[]>;
}

const everySecret = new RegExp(matches.secret, 'g');
const runsAs = /^run_as\.|single_user_name$/;

class Gathering implements PreflightFacts {
  readonly jobs = new Map<AssetKey, number | null>();
  readonly needs = new Map<AssetKey, AssetKey[]>();
  readonly nodeTypes = new Map<string, AssetKey[]>();
  readonly runtimes = new Map<string, AssetKey[]>();
  readonly demand: Demand[] = [];
  readonly runAs = new Map<AssetKey, AssetKey[]>();
  readonly fromGit: AssetKey[] = [];
  readonly secrets = new Map<string, AssetKey[]>();
}

/** Reads the bodies of jobs and of everything that they refer to by id. */
export async function gatherFacts(context: PreflightContext, manifest: Manifest): Promise<PreflightFacts> {
  const facts = new Gathering();
  const rules = rulesFrom(context.pair.rewrite, context.source);
  for (const kind of kindsBehindJobs()) {
    const adapter = adapterOf(kind);
    for await (const { line, body } of bodiesOfManifest(context, manifest, kind)) {
      const rewritten = rewriteText(body, rules).body;
      const found = findReferences(rewritten, adapter.references);
      facts.needs.set(
        line.key,
        found.map(({ key }) => key),
      );
      noteReferences(facts, line.key, found);
      noteValues(facts, line.key, rewritten);
      noteDemand(facts, adapter, line.key, rewritten);
      if (kind !== 'job') continue;
      facts.jobs.set(line.key, tierOf(context, adapter.tags?.(rewritten)) ?? null);
      if ('git_source' in rewritten) facts.fromGit.push(line.key);
    }
  }
  return facts;
}

/** Jobs, and every kind that they come to by id. */
function kindsBehindJobs(): string[] {
  const carried = new Set(adapters.map(({ kind }) => kind));
  const kinds = new Set(['job']);
  for (const kind of kinds)
    for (const { to, by = 'id' } of adapterOf(kind).references)
      if (by === 'id' && carried.has(to)) kinds.add(to);
  return [...kinds];
}

function noteReferences(facts: Gathering, key: AssetKey, found: readonly FoundReference[]): void {
  for (const reference of found) {
    if (runsAs.test(reference.at)) note(facts.runAs, reference.key, key);
  }
}

/** Node types, runtimes and secrets, wherever they are in a body. */
function noteValues(facts: Gathering, key: AssetKey, node: unknown, name = ''): void {
  if (Array.isArray(node)) for (const one of node) noteValues(facts, key, one, name);
  else if (isMembers(node))
    for (const [member, value] of Object.entries(node)) noteValues(facts, key, value, member);
  else if (typeof node === 'string') {
    if (name === 'node_type_id' || name === 'driver_node_type_id') note(facts.nodeTypes, node, key);
    if (name === 'spark_version') note(facts.runtimes, node, key);
    for (const [, name = ''] of node.matchAll(everySecret)) note(facts.secrets, name, key);
  }
}

/** What would start at once: the clusters of jobs that are awake, and the idle machines of pools. */
function noteDemand(facts: Gathering, adapter: Adapter, key: AssetKey, body: object): void {
  if ((adapter.triggers?.awake(body) ?? []).length === 0) return;
  for (const spec of specsIn(body)) {
    const nodeType = spec['node_type_id'];
    const nodes = nodesOf(spec);
    if (typeof nodeType === 'string' && nodes > 0) facts.demand.push({ key, nodeType, nodes });
  }
}

function specsIn(node: unknown): Members[] {
  if (Array.isArray(node)) return node.flatMap(specsIn);
  if (!isMembers(node)) return [];
  return [...('node_type_id' in node ? [node] : []), ...Object.values(node).flatMap(specsIn)];
}

/** The least that it takes: the driver and the workers; in a pool, the idle machines. */
function nodesOf(spec: Members): number {
  const idle = spec['min_idle_instances'];
  if (typeof idle === 'number') return idle;
  const scale = spec['autoscale'];
  const workers = isMembers(scale) ? scale['min_workers'] : spec['num_workers'];
  return 1 + (typeof workers === 'number' ? workers : 0);
}

function note<K>(map: Map<K, AssetKey[]>, name: K, key: AssetKey): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [key]);
  else if (known.at(-1) !== key) known.push(key);
}

/** The key by which a principal is referred to. */
export function principalKey(kind: 'user' | 'service-principal' | 'group', name: string): AssetKey {
  return keyOf(kind, name);
}

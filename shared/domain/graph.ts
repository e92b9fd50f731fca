import { DrError } from './errors';

/** A graph cut into waves. Keys that are on a cycle, or wait for one, are in no wave. */
export interface Waves {
  /** Every key comes after all keys it depends on; inside a wave nothing depends on anything. */
  readonly waves: string[][];
  /** Each cycle once, as a chain that ends where it began: `['a', 'b', 'a']`. */
  readonly cycles: string[][];
  /** The keys that are in no wave, each with the cycle that it is on or waits for. */
  readonly stuck: ReadonlyMap<string, readonly string[]>;
}

type Graph = ReadonlyMap<string, readonly string[]>;

/** Cuts a graph into waves. What is depended on but is no key of the map counts as already there. Linear in keys and edges. */
export function waves(dependsOn: Graph): Waves {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const [key, needs] of dependsOn) {
    const known = [...new Set(needs)].filter((need) => dependsOn.has(need));
    waiting.set(key, known.length);
    for (const need of known) {
      const list = dependents.get(need);
      if (list) list.push(key);
      else dependents.set(need, [key]);
    }
  }
  const found: string[][] = [];
  let ready = [...waiting].filter(([, count]) => count === 0).map(([key]) => key);
  while (ready.length > 0) {
    found.push(ready);
    const next: string[] = [];
    for (const key of ready) {
      waiting.delete(key);
      for (const dependent of dependents.get(key) ?? []) {
        const left = (waiting.get(dependent) ?? 0) - 1;
        waiting.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    ready = next;
  }
  return { waves: found, ...cyclesOf(dependsOn, waiting) };
}

/** Each key that is left depends on another that is left: following the first of them ends in a cycle. */
function cyclesOf(dependsOn: Graph, left: ReadonlyMap<string, number>): Pick<Waves, 'cycles' | 'stuck'> {
  const cycles: string[][] = [];
  const stuck = new Map<string, readonly string[]>();
  for (const start of left.keys()) {
    const trail = new Map<string, number>();
    let key = start;
    while (!stuck.has(key) && !trail.has(key)) {
      trail.set(key, trail.size);
      key = dependsOn.get(key)?.find((need) => left.has(need)) ?? key;
    }
    let cycle = stuck.get(key);
    if (cycle === undefined) {
      const closed = [...[...trail.keys()].slice(trail.get(key)), key];
      cycles.push(closed);
      cycle = closed;
    }
    for (const passed of trail.keys()) stuck.set(passed, cycle);
  }
  return { cycles, stuck };
}

/** What is needed of an adapter to order its kind. */
export interface OrderedKind {
  readonly kind: string;
  readonly references: readonly { readonly to: string }[];
  readonly of?: readonly string[];
}

/**
 * The kinds in levels: each after every kind that it points at or is derived from. References to itself do not count.
 * Throws DR_INTERNAL when kinds depend on each other in a circle.
 */
export function kindLevels(adapters: readonly OrderedKind[]): string[][] {
  const graph = new Map(
    adapters.map(({ kind, references, of }) => [
      kind,
      [...references.map(({ to }) => to), ...(of ?? [])].filter((to) => to !== kind),
    ]),
  );
  const levels = waves(graph);
  const [cycle] = levels.cycles;
  if (cycle) throw new DrError('DR_INTERNAL', `cannot order kinds: circle ${cycle.join(' -> ')}`);
  return levels.waves;
}

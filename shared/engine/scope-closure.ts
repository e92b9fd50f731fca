import { adapterOf, adapters } from '../adapters/registry';
import { keyOf, parseKey, type AssetKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { PlanEntry } from '../domain/plan';
import { findReferences } from '../domain/references';
import type { IndexLine } from '../domain/snapshot';
import { readBodies } from '../storage/packs';
import { refOf } from './plan-compare';
import type { RunContext } from './run-context';

/** Every drafted entry, from the first unit on. */
export type Entries = () => AsyncIterable<PlanEntry>;

/** Bodies read at a time. */
const batch = 50;
/** What holds other things of the tree. */
const folderKinds = ['directory', 'git-folder'];
const homeSyntax = /^\/Users\/([^/]+)/;

/** What a search for everything that some assets need has found so far. */
interface Search {
  readonly found: Set<AssetKey>;
  readonly open: AssetKey[];
  /** Lines of the kinds that are listed as a whole, and of the parts of what was found: those whose bodies may point on. */
  readonly lines: Map<AssetKey, IndexLine>;
  /** Keys by kind and name, and by kind and path, for references that do not go by id. */
  readonly named: Map<AssetKey, AssetKey>;
  /** Folders that are referred to as such: everything in them is needed. */
  readonly folders: Set<string>;
}

/**
 * The seeds, and all that they need, directly or not: what their bodies point at, folders and home of what lies in the tree, and of all
 * of these the permissions and other parts with the principals in them. What code imports, nobody can see.
 */
export async function closureOf(
  context: RunContext,
  entries: Entries,
  isSeed: (entry: PlanEntry) => boolean,
): Promise<ReadonlySet<AssetKey>> {
  const search: Search = {
    found: new Set(),
    open: [],
    lines: new Map(),
    named: new Map(),
    folders: new Set(),
  };
  for await (const entry of entries()) {
    if (isListedWhole(entry)) know(search, entry);
    if (isSeed(entry)) add(search, entry.key);
  }
  await follow(context, search);
  for (let before = -1; before !== search.found.size;) {
    before = search.found.size;
    for await (const entry of entries()) addPart(search, entry);
    await follow(context, search);
  }
  return search.found;
}

/** Kinds of few assets. Those of the tree, and parts, are known by their keys. */
function isListedWhole({ key, partition }: PlanEntry): boolean {
  return parseKey(key).kind === partition;
}

function know({ lines, named }: Search, { key, name, line }: PlanEntry): void {
  const { kind } = parseKey(key);
  if (line === undefined) return;
  lines.set(key, line);
  for (const text of [name, line.path]) {
    if (text !== undefined && !named.has(keyOf(kind, text))) named.set(keyOf(kind, text), key);
  }
}

function add(search: Search, wanted: AssetKey): void {
  const key = search.lines.has(wanted) ? wanted : (search.named.get(wanted) ?? wanted);
  if (search.found.has(key)) return;
  search.found.add(key);
  search.open.push(key);
  const { id } = parseKey(key);
  if (!id.startsWith('/')) return;
  for (const folder of foldersAbove(id)) for (const kind of folderKinds) add(search, keyOf(kind, folder));
  const [, home] = homeSyntax.exec(id) ?? [];
  if (home !== undefined) add(search, keyOf('user', home));
}

function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_name, i) => `/${names.slice(0, i + 1).join('/')}`);
}

/** What belongs to something that was found: its permissions, and what lies in a folder that is needed as a whole. */
function addPart(search: Search, { key, line }: PlanEntry): void {
  if (line === undefined || search.found.has(key)) return;
  const isPart = line.owner !== undefined && search.found.has(line.owner);
  const { id } = parseKey(key);
  const isInside = search.folders.size > 0 && foldersAbove(id).some((folder) => search.folders.has(folder));
  if (!isPart && !isInside) return;
  search.lines.set(key, line);
  add(search, key);
}

/** Reads the bodies of what was found and adds what they point at, until nothing new comes up. */
async function follow(context: RunContext, search: Search): Promise<void> {
  while (search.open.length > 0) {
    const lines = search.open.splice(0, batch).flatMap((key) => {
      const line = search.lines.get(key);
      return line?.bodySha === undefined || adapterOf(parseKey(key).kind).references.length === 0
        ? []
        : [line];
    });
    const bodies = await readBodies(context.snapshots, context.pair.name, lines.map(refOf));
    for (const [key, body] of bodies) if (!(body instanceof DrError)) addReferences(search, key, body);
    // An older body may be kept for what has none.
    for (const { needs = [] } of lines) for (const need of needs) add(search, need);
  }
}

function addReferences(search: Search, key: string, body: object): void {
  for (const reference of findReferences(body, adapterOf(parseKey(key).kind).references)) {
    const { kind, id } = parseKey(reference.key);
    if (adapters.some((adapter) => adapter.kind === kind)) add(search, reference.key);
    if (folderKinds.includes(kind) && reference.by === 'path' && !isTree(key)) search.folders.add(id);
  }
}

function isTree(key: string): boolean {
  const { kind, id } = parseKey(key);
  return kind === 'permission' || id.startsWith('/');
}

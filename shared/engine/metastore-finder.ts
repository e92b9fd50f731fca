import type { Adapter } from '../adapters/adapter';
import { adapters } from '../adapters/registry';
import { keyOf, parseKey, type AssetKey } from '../domain/asset';
import {
  metastoresIn,
  metastoresInScript,
  type MetastoreSetting,
  type SourceNames,
} from '../domain/external-metastore';
import { findReferences } from '../domain/references';
import type { IndexLine } from '../domain/snapshot';
import { readBodies } from '../storage/packs';
import { rulesOf } from './id-map';
import { refOf } from './plan-compare';
import { manifestOf } from './plan-units';
import type { RunContext } from './run-context';
import { bodiesOf } from './snapshot-bodies';
import { readableLines } from './snapshot-damage';

/** Settings that a report lists. */
const maxSettings = 1_000;

/** Every setting of an external Hive metastore in the snapshot of the run: in Spark settings, and in the scripts that clusters start with. */
export async function findMetastores(context: RunContext): Promise<MetastoreSetting[]> {
  const source = { rules: rulesOf(context), region: context.pair[context.source].region };
  const found: MetastoreSetting[] = [];
  const scripts = new Set<AssetKey>();
  for (const adapter of adapters.filter(
    ({ step, references }) => step === 'initScripts' || hasScripts(references),
  )) {
    for await (const { line, body } of bodiesOf(context, adapter.kind)) {
      found.push(...settingsIn(line, body, source));
      for (const { key, at } of findReferences(body, adapter.references)) if (isScript(at)) scripts.add(key);
      if (found.length >= maxSettings) return found.slice(0, maxSettings);
    }
  }
  found.push(...(await settingsOfFiles(context, scripts, source)));
  return found.slice(0, maxSettings);
}

function isScript(at: string): boolean {
  return at.includes('init_scripts');
}

/** Kinds that say which scripts a cluster starts with are those that say how Spark is set up. */
function hasScripts(references: Adapter['references']): boolean {
  return references.some(({ at }) => isScript(at));
}

function settingsIn({ key, name }: IndexLine, body: object, source: SourceNames): MetastoreSetting[] {
  const text = scriptOf(body);
  return text === undefined
    ? metastoresIn({ key, name }, body, source)
    : metastoresInScript({ key, name }, text, source);
}

/** The text of a body that is a script. */
function scriptOf(body: object): string | undefined {
  const { content, script } = body as { content?: unknown; script?: unknown };
  const base64 = content ?? script;
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString() : undefined;
}

async function settingsOfFiles(
  context: RunContext,
  scripts: ReadonlySet<AssetKey>,
  source: SourceNames,
): Promise<MetastoreSetting[]> {
  if (scripts.size === 0) return [];
  const { rows } = await manifestOf(context);
  const lines: IndexLine[] = [];
  for (const { kind, partition, indexShas } of rows) {
    // A home without such a script is not read.
    const isThere = [...scripts].some(
      (key) => key.startsWith(keyOf(kind, partition)) || key.startsWith(`${kind}/dbfs:`),
    );
    if (!isThere) continue;
    for await (const line of readableLines(context, indexShas, () => undefined))
      if (scripts.has(line.key) && parseKey(line.key).kind === kind && line.bodySha !== undefined)
        lines.push(line);
  }
  const bodies = await readBodies(context.snapshots, context.pair.name, lines.map(refOf));
  return lines.flatMap((line) => {
    const body = bodies.get(line.key);
    return body === undefined || body instanceof Error ? [] : settingsIn(line, body, source);
  });
}

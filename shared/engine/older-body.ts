import { parseKey } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { IndexLine, Manifest } from '../domain/snapshot';
import { paths } from '../storage/layout';
import { readBodies } from '../storage/packs';
import { readManifest } from '../storage/snapshots';
import { refOf } from './plan-compare';
import { manifestOf } from './plan-units';
import type { RunContext } from './run-context';
import { readableLines } from './snapshot-damage';
import { rowOf } from './units';

/** How far back an older body is looked for. */
const maxSnapshots = 10;

/** Says which older snapshot has a good body of an asset whose own is lost. It is only offered: nobody asked for an older state. */
export async function withOlderBody(
  context: RunContext,
  line: IndexLine,
  partition: string,
  lost: string,
): Promise<string> {
  for (const manifest of await olderManifests(context)) {
    const found = await findLine(context, manifest, line, partition);
    if (found === undefined || found.pack === line.pack) continue;
    const body = (await readBodies(context.snapshots, context.pair.name, [refOf(found)])).get(line.key);
    if (body !== undefined && !(body instanceof DrError))
      return `${lost}: ${manifest.id}, sealed ${manifest.sealedAt}, has an older body; a failover may name it`;
  }
  return `${lost}; none of the last ${maxSnapshots} has`;
}

/** The snapshots of the same side before the one of the run, the newest first. */
function olderManifests(context: RunContext): Promise<readonly Manifest[]> {
  const { cache, request, snapshots, pair } = context;
  return cache.once(`${request.runId}:older`, async () => {
    const own = await manifestOf(context);
    const ids = await Array.fromAsync(snapshots.listFolders(paths.snapshots(pair.name)));
    const older: Manifest[] = [];
    // Ids begin with the pair and go on with the time.
    for (const id of ids
      .filter((one) => one < own.id)
      .sort()
      .reverse()) {
      const manifest = await readOne(context, id);
      if (manifest?.source.side === own.source.side) older.push(manifest);
      if (older.length === maxSnapshots) break;
    }
    return older;
  });
}

async function readOne(context: RunContext, id: string): Promise<Manifest | undefined> {
  try {
    return await readManifest(context, context.pair.name, id);
  } catch (error) {
    if (!hasCode(error, 'DR_BODY_CORRUPT', 'DR_BLOB_FORMAT', 'DR_SNAPSHOT_MISSING')) throw error;
    return undefined;
  }
}

async function findLine(
  context: RunContext,
  manifest: Manifest,
  { key }: IndexLine,
  partition: string,
): Promise<IndexLine | undefined> {
  const shas = rowOf(manifest, parseKey(key).kind, partition)?.indexShas ?? [];
  for await (const line of readableLines(context, shas, () => undefined))
    if (line.key === key) return line.bodySha === undefined ? undefined : line;
  return undefined;
}

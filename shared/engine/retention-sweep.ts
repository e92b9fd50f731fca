import { hasCode } from '../domain/errors';
import type { BlobStore, DeleteOptions } from '../storage/blob-store';
import { mapAhead } from '../storage/bounded';
import { paths } from '../storage/layout';
import { readRequest } from '../storage/runs';
import type { RunContext } from './run-context';

const deletesAhead = 8;
/** The claim is looked at again after so many. */
const batch = 50;

/** What is to be removed by one portion of the work. */
export interface Sweep {
  readonly remove: readonly string[];
  readonly bytes: number;
}

/** Blobs under a prefix that are older than `cutoff` and not wanted; what is wanted and not there is told to `onMissing`. */
export async function findUnreferenced(
  store: BlobStore,
  prefix: string,
  cutoff: string,
  wanted: ReadonlySet<string>,
): Promise<Sweep & { readonly seen: ReadonlySet<string> }> {
  const remove: string[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for await (const blob of store.list(prefix)) {
    seen.add(blob.path);
    if (wanted.has(blob.path) || blob.lastModified >= cutoff) continue;
    remove.push(blob.path);
    bytes += blob.bytes;
  }
  return { remove, bytes, seen };
}

/** Every blob of these runs; of a failover those stay that tell what happened. */
export async function findRunBlobs(context: RunContext, runIds: readonly string[]): Promise<Sweep> {
  const remove: string[] = [];
  let bytes = 0;
  for (const runId of runIds) {
    const request = await readRequest(context.state, runId);
    const isRecord = (request?.kind === 'failover' || request?.kind === 'failback') && !request.dryRun;
    const stays = new Set(isRecord ? recordsOf(runId) : []);
    for await (const blob of context.state.list(paths.run(runId))) {
      if (stays.has(blob.path)) continue;
      remove.push(blob.path);
      bytes += blob.bytes;
    }
  }
  return { remove, bytes };
}

function recordsOf(runId: string): string[] {
  const { request, runConfig, summary, approval, planHead, report, reportHtml } = paths;
  return [request, runConfig, summary, approval, planHead, report, reportHtml].map((path) => path(runId));
}

/** Removes blobs, as long as the run has the pair. Returns how many could not be: written again meanwhile, or kept immutable. */
export async function removeBlobs(
  context: RunContext,
  store: BlobStore,
  blobs: readonly string[],
  options: DeleteOptions = {},
): Promise<number> {
  let refused = 0;
  for (let start = 0; start < blobs.length; start += batch) {
    await context.holdsClaim();
    const some = blobs.slice(start, start + batch);
    for await (const isGone of mapAhead(some, deletesAhead, (path) => removeOne(store, path, options)))
      if (!isGone) refused += 1;
  }
  return refused;
}

async function removeOne(store: BlobStore, path: string, options: DeleteOptions): Promise<boolean> {
  try {
    await store.delete(path, options);
    return true;
  } catch (error) {
    if (!hasCode(error, 'DR_BLOB_CONFLICT', 'DR_BLOB_FORBIDDEN')) throw error;
    return false;
  }
}

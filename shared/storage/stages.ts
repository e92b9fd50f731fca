import { gunzipSync, gzipSync } from 'node:zlib';
import { DrError } from '../domain/errors';
import type { BlobStore } from './blob-store';
import { paths } from './layout';

interface Stage {
  readonly formatVersion: 1;
}

/** Stores an intermediate result of a run: what one activity hands to a later one. Written again with each try. */
export async function writeStage<T extends Stage>(
  state: BlobStore,
  runId: string,
  name: string,
  value: T,
): Promise<void> {
  await state.write(paths.stage(runId, name), gzipSync(JSON.stringify(value)), {
    contentType: 'application/gzip',
  });
}

/** Reads what {@link writeStage} stored. Missing is DR_BLOB_MISSING, or undefined when `optional`. */
export async function readStage<T extends Stage | undefined>(
  state: BlobStore,
  runId: string,
  name: string,
  optional = false,
): Promise<T> {
  const path = paths.stage(runId, name);
  const blob = await state.read(path);
  if (blob === undefined) {
    if (optional) return undefined as T;
    throw new DrError('DR_BLOB_MISSING', `cannot read ${path}: it is not there`);
  }
  const value = JSON.parse(gunzipSync(blob.bytes).toString()) as Stage;
  if ((value.formatVersion as number) !== 1) {
    throw new DrError('DR_BLOB_FORMAT', `cannot read ${path}: unknown formatVersion ${value.formatVersion}`);
  }
  return value as T;
}

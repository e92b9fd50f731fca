import type { AssetKey } from '../domain/asset';
import type { BlobStore } from './blob-store';
import { readDocument, writeDocument } from './documents';
import { paths } from './layout';

/** An asset that did not arrive in a wave, and why. */
export interface Failure {
  readonly key: AssetKey;
  readonly reason: string;
}

interface Failures {
  readonly formatVersion: 1;
  readonly failures: readonly Failure[];
}

/** Stores what did not arrive in a wave, so that later waves can say what they wait for. */
export async function writeFailures(
  state: BlobStore,
  runId: string,
  wave: number,
  failures: readonly Failure[],
): Promise<void> {
  await writeDocument<Failures>(state, paths.failures(runId, wave), { formatVersion: 1, failures });
}

/** What did not arrive in a wave; empty when everything did. */
export async function readFailures(
  state: BlobStore,
  runId: string,
  wave: number,
): Promise<readonly Failure[]> {
  return (await readDocument<Failures>(state, paths.failures(runId, wave)))?.value.failures ?? [];
}

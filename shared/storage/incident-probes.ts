import type { ProbeResult } from '../domain/confirm';
import type { BlobStore } from './blob-store';
import { readDocument, updateDocument } from './documents';
import { paths } from './layout';

/** What one confirmation of an incident has seen so far, and the run that answers it. */
interface Confirmation {
  readonly formatVersion: 1;
  readonly probes: readonly ProbeResult[];
  readonly runId?: string;
}

export async function readIncidentProbes(
  state: BlobStore,
  pair: string,
  attempt: number,
): Promise<readonly ProbeResult[]> {
  return (await readDocument<Confirmation>(state, paths.confirmation(pair, attempt)))?.value.probes ?? [];
}

export async function writeIncidentProbes(
  state: BlobStore,
  pair: string,
  attempt: number,
  probes: readonly ProbeResult[],
): Promise<void> {
  await updateDocument<Confirmation>(state, paths.confirmation(pair, attempt), (current) => ({
    ...current,
    formatVersion: 1,
    probes,
  }));
}

/** The run id of the failover that answers a confirmation: `fresh`, or the one that was chosen before. */
export async function chooseRunId(
  state: BlobStore,
  pair: string,
  attempt: number,
  fresh: string,
): Promise<string> {
  const stored = await updateDocument<Confirmation>(state, paths.confirmation(pair, attempt), (current) =>
    current?.runId === undefined
      ? { formatVersion: 1, probes: current?.probes ?? [], runId: fresh }
      : undefined,
  );
  return stored?.runId ?? fresh;
}

import type { Report } from '../domain/report';
import type { RunRequest } from '../domain/run';
import type { BlobStore } from '../storage/blob-store';
import { readDocument, updateDocument } from '../storage/documents';
import { paths } from '../storage/layout';
import { readReport } from '../storage/runs';

interface LastGreen {
  readonly formatVersion: 1;
  /** The last run of any sort that succeeded. */
  readonly runId: string;
  /** By the sort of run: a rehearsal is no measure for a refresh. */
  readonly runs: Readonly<Record<string, string>>;
}

function sortOf({ kind, dryRun }: RunRequest): string {
  return dryRun ? `${kind} dry run` : kind;
}

/** Notes that a run succeeded. One that was limited to a part says nothing about the rest. */
export async function noteGreen(state: BlobStore, request: RunRequest): Promise<void> {
  if (request.scope !== undefined) return;
  const { runId, pair } = request;
  await updateDocument<LastGreen>(state, paths.lastGreen(pair), (now) => ({
    formatVersion: 1,
    runId,
    runs: { ...now?.runs, [sortOf(request)]: runId },
  }));
}

/** The runs whose reports later ones are compared with. */
export async function lastGreenRuns(state: BlobStore, pair: string): Promise<readonly string[]> {
  const stored = await readDocument<LastGreen>(state, paths.lastGreen(pair));
  return Object.values(stored?.value.runs ?? {});
}

/** The report of the last run of the same sort that succeeded. */
export async function readLastGreen(state: BlobStore, request: RunRequest): Promise<Report | undefined> {
  const stored = await readDocument<LastGreen>(state, paths.lastGreen(request.pair));
  const runId = stored?.value.runs[sortOf(request)];
  if (runId === undefined || runId === request.runId) return undefined;
  return (await readReport(state, runId)) as Report | undefined;
}

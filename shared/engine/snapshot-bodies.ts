import { parseKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { IndexLine, Manifest } from '../domain/snapshot';
import { readBodies } from '../storage/packs';
import { readableLines } from './snapshot-damage';
import { refOf } from './plan-compare';
import { manifestOf } from './plan-units';
import type { RunContext } from './run-context';

const batch = 50;

/** The index lines of one kind in the snapshot of the run, bodies or not; without those that cannot be read (the plan reports them). */
export async function* linesOf(context: RunContext, kind: string): AsyncGenerator<IndexLine> {
  yield* linesOfManifest(context, await manifestOf(context), kind);
}

type Reader = Pick<RunContext, 'pair' | 'snapshots' | 'log'>;

async function* linesOfManifest(
  context: Reader,
  { rows }: Manifest,
  kind: string,
): AsyncGenerator<IndexLine> {
  for (const row of rows) {
    if (row.kind === kind) yield* readableLines(context, row.indexShas, () => undefined);
  }
}

/** The bodies of one kind in the snapshot of the run; those that cannot be read are left out (the restore reports them). */
export async function* bodiesOf(context: RunContext, kind: string): AsyncGenerator<LineWithBody> {
  yield* bodiesOfManifest(context, await manifestOf(context), kind);
}

interface LineWithBody {
  readonly line: IndexLine;
  readonly body: object;
}

/** The same for a snapshot that no run is restoring. */
export async function* bodiesOfManifest(
  context: Reader,
  manifest: Manifest,
  kind: string,
): AsyncGenerator<LineWithBody> {
  let waiting: IndexLine[] = [];
  for await (const line of linesOfManifest(context, manifest, kind)) {
    if (line.bodySha === undefined) continue;
    waiting.push(line);
    if (waiting.length < batch) continue;
    yield* readSome(context, waiting);
    waiting = [];
  }
  yield* readSome(context, waiting);
}

async function* readSome(context: Reader, lines: readonly IndexLine[]) {
  const bodies = await readBodies(context.snapshots, context.pair.name, lines.map(refOf));
  for (const line of lines) {
    const body = bodies.get(line.key);
    if (body !== undefined && !(body instanceof DrError)) yield { line, body };
  }
}

/** The lines of one kind by source id. */
export async function linesById(context: RunContext, kind: string): Promise<Map<string, IndexLine>> {
  const lines = new Map<string, IndexLine>();
  for await (const line of linesOf(context, kind)) lines.set(parseKey(line.key).id, line);
  return lines;
}

import { parseKey } from '../domain/asset';
import { DrError } from '../domain/errors';
import type { IndexLine } from '../domain/snapshot';
import { readBodies } from '../storage/packs';
import { readableLines } from './snapshot-damage';
import { refOf } from './plan-compare';
import { manifestOf } from './plan-units';
import type { RunContext } from './run-context';

const batch = 50;

/** The index lines of one kind in the snapshot of the run, bodies or not; without those that cannot be read (the plan reports them). */
export async function* linesOf(context: RunContext, kind: string): AsyncGenerator<IndexLine> {
  for (const row of (await manifestOf(context)).rows) {
    if (row.kind === kind) yield* readableLines(context, row.indexShas, () => undefined);
  }
}

/** The bodies of one kind in the snapshot of the run; those that cannot be read are left out (the restore reports them). */
export async function* bodiesOf(
  context: RunContext,
  kind: string,
): AsyncGenerator<{ readonly line: IndexLine; readonly body: object }> {
  let waiting: IndexLine[] = [];
  for await (const line of linesOf(context, kind)) {
    if (line.bodySha === undefined) continue;
    waiting.push(line);
    if (waiting.length < batch) continue;
    yield* readSome(context, waiting);
    waiting = [];
  }
  yield* readSome(context, waiting);
}

async function* readSome(context: RunContext, lines: readonly IndexLine[]) {
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

import { parseKey, type AssetKey } from '../domain/asset';
import type { Link, LinkPartition } from '../domain/link';
import type { PlanEntry } from '../domain/plan';
import type { Outcome, Phase } from '../domain/run';
import { readLinks, writeLinks } from '../storage/links';
import { writeFailures, type Failure } from '../storage/failures';
import { streamItemResults } from '../storage/runs';
import { idMaps, mapShaOf } from './id-map';
import { degraded, makeLink } from './make-link';
import { eraOf } from './restorer';
import type { RunContext } from './run-context';
import { planChunk } from './work-item';

/** What was restored or verified in one partition of one kind. */
type Changes = Map<string, Map<string, { entry: PlanEntry; outcome: Outcome }>>;

/**
 * Closes a wave: records the links of what was restored (after verifying: with what was read back), and what did not arrive.
 * May run again: the same outcomes give the same links.
 */
export async function sealWave(context: RunContext, phase: Phase, wave: number): Promise<void> {
  const failures: Failure[] = [];
  const changes: Changes = new Map();
  for await (const result of streamItemResults(context.state, context.request.runId, phase, wave)) {
    const entries = new Map<AssetKey, PlanEntry>();
    for (const entry of await planChunk(context, wave, result.chunk)) entries.set(entry.key, entry);
    for (const outcome of result.outcomes) {
      const entry = entries.get(outcome.key);
      if (entry?.line === undefined) continue;
      if (outcome.outcome !== 'restored')
        failures.push({ key: outcome.key, reason: `${outcome.outcome}: ${outcome.reason}` });
      else if (outcome.target !== undefined) noteChange(changes, entry, outcome);
    }
  }
  if (phase === 'restoring') await writeSettledFailures(context, wave, failures);
  for (const [place, changed] of changes) await sealPartition(context, phase, wave, place, changed);
}

function noteChange(changes: Changes, entry: PlanEntry, outcome: Outcome): void {
  const place = JSON.stringify([parseKey(entry.key).kind, entry.partition]);
  const known = changes.get(place) ?? new Map<string, { entry: PlanEntry; outcome: Outcome }>();
  changes.set(place, known.set(entry.key, { entry, outcome }));
}

async function writeSettledFailures(
  context: RunContext,
  wave: number,
  failures: readonly Failure[],
): Promise<void> {
  if (failures.length > 0) await writeFailures(context.state, context.request.runId, wave, failures);
}

async function sealPartition(
  context: RunContext,
  phase: Phase,
  wave: number,
  place: string,
  changed: ReadonlyMap<string, { entry: PlanEntry; outcome: Outcome }>,
): Promise<void> {
  const [kind = '', partition = ''] = JSON.parse(place) as string[];
  const stored = await readLinks(context.state, context.pair.name, kind, partition);
  const links = new Map<string, Link>();
  for (const link of stored?.links ?? []) links.set(link[context.source], link);
  const resolve = await idMaps(
    context,
    eraOf(wave),
    [...changed.values()].flatMap(({ entry }) => entry.needs),
  );
  for (const { entry, outcome } of changed.values()) {
    const { id } = parseKey(entry.key);
    links.set(id, linkOf(context, phase, entry, outcome, links.get(id), resolve));
  }
  const next: LinkPartition = {
    ...(stored ?? { kind, partition }),
    kind,
    partition,
    links: [...links.values()],
  };
  await writeLinks(context.state, context.pair.name, next);
}

function linkOf(
  context: RunContext,
  phase: Phase,
  entry: PlanEntry,
  outcome: Outcome,
  before: Link | undefined,
  resolve: (kind: string, id: string) => string | undefined,
): Link {
  const { line } = entry;
  return makeLink(context, {
    line: line ?? { key: entry.key, name: entry.name },
    targetId: outcome.target ?? '',
    base: outcome.base ?? before?.base ?? '',
    mapSha: (outcome.warnings ?? []).length > 0 ? degraded : mapShaOf(context, entry.needs, resolve),
    ours: before?.ours === true || outcome.created === true,
    verified: phase === 'verifying',
    ...(phase === 'verifying' && outcome.version !== undefined ? { targetVersion: outcome.version } : {}),
    ...(outcome.targetSha === undefined ? {} : { targetSha: outcome.targetSha }),
  });
}

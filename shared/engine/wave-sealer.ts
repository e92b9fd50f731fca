import { parseKey } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { Link, LinkPartition } from '../domain/link';
import type { PlanEntry } from '../domain/plan';
import type { Outcome, Phase } from '../domain/run';
import { readLinks, writeLinks } from '../storage/links';
import { writeFailures, type Failure } from '../storage/failures';
import { readPlanChunk, readPlanHead } from '../storage/runs';
import { idMaps, mapShaOf } from './id-map';
import { outcomesOf, planOf } from './ledger';
import { degraded, makeLink } from './make-link';
import { eraOf } from './restorer';
import { sealRetired } from './retire-waves';
import type { RunContext } from './run-context';
import { sweepTwins } from './twins';

/** What was restored or verified in one partition of one kind. */
interface Part {
  readonly kind: string;
  readonly partition: string;
  readonly changed: { readonly entry: PlanEntry; readonly outcome: Outcome }[];
}

/**
 * Closes a wave: records the links of what was restored (after verifying: with what was read back), and what did not arrive.
 * May run again: the same outcomes give the same links. Entries of a partition follow each other, so only one partition of
 * each kind is held at a time.
 */
export async function sealWave(context: RunContext, phase: Phase, wave: number): Promise<void> {
  if (phase === 'retiring') return sealRetired(context, wave);
  const planned = (await planOf(context)).waves.find((one) => one.wave === wave);
  if (phase === 'restoring' && planned !== undefined) await sweepTwins(context, planned);
  const failures: Failure[] = [];
  const open = new Map<string, Part>();
  // Waking is no wave of the plan: it changes no links.
  for (const [chunk, items] of (planned?.chunkItems ?? []).entries()) {
    const outcomes = await outcomesOf(context, phase, wave, chunk, items);
    for (const entry of await readPlanChunk(context.state, context.request.runId, wave, chunk)) {
      const outcome = outcomes.get(entry.key);
      if (outcome === undefined) continue;
      if (outcome.outcome !== 'restored')
        failures.push({ key: outcome.key, reason: `${outcome.outcome}: ${outcome.reason}` });
      else if (outcome.target !== undefined) await note(context, phase, wave, open, entry, outcome);
    }
  }
  if (phase === 'restoring' && failures.length > 0) {
    await writeFailures(context.state, context.request.runId, wave, failures);
  }
  for (const part of open.values()) await sealPart(context, phase, wave, part);
}

/** Adds to the open partition of the kind; one that is through is sealed first. */
async function note(
  context: RunContext,
  phase: Phase,
  wave: number,
  open: Map<string, Part>,
  entry: PlanEntry,
  outcome: Outcome,
): Promise<void> {
  const { kind } = parseKey(entry.key);
  const before = open.get(kind);
  if (before?.partition === entry.partition) {
    before.changed.push({ entry, outcome });
    return;
  }
  if (before !== undefined) await sealPart(context, phase, wave, before);
  open.set(kind, { kind, partition: entry.partition, changed: [{ entry, outcome }] });
}

async function sealPart(
  context: RunContext,
  phase: Phase,
  wave: number,
  { kind, partition, changed }: Part,
): Promise<void> {
  const stored = await readLinks(context.state, context.pair.name, kind, partition);
  const links = new Map<string, Link>();
  for (const link of stored?.links ?? []) links.set(link[context.source], link);
  const needs = changed.flatMap(({ entry }) => entry.needs);
  const resolve = await idMaps(context, eraOf(wave), needs);
  for (const { entry, outcome } of changed) {
    const { id } = parseKey(entry.key);
    if (phase === 'restoring' && isVerified(context, links.get(id), entry, outcome)) continue;
    links.set(id, linkOf(context, phase, entry, outcome, links.get(id), resolve));
  }
  const next: LinkPartition = { ...(stored ?? { kind, partition }), links: [...links.values()] };
  await context.holdsClaim();
  await writeLinks(context.state, context.pair.name, next);
}

/** A repetition must not take back what is known since the verification. */
function isVerified(
  context: RunContext,
  link: Link | undefined,
  entry: PlanEntry,
  outcome: Outcome,
): boolean {
  const same = link?.[context.target] === outcome.target && link?.base === outcome.base;
  return same && link?.targetSha !== undefined && link.bodySha === entry.line?.bodySha;
}

/** Records what a run restored before it ended early, while it still has the claim: the next run must know it for ours. */
export async function sealRest(context: RunContext): Promise<void> {
  const plan = await readPlanHead(context.state, context.request.runId);
  try {
    for (const { wave } of plan?.waves ?? []) await sealWave(context, 'restoring', wave);
  } catch (error) {
    if (!hasCode(error, 'DR_CLAIM_LOST')) throw error;
  }
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
    ...madeAtOf(context, outcome, before),
    verified: phase === 'verifying',
    ...(phase === 'verifying' && outcome.version !== undefined ? { targetVersion: outcome.version } : {}),
    ...(outcome.targetSha === undefined ? {} : { targetSha: outcome.targetSha }),
  });
}

function madeAtOf(
  { target }: RunContext,
  { created }: Outcome,
  before: Link | undefined,
): Pick<Link, 'madeAt'> {
  const madeAt = created === true ? target : before?.madeAt;
  return madeAt === undefined ? {} : { madeAt };
}

import type { Damage } from '../domain/retention';
import type { RetentionStep } from '../domain/retention-steps';
import { readDamage, writeDamage } from '../storage/damage';
import { portionsOf, readPortion, type PortionResult } from './retention-portions';
import { markedPacks } from './retention-mark';
import { readRetentionPlan } from './retention-plan';
import { noteScrubbed } from './retention-scrub';
import type { RunContext } from './run-context';

/** Brings the list of damaged blobs up to date: what this run looked at it knows, the rest is as it was. */
export async function settleDamage(context: RunContext): Promise<void> {
  const { slices } = await readRetentionPlan(context);
  const before = await readDamage(context.state, context.pair.name);
  const found = await damageFound(context);
  const { packs } = await markedPacks(context);
  const rest = before.filter(
    ({ what, name, fault }) =>
      what === 'pack' && fault === 'damaged' && packs.has(name) && !slices.includes(name.charAt(0)),
  );
  const since = new Map(before.map((one) => [nameOf(one), one.since]));
  const all = new Map([...rest, ...found].map((one) => [nameOf(one), one]));
  const damaged = [...all.values()].map((one) => ({ ...one, since: since.get(nameOf(one)) ?? one.since }));
  await context.holdsClaim();
  await writeDamage(context.state, context.pair.name, damaged);
  await noteScrubbed(context, slices);
  if (damaged.length > 0) context.log.error('stored blobs are damaged', { count: damaged.length });
}

function nameOf({ what, name }: Damage): string {
  return `${what} ${name}`;
}

async function damageFound(context: RunContext): Promise<Damage[]> {
  const found: Damage[] = [...(await markedPacks(context)).damaged];
  for (const step of ['packs', 'scrub'] as const)
    for (const { damaged } of await resultsOf(context, step)) found.push(...damaged);
  return found;
}

/** What the portions of a step found, as far as the run has got. */
export async function resultsOf(context: RunContext, step: RetentionStep): Promise<PortionResult[]> {
  const results: PortionResult[] = [];
  for (let at = 0; at < (await portionsOf(context, step)); at += 1) {
    const result = await readPortion(context, { step, at });
    if (result !== undefined) results.push(result);
  }
  return results;
}

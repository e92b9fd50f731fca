import type { LiteralFacts, PathFacts, ScopeFacts } from '../domain/report-facts';
import type { PlanEntry } from '../domain/plan';
import type { Exception } from '../domain/result';
import type { RunContext } from './run-context';

const maxListed = 200;

/** What a report says about the entries of a plan beside their outcomes. */
export interface EntryFacts {
  readonly scope?: ScopeFacts;
  readonly literals: LiteralFacts;
  readonly exceptions: readonly Exception[];
  readonly paths?: PathFacts;
}

/** Adds up, entry by entry, what was left alone and where names of the source region are left. Bounded, whatever the plan. */
export function makeFactBook({ pair, request }: RunContext) {
  const reasons = new Map<string, number>();
  const byLiteral = new Map<string, number>();
  const listed: LiteralFacts['listed'][number][] = [];
  let assets = 0;
  let left = 0;
  return {
    note({ key, name, reason, outOfScope, line }: PlanEntry): void {
      if (outOfScope === true) {
        left += 1;
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        return;
      }
      const literals = line?.skip === undefined ? (line?.literals ?? []) : [];
      if (literals.length === 0) return;
      assets += 1;
      for (const literal of literals) byLiteral.set(literal, (byLiteral.get(literal) ?? 0) + 1);
      if (listed.length < maxListed) listed.push({ key, name, literals });
    },
    facts(): EntryFacts {
      const { scope: asked = null } = request;
      const { include, exclude } = pair.scope;
      const isLimited = asked !== null || include !== undefined || exclude.length > 0;
      const scope: ScopeFacts = {
        asked,
        pair: pair.scope,
        left,
        reasons: mostFirst(reasons).map(([why, count]) => ({ reason: why, count })),
      };
      const counted = mostFirst(byLiteral).map(([literal, count]) => ({ literal, assets: count }));
      const literals = { assets, byLiteral: counted, listed };
      return { ...(isLimited && { scope }), literals, exceptions: pair.exceptions };
    },
  };
}

function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

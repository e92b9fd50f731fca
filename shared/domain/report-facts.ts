import type { AssetKey } from './asset';
import { matcherOf } from './pattern';
import type { Exception } from './result';
import type { Outcome } from './run';
import type { PairScope, RunScope } from './scope';

/** What a run left alone because nobody asked it to touch it. */
export interface ScopeFacts {
  /** What the run was asked to be limited to; `null`: to nothing. */
  readonly asked: RunScope | null;
  readonly pair: PairScope;
  /** How many assets were left alone, and how many of them for each reason, most first. */
  readonly left: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

/** Names of the source region that no rule changed, in bodies and in the text of notebooks and files. */
export interface LiteralFacts {
  /** How many assets have any. */
  readonly assets: number;
  /** How many assets have each, most first. */
  readonly byLiteral: readonly { readonly literal: string; readonly assets: number }[];
  /** The first of them. */
  readonly listed: readonly {
    readonly key: AssetKey;
    readonly name: string;
    readonly literals: readonly string[];
  }[];
}

/** Paths in parameters and settings that lead outside of what a snapshot has. */
export interface PathFacts {
  /** Paths of the workspace or of DBFS that are not there. */
  readonly missing: readonly NamedPath[];
  /** Paths that nothing here can look up: storage and volumes. */
  readonly unchecked: readonly NamedPath[];
  /** How many there are, the ones that are not listed included. */
  readonly counts: { readonly missing: number; readonly unchecked: number };
}

export interface NamedPath {
  readonly key: AssetKey;
  readonly at: string;
  readonly path: string;
}

/** A known gap, and what it covers in this run. */
export interface ExceptionFact extends Exception {
  readonly expired: boolean;
  /** Assets in trouble or asleep that it matches; once expired they need somebody again. */
  readonly matches: number;
}

/** What a report says beside the outcomes. */
export interface ReportFacts {
  /** `null`: the run was limited by nothing. */
  readonly scope: ScopeFacts | null;
  readonly literals: LiteralFacts;
  readonly paths: PathFacts;
  readonly exceptions: readonly ExceptionFact[];
}

const noLiterals: LiteralFacts = { assets: 0, byLiteral: [], listed: [] };
const noPaths: PathFacts = { missing: [], unchecked: [], counts: { missing: 0, unchecked: 0 } };

/** What {@link ReportFacts} are made of. */
export interface FactsInput {
  readonly scope?: ScopeFacts;
  readonly literals?: LiteralFacts;
  readonly paths?: PathFacts;
  readonly exceptions?: readonly Exception[];
  readonly outcomes: readonly Outcome[];
  readonly cutover?: { readonly asleep: readonly { readonly key: AssetKey }[] };
  readonly summary: { readonly endedAt: string };
}

export function reportFacts(input: FactsInput): ReportFacts {
  return {
    scope: input.scope ?? null,
    literals: input.literals ?? noLiterals,
    paths: input.paths ?? noPaths,
    exceptions: exceptionFacts(input),
  };
}

function exceptionFacts({ exceptions = [], outcomes, cutover, summary }: FactsInput): ExceptionFact[] {
  const troubled = outcomes.filter(({ outcome }) => ['failed', 'blocked', 'conflict'].includes(outcome));
  const keys = new Set([...troubled, ...(cutover?.asleep ?? [])].map(({ key }) => key));
  return exceptions.map((exception) => {
    const matches = matcherOf(exception.match);
    const expired = Date.parse(summary.endedAt) >= Date.parse(exception.expires);
    return { ...exception, expired, matches: [...keys].filter((key) => matches(key)).length };
  });
}

/** Warnings about exceptions that no longer cover what they were made for. */
export function expiredWarnings({ exceptions }: Pick<ReportFacts, 'exceptions'>): string[] {
  return exceptions
    .filter(({ expired, matches }) => expired && matches > 0)
    .map(
      ({ match, owner, expires, reason }) =>
        `the exception for ${match} (${reason}; owner ${owner}) expired on ${expires} and covers nothing any more`,
    );
}

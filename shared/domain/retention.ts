/** For how long snapshots stay: all of them, then the last of each day, then the last of each month (UTC). */
export interface KeepRules {
  readonly allDays: number;
  readonly dailyDays: number;
  readonly monthlyMonths: number;
}

/** A snapshot as retention sees it. */
export interface SealedSnapshot {
  readonly id: string;
  readonly sealedAt: string;
  /** It was never applied: it is kept as long as all are, and is never the one of its day or month. */
  readonly suspect: boolean;
}

export const keepReasons = ['latest', 'pinned', 'recent', 'daily', 'monthly'] as const;
/** Why a snapshot stays. `pinned`: a run that is open, or the fence of a side that was left, reads it. */
export type KeepReason = (typeof keepReasons)[number];

export interface KeepFacts {
  readonly nowIso: string;
  readonly latest?: string;
  readonly pinned: ReadonlySet<string>;
}

const dayMs = 24 * 3600 * 1000;

/** The snapshots that stay, each with the first reason that holds. Pure. */
export function keptSnapshots(
  all: readonly SealedSnapshot[],
  rules: KeepRules,
  { nowIso, latest, pinned }: KeepFacts,
): Map<string, KeepReason> {
  const good = all.filter(({ suspect }) => !suspect);
  const lastOfDays = lastOf(good, 10);
  const lastOfMonths = lastOf(good, 7);
  const kept = new Map<string, KeepReason>();
  for (const { id, sealedAt } of all) {
    if (id === latest) kept.set(id, 'latest');
    else if (pinned.has(id)) kept.set(id, 'pinned');
    else if (sealedAt >= daysBefore(nowIso, rules.allDays)) kept.set(id, 'recent');
    else if (lastOfDays.has(id) && sealedAt >= daysBefore(nowIso, rules.dailyDays)) kept.set(id, 'daily');
    else if (lastOfMonths.has(id) && sealedAt >= monthsBefore(nowIso, rules.monthlyMonths))
      kept.set(id, 'monthly');
  }
  return kept;
}

/** The last snapshot of each period: as many characters of the time as name it. */
function lastOf(all: readonly SealedSnapshot[], characters: number): Set<string> {
  const last = new Map<string, SealedSnapshot>();
  for (const snapshot of all) {
    const period = snapshot.sealedAt.slice(0, characters);
    const known = last.get(period);
    if (known === undefined || known.sealedAt < snapshot.sealedAt) last.set(period, snapshot);
  }
  return new Set([...last.values()].map(({ id }) => id));
}

/** The moment so many days earlier (ISO-8601 UTC). */
export function daysBefore(nowIso: string, days: number): string {
  return new Date(Date.parse(nowIso) - days * dayMs).toISOString();
}

function monthsBefore(nowIso: string, months: number): string {
  const moment = new Date(nowIso);
  moment.setUTCMonth(moment.getUTCMonth() - months);
  return moment.toISOString();
}

/** A stored blob that is not what it should be. */
export interface Damage {
  readonly what: 'pack' | 'index' | 'manifest';
  /** Hash of the pack or index, id of the snapshot. */
  readonly name: string;
  readonly fault: 'damaged' | 'missing';
  /** When it was first noticed (ISO-8601 UTC). */
  readonly since: string;
}

/** What a retention run did, for its report. */
export interface RetentionFacts {
  readonly kept: Readonly<Record<KeepReason, number>>;
  readonly removed: {
    readonly snapshots: number;
    readonly packs: number;
    readonly indexes: number;
    readonly runs: number;
    readonly requestKeys: number;
    readonly bytes: number;
  };
  /** Blobs that the storage account did not let go, e.g. because it keeps them immutable. */
  readonly refused: number;
  /** Packs whose bytes were compared with their hash; every one is within a week. Indexes are each time. */
  readonly verifiedPacks: number;
  readonly verifiedIndexes: number;
  readonly damaged: readonly Damage[];
  /** Why no pack was removed, when none was allowed to be. */
  readonly packsKept?: string;
}

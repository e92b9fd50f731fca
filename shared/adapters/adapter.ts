import type { Asset, AssetKey, Step, Stub } from '../domain/asset';
import type { KindOptions } from '../domain/mounts';
import type { PathPlace } from '../domain/path-mentions';
import type { Reference } from '../domain/references';
import type { Workspace } from '../databricks/workspace';
import type { Principals } from './principal-name';

/**
 * The target's assets of one kind, as listed once a run: how an asset that is already there is found.
 * `path` and `name` are exact; `marker` is the value of the tag `dr_source_id`.
 */
export interface TargetIndex {
  byId(id: string): Stub | undefined;
  byMarker(marker: string): Stub | undefined;
  byName(name: string): Stub | undefined;
  byPath(path: string): Stub | undefined;
}

/** The marker value that our copy of an asset carries: `<pair>:<source id>`. */
export type MarkerOf = (asset: Asset) => string;

/** Keeps a piece of content that is too large for a body, and returns its SHA-256, which the body names it by. */
export type KeepPiece = (bytes: Buffer) => Promise<string>;
/** Reads a piece that was kept. Throws DR_BODY_CORRUPT when it is not what was kept. */
export type ReadPiece = (sha: string) => Promise<Buffer>;

/**
 * Which triggers of an asset can make something run, and how to still and restart exactly those.
 * A pool's `min_idle_instances` counts as a trigger: it costs money while the side sleeps.
 */
export interface TriggerOperations<Body extends object = object> {
  /** The triggers that are awake in this body, e.g. `['schedule']`; empty when it sleeps. Pure. */
  awake(body: Body): readonly string[];
  /** Stills every trigger and sets the run lock. One API call, repeatable, touches nothing else. */
  quiet(from: Workspace, id: string, body: Body): Promise<void>;
  /** Wakes exactly `triggers` as `body` (the source's, rewritten) has them and releases the run lock. One API call that changes anything, repeatable; what else the target has stays. */
  wake(target: Workspace, id: string, body: Body, triggers: readonly string[]): Promise<void>;
  /** Ids of the runs that are under way. */
  activeRuns?(from: Workspace, id: string): Promise<readonly string[]>;
  /** Stops one run that is under way. */
  cancelRun?(from: Workspace, runId: string): Promise<void>;
}

/** What is known of content that is never staged. All of it is pure. */
export interface Unstaged<Body extends object = object> {
  /** What a person does where it is not copied: `value must be set`. */
  todo(body: Body): string;
  /** False for what lies where the target cannot be written to (a key vault). */
  canCopy(body: Body): boolean;
  /** False when the source's content was changed after the target's. */
  isFresh(source: Body, target: Body): boolean;
}

/**
 * Everything the app knows about one kind of asset. The engine adds ids, pacing, retries, markers and error context,
 * so an adapter has no state, no logging, no retries, and makes one API call per create and update.
 * See docs/adding-a-kind.md.
 */
export interface Adapter<Body extends object = object> {
  readonly kind: string;
  /** The step of the ten that this kind belongs to, for reports. */
  readonly step: Step;
  /** For kinds whose assets belong to several steps: that of one asset. Pure. @default {@link step} */
  stepOf?(id: string): Step;
  /** One line for the README's table: what is carried, and what is not. */
  readonly carries: string;
  /** Where a body points at other assets: gives the order, id rewriting, the plan's "needs". */
  readonly references: readonly Reference[];
  /** Where texts may hold paths that are no references: what is not there degrades. @default none */
  readonly paths?: readonly PathPlace[];
  /** Paths that the platform owns (ids, states, defaults): never compared, never sent. */
  readonly ignore: readonly string[];
  /** Assets per work item. @default 1 */
  readonly batchSize?: number;
  /** Assets are ordered among themselves (nested groups, jobs that run jobs): the kind's wave is cut into levels. @default false */
  readonly selfOrdered?: boolean;
  /** The kinds whose stubs of the same partition this kind is derived from (permissions, cluster libraries). */
  readonly of?: readonly string[];
  /** Kinds that come with an asset of this kind when they lie below its path: nothing else carries them (what is in a git folder). */
  readonly brings?: readonly string[];
  /**
   * For content that is never staged (values of secrets): the body only names it. `create` and `update` read it from `source`; what is
   * missing or older at the target is `blocked` wherever it may not be copied.
   */
  readonly unstaged?: Unstaged<Body>;
  /** What a person does where the target does not have it as it is, for no API makes it: it is `blocked`. Undefined for what an API makes. Pure. */
  handmade?(body: Body): string | undefined;
  /** Members that name a thing of one region: a value about which no rewrite rule says anything is `blocked`, never sent as it is. */
  readonly regional?: readonly string[];
  /** Every workspace has it: an API that is not there is a fault, and never makes the kind `not applicable`. @default false */
  readonly everywhere?: true;
  /** Parts listed on their own. Kinds that name the same partition are listed together. @default one partition, named after the kind */
  partitions?(from: Workspace): Promise<readonly string[]>;
  /**
   * Every asset of a partition, cheaply. `siblings` are the stubs of the kinds in `of`, same partition.
   * An incomplete listing throws: it must never look like an empty one. A feature that is off, or a 404 outside of the tree, makes the
   * kind `not applicable`: what vanished inside a listing throws DR_ASSET_VANISHED instead.
   */
  list(
    from: Workspace,
    partition: string,
    siblings: ReadonlyMap<string, readonly Stub[]>,
  ): AsyncIterable<Stub>;
  /**
   * The body to keep. Throws DR_ASSET_VANISHED when it is gone, DR_ASSET_TOO_LARGE when the platform will not give it.
   * Content that is too large for a body goes to `keep` in pieces; without it only their hashes are taken.
   */
  export(from: Workspace, stub: Stub, keep?: KeepPiece): Promise<Body>;
  /** The hashes of the pieces that the body names. Pure. @default none */
  pieces?(body: Body): readonly string[];
  /** Where the marker tag `dr_source_id` goes (`custom_tags`, `tags`); absent for kinds found by a unique natural key. */
  readonly marker?: string;
  /**
   * The id of the target's asset that is this one: by marker, or by natural key where the platform makes it unique.
   * `marker` is the value to look for. Makes restore safe to repeat.
   */
  find(index: TargetIndex, asset: Asset<Body>, marker: string): string | undefined;
  /**
   * For kinds with a natural key: what to do when `find` meets a thing that is not linked yet.
   * `link` = it is the same by definition (principals); `compare` = link when bodies are equal, else conflict; `foreign` = never adopt.
   * @default 'compare' without a marker, 'foreign' with one
   */
  readonly unlinked?: 'link' | 'compare' | 'foreign';
  /**
   * Why an asset that `find` met, and that is not linked yet, is not made what the source has, although `unlinked` is `link`: a conflict
   * for a person to decide. `same`: it is the same asset all the same, and others may refer to it. Pure.
   */
  contested?(desired: Body, actual: Body): { readonly reason: string; readonly same?: true } | undefined;
  /** The body as it may lie in the target while it sleeps: triggers paused, minimums zero. Pure. What is compared with the target. @default the body itself */
  asleep?(body: Body): Body;
  /** The body with only those principals that exist at the target: the platform refuses the whole body otherwise. Pure. */
  admit?(
    body: Body,
    principals: Principals,
    fallback: string | undefined,
  ): { readonly body: Body; readonly warnings: readonly string[] };
  /**
   * Only code that runs on a cluster can list it: minutes, and money. The source is listed now and then; of the target the links are
   * taken to be true, and it is listed only to verify what was restored. @default false
   */
  readonly costly?: {
    /** The last listing of the source counts for so long. Pure. */
    everyHours(options: KindOptions): number;
  };
  /**
   * False where the configuration does not ask for this kind, or not any more for this partition: it is not listed, and left to a person.
   * Pure. @default true
   */
  isAsked?(options: KindOptions, partition?: string): boolean;
  /** Why the app cannot make it with what the configuration says, and what a person does instead: it is skipped. Pure. */
  byHand?(body: Body, options: KindOptions): string | undefined;
  /** `create` does no harm when it is sent again (mkdirs, PUT), or is refused with DR_API_CONFLICT where something lies at the path: nothing is looked for first. @default false */
  readonly repeatable?: boolean;
  /**
   * One API call that creates it asleep. Returns the new id. `index` resolves what the platform addresses by object id;
   * `source` is given to {@link unstaged} kinds alone.
   */
  create(
    target: Workspace,
    body: Body,
    index: TargetIndex,
    source?: Workspace,
    readPiece?: ReadPiece,
  ): Promise<string>;
  /** One API call. Absent: a difference is `blocked: cannot be changed in place`. */
  update?(
    target: Workspace,
    id: string,
    body: Body,
    index: TargetIndex,
    source?: Workspace,
    readPiece?: ReadPiece,
  ): Promise<void>;
  /** After create, repeatable: terminate, pin, change owner. Returns warnings for the report. */
  settle?(target: Workspace, id: string, body: Body): Promise<readonly string[]>;
  /** Members of the body, also in `ignore`, that `settle` brings as soon as it can: what it could not bring is planned again. */
  readonly late?: readonly string[];
  /**
   * Takes out of use, at once and so that it can be undone, what is gone at the source: an identity is disabled, an access list
   * emptied. One API call, where the platform has one.
   * `isRetired` is pure. Kinds with triggers need none: those are stilled.
   */
  readonly retirement?: {
    isRetired(body: Body): boolean;
    retire(target: Workspace, id: string): Promise<void>;
  };
  /**
   * Removes a copy that we made, whose source is gone for `retireDays`, and that nobody has changed. One API call that changes
   * anything, never recursive. Throws DR_ASSET_IN_USE when something in the target still needs it. Absent: it stays, and is reported.
   */
  remove?(target: Workspace, id: string, body: Body): Promise<void>;
  /** Its triggers wake before those of every tier, and are quieted after all others, which need them. @default false */
  readonly wakesFirst?: true;
  /** For cutover and fence. */
  triggers?: TriggerOperations<Body>;
  /** The tags by which tiers and scope rules pick assets. Pure. */
  tags?(body: Body): Readonly<Record<string, string>>;
}

/** Every asset of the source that another one needs before it can be restored. */
export type Needs = readonly AssetKey[];

import { createHash } from 'node:crypto';

/** The ten steps of the manual procedure, in its order; `ecosystem` is what lies beyond them. Reports are headed by these. */
export const steps = [
  'connect',
  'profiles',
  'principals',
  'notebooks',
  'clusters',
  'jobs',
  'libraries',
  'mounts',
  'initScripts',
  'accessControl',
  'ecosystem',
] as const;
export type Step = (typeof steps)[number];

/** Which workspace of a pair. Roles never change; activity does. */
export const sides = ['primary', 'secondary'] as const;
export type Side = (typeof sides)[number];

/** The identity of an asset: `kind/source-id`, e.g. `cluster/0101-120000-abc`. */
export type AssetKey = `${string}/${string}`;

/** The key of the asset of `kind` whose id at the source is `id`. */
export function keyOf(kind: string, id: string): AssetKey {
  return `${kind}/${id}`;
}

/** The kind and the source id of a key. The id may itself contain slashes (paths do). */
export function parseKey(key: string): { kind: string; id: string } {
  const slash = key.indexOf('/');
  return { kind: key.slice(0, slash), id: key.slice(slash + 1) };
}

/** One line of a listing: what is known about an asset before its body is fetched. */
export interface Stub {
  readonly id: string;
  readonly name: string;
  /** The path in the workspace, for kinds that live in the tree. */
  readonly path?: string;
  /** Changes whenever the body changes: `modified_at`, or the hash of the listed row. Absent: the body is read at every sync. */
  readonly version?: string;
  /** The whole body, for kinds whose listing already is the body: nothing is fetched again. */
  readonly body?: object;
  /** Why this asset is not carried. It is counted, listed in reports, and never exported. */
  readonly skip?: string;
  /** Its place among those that are made one after another: the assets of one work item follow each other in ascending order. */
  readonly order?: number;
  /** What a person has to know about it although it is carried: in every report. */
  readonly remarks?: readonly string[];
  /** Skipping it loses nothing: it is made anew, or belongs elsewhere. Nobody has to bring it over. */
  readonly harmless?: true;
  /** The value of the marker tag, for kinds that have one: `<pair>:<source id>`. */
  readonly marker?: string;
  /** The platform's own id where `id` is a path: permissions need it. */
  readonly objectId?: string;
  /** The type of the object in the permissions API, where it is not the one of its kind. */
  readonly securable?: string;
  /** The asset that this one is a part of: the object of a permission, the cluster of a library. */
  readonly owner?: AssetKey;
}

/** An asset with its body, as it is at the source. */
export interface Asset<Body extends object = object> {
  readonly key: AssetKey;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly path?: string;
  readonly body: Body;
}

/** JSON with sorted keys and without undefined members: equal bodies give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, node: unknown) =>
    node !== null && typeof node === 'object' && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : node,
  );
}

/** Lower-case hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The hash by which two bodies are compared: SHA-256 of their canonical JSON. */
export function hashBody(body: object): string {
  return sha256(canonicalJson(body));
}

import { canonicalJson, sha256, type Side } from './asset';
import { isMembers } from './body-path';
import { literal } from './pattern';
import type { FieldDiff } from './plan';

/** What is called otherwise in the other region, from the primary's name to the secondary's. */
export interface RewriteRules {
  /** Storage accounts: `lakeeastus2` -> `lakecentralus`. */
  readonly storageHosts: Readonly<Record<string, string>>;
  /** Key vaults, by name: in their host names and resource ids. */
  readonly keyVaults: Readonly<Record<string, string>>;
  /** Node types, in `node_type_id` and `driver_node_type_id` only. */
  readonly nodeTypes: Readonly<Record<string, string>>;
  /** Beginnings of URLs. */
  readonly urls: Readonly<Record<string, string>>;
  readonly owners: {
    /** Owners and run-as identities, by name. */
    readonly map?: Readonly<Record<string, string>> | undefined;
    /** Who gets what nobody else can own. */
    readonly fallback?: string | undefined;
  };
}

/** What an asset is found by, and content that is carried byte by byte: never rewritten at the top of a body. */
export const untouched: ReadonlySet<string> = new Set([
  'content',
  'script',
  'scope',
  'key',
  'path',
  'name',
  'display_name',
  'displayName',
  'userName',
  'cluster_name',
  'instance_pool_name',
]);
const secretReference = String.raw`\{\{secrets/[^}]*\}\}`;
const nodeTypeFields: ReadonlySet<string> = new Set(['node_type_id', 'driver_node_type_id']);

/** The rules for a run from `source`: as configured from the primary, the other way round from the secondary. */
export function rulesFrom(rules: RewriteRules, source: Side): RewriteRules {
  if (source === 'primary') return rules;
  return {
    storageHosts: swapped(rules.storageHosts),
    keyVaults: swapped(rules.keyVaults),
    nodeTypes: swapped(rules.nodeTypes),
    urls: swapped(rules.urls),
    owners: { ...rules.owners, ...(rules.owners.map && { map: swapped(rules.owners.map) }) },
  };
}

/** Changes whenever a rule does: what was rewritten under another hash has to be looked at again. */
export function rulesSha(rules: RewriteRules): string {
  return sha256(canonicalJson(rules));
}

/**
 * `body` under the rules, and each change. Names are replaced as whole tokens only: `lakeeastus2` is neither in
 * `lakeeastus2archive` nor in `my-lakeeastus2`. Member names are texts too (`spark_conf`). Values that are paths inside the
 * workspace or DBFS, what the asset is found by, and notebook content stay as they are. The given body is not changed.
 */
export function rewriteText<Body extends object>(
  body: Body,
  rules: RewriteRules,
): { body: Body; changes: FieldDiff[] } {
  const changes: FieldDiff[] = [];
  const text = textRewriter(rules);
  const rewritten = Object.entries(body).map(([name, value]: [string, unknown]): [string, unknown] => [
    name,
    untouched.has(name) ? value : rewriteNode(value, name, name, { text, rules, changes }),
  ]);
  return { body: changes.length === 0 ? body : (Object.fromEntries(rewritten) as Body), changes };
}

/** The names of the source region that are still in a text: what no rule may change, notebooks included. */
export function literalsIn(text: string, rules: RewriteRules): string[] {
  const found = new Set<string>();
  textRewriter(rules)(text, (literal) => found.add(literal));
  return [...found];
}

type TextRewriter = (text: string, seen?: (literal: string) => void) => string;

interface Rewriting {
  readonly text: TextRewriter;
  readonly rules: RewriteRules;
  readonly changes: FieldDiff[];
}

function rewriteNode(node: unknown, name: string, path: string, context: Rewriting): unknown {
  if (typeof node === 'string')
    return rewriteDocument(node, name, path, context) ?? rewriteString(node, name, path, context);
  if (Array.isArray(node)) return node.map((value, i) => rewriteNode(value, name, `${path}[${i}]`, context));
  if (!isMembers(node)) return node;
  const entries = Object.entries(node).map(([member, value]): [string, unknown] => {
    const renamed = context.text(member);
    const next = renamed !== member && !Object.hasOwn(node, renamed) ? renamed : member;
    if (next !== member) context.changes.push({ path: `${path}.${member}`, from: member, to: next });
    // In policies the field is an object of rules: `{ "node_type_id": { "values": […] } }`.
    const meaning = nodeTypeFields.has(name) ? name : member;
    return [next, rewriteNode(value, meaning, `${path}.${member}`, context)];
  });
  return Object.fromEntries(entries);
}

/** The rules inside a JSON document that is a text, such as a policy; undefined for a text that is none. Its spelling stays if nothing changes. */
function rewriteDocument(value: string, name: string, path: string, context: Rewriting): string | undefined {
  if (!value.startsWith('{')) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(value);
  } catch {
    return undefined;
  }
  const before = context.changes.length;
  const rewritten = rewriteNode(document, name, `${path}{}`, context);
  return context.changes.length === before ? value : JSON.stringify(rewritten);
}

function rewriteString(
  value: string,
  name: string,
  path: string,
  { text, rules, changes }: Rewriting,
): string {
  const mapped = nodeTypeFields.has(name) ? ownValue(rules.nodeTypes, value) : undefined;
  const to = mapped ?? text(value);
  if (to !== value) changes.push({ path, from: value, to });
  return to;
}

/** One pass over a text, so that what a rule wrote is never read by another. */
function textRewriter(rules: RewriteRules): TextRewriter {
  const tokens = [
    ...Object.keys(rules.urls).map((from) => ({ from, to: rules.urls[from], pattern: urlPattern(from) })),
    ...Object.keys(rules.keyVaults).map((from) => ({
      from,
      to: rules.keyVaults[from],
      pattern: vaultPattern(from),
    })),
    ...Object.keys(rules.storageHosts).map((from) => ({
      from,
      to: rules.storageHosts[from],
      pattern: accountPattern(from),
    })),
  ].sort((a, b) => b.from.length - a.from.length);
  if (tokens.length === 0) return (text) => text;
  const groups = tokens.map(({ pattern }) => `(${pattern})`);
  // Names of secrets are the same on both sides.
  const any = new RegExp([secretReference, ...groups].join('|'), 'g');
  const isPath = /^(?:dbfs:)?\/(?!\/|subscriptions\/)/i;
  return (text, seen) => {
    if (seen === undefined && isPath.test(text)) return text;
    return text.replace(any, (found: string, ...matched: unknown[]) => {
      const token = tokens[matched.slice(0, tokens.length).findIndex((group) => group !== undefined)];
      if (token !== undefined) seen?.(found);
      return token?.to ?? found;
    });
  };
}

function accountPattern(name: string): string {
  return `(?<![\\w-])${literal(name)}(?![\\w-])`;
}

function vaultPattern(name: string): string {
  const escaped = literal(name);
  return `(?<=/vaults/)${escaped}(?![\\w-])|(?<![\\w.-])${escaped}(?=\\.vault\\.)`;
}

function urlPattern(url: string): string {
  return `(?<![\\w.-])${literal(url)}(?![\\w-]|\\.\\w)`;
}

function swapped(names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]));
}

function ownValue(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

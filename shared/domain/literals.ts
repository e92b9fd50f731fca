import { canonicalJson, sha256 } from './asset';
import { isMembers } from './body-path';
import { literal } from './pattern';
import { rewriteText, untouched, type RewriteRules } from './rewrite';

/** What names the source region: what the rules rewrite, the region itself, and its workspace. */
export interface Watched {
  /** In the direction of the run. */
  readonly rules: RewriteRules;
  readonly region: string;
  /** URL of the workspace. */
  readonly url: string;
}

/** Finds what of the source region is left in a body that the rules have been applied to. */
export interface LiteralScanner {
  /** Changes with what is looked for: what was found under another one has to be looked for again. */
  readonly id: string;
  /** The names that are left, in lower case, at most {@link maxFound}, and never what stands around them. */
  literalsLeft(body: object): string[];
}

const maxFound = 20;
/** Names of secrets are the same on both sides. */
const secretReference = /\{\{secrets\/[^}]*\}\}/g;
/** Members that hold files, in base64. */
const contents: ReadonlySet<string> = new Set(['content', 'script']);

export function literalScanner(watched: Watched): LiteralScanner {
  const pattern = patternOf(watched);
  return {
    id: sha256(canonicalJson({ version: 1, ...watched })).slice(0, 12),
    literalsLeft(body) {
      const found = new Set<string>();
      const { body: rewritten } = rewriteText(body, watched.rules);
      for (const text of textsOf(rewritten)) {
        if (found.size >= maxFound) break;
        for (const [match] of text.replaceAll(secretReference, '').matchAll(pattern))
          found.add(match.toLowerCase());
      }
      return [...found].sort().slice(0, maxFound);
    },
  };
}

/** Whole names only: `lakeeastus2` is not in `lakeeastus2archive`. A region also counts inside a name with hyphens. */
function patternOf({ rules, region, url }: Watched): RegExp {
  const names = [...Object.keys(rules.storageHosts), ...Object.keys(rules.keyVaults)];
  const patterns = [
    ...names.map((name) => String.raw`(?<![\w-])${literal(name)}(?![\w-])`),
    ...[...Object.keys(rules.urls), new URL(url).host].map(
      (text) => String.raw`(?<![\w.-])${literal(text)}(?![\w-]|\.\w)`,
    ),
    String.raw`(?<![A-Za-z0-9])${literal(region)}(?![A-Za-z0-9])`,
  ];
  return new RegExp(patterns.join('|'), 'gi');
}

/** Every text of a body but what it is only found by. Files are decoded; what they mean does not matter here. */
function* textsOf(body: object): Generator<string> {
  for (const [name, value] of Object.entries(body) as [string, unknown][]) {
    if (contents.has(name) && typeof value === 'string')
      yield Buffer.from(value, 'base64').toString('latin1');
    else if (!untouched.has(name)) yield* textsIn(value);
  }
}

function* textsIn(node: unknown): Generator<string> {
  if (typeof node === 'string') yield node;
  else if (Array.isArray(node)) for (const value of node) yield* textsIn(value);
  else if (isMembers(node)) {
    for (const [name, value] of Object.entries(node)) {
      yield name;
      yield* textsIn(value);
    }
  }
}

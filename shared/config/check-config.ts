import { z } from 'zod';
import { isMembers } from '../domain/body-path';
import { checkBetweenPairs, checkGroups, checkPair, type CheckContext } from './cross-checks';
import { faultsOf, type Fault } from './faults';
import { configSchema, pairSchema, type Config, type PairConfig } from './schema';
import { unbuiltInConfig, unbuiltInPair } from './unbuilt';

/** What a configuration is worth: complete with defaults when there are no errors. */
export interface CheckedConfig {
  readonly config?: Config;
  readonly errors: readonly Fault[];
  /** Fields that are accepted and do nothing yet, and rules that cannot be turned round. */
  readonly warnings: readonly Fault[];
}

/** A pair of a stored configuration that cannot be used, and why. */
export interface RefusedPair {
  readonly name: string;
  readonly errors: readonly Fault[];
}

/** A stored configuration: what can be used of it. */
export interface StoredConfig {
  /** Only the pairs that are valid. */
  readonly config: Config;
  readonly refused: readonly RefusedPair[];
  /** Faults outside the pairs. */
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

interface ExaminedPair {
  readonly name: string;
  readonly pair?: PairConfig;
  readonly errors: readonly Fault[];
}

/** Checks a document whole: one fault anywhere, and there is no config. Lists every fault with its JSON path. */
export function checkConfig(document: unknown, context: CheckContext): CheckedConfig {
  const { config, refused, errors, warnings } = checkStoredConfig(document, context);
  const all = [...errors, ...refused.flatMap((pair) => pair.errors)];
  return all.length === 0 ? { config, errors: [], warnings } : { errors: all, warnings };
}

/** Checks a document that is in use already: faults stay local to their pair, the others go on. */
export function checkStoredConfig(document: unknown, context: CheckContext): StoredConfig {
  const head = configSchema.extend({ pairs: z.array(z.unknown()).min(1, 'must name at least one pair') });
  const parsed = head.safeParse(document, { reportInput: true });
  const errors = parsed.success ? [] : faultsOf(parsed.error, fieldNames());
  const list =
    isMembers(document) && Array.isArray(document['pairs']) ? (document['pairs'] as unknown[]) : [];
  const examined = examinePairs(list, context);
  const groups = parsed.success ? parsed.data.groups : [];
  const pairs = examined.flatMap(({ pair }) => (pair ? [pair] : []));
  return {
    config: { pairs, groups },
    refused: examined.filter((one) => one.errors.length > 0).map(({ name, errors }) => ({ name, errors })),
    errors: [...errors, ...checkGroups(document)],
    warnings: [
      ...examined.flatMap(({ pair }, i) =>
        pair ? [...unbuiltInPair(pair, i), ...oneWayRules(pair, i)] : [],
      ),
      ...unbuiltInConfig({ groups }),
    ],
  };
}

function examinePairs(list: readonly unknown[], context: CheckContext): ExaminedPair[] {
  const shared = checkBetweenPairs(list);
  return list.map((one, i) => {
    const parsed = pairSchema.safeParse(one, { reportInput: true });
    const found = [
      ...(parsed.success ? [] : faultsOf(parsed.error, fieldNames(), `pairs[${i}]`)),
      ...checkPair(one, i, context),
      ...shared.filter(({ pair }) => pair === i),
    ];
    const errors = found.map(({ path, message }) => ({ path, message }));
    const name = isMembers(one) && typeof one['name'] === 'string' ? one['name'] : `pairs[${i}]`;
    return { name, errors, ...(parsed.success && errors.length === 0 && { pair: parsed.data }) };
  });
}

/** Failback turns the rules round: two names that become one cannot be told apart again. */
function oneWayRules({ rewrite }: PairConfig, index: number): Fault[] {
  const { storageHosts, keyVaults, nodeTypes, urls } = rewrite;
  return Object.entries({ storageHosts, keyVaults, nodeTypes, urls })
    .filter(([, names]) => new Set(Object.values(names)).size < Object.keys(names).length)
    .map(([field]) => ({
      path: `pairs[${index}].rewrite.${field}`,
      message: 'maps two names to one: a failback cannot tell them apart and takes the last',
    }));
}

/** Every field name of the schema: what a misspelt one may have meant. */
function fieldNames(): ReadonlySet<string> {
  const names = new Set<string>();
  const open: unknown[] = [z.toJSONSchema(configSchema, { io: 'input' })];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) open.push(...(node as unknown[]));
    if (!isMembers(node)) continue;
    if (isMembers(node['properties'])) for (const name of Object.keys(node['properties'])) names.add(name);
    open.push(...Object.values(node));
  }
  names.delete('$schema');
  return names;
}

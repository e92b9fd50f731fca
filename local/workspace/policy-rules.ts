import { invalid, isJson, type Json } from './fields';

/** Attributes of definitions that are no field of a cluster. */
const virtual = ['cluster_type', 'dbus_per_hour'];

/** The value at a path such as `autoscale.max_workers` or `spark_conf.spark.sql.ansi.enabled` (keys may hold dots). */
function valueAt(holder: unknown, path: string): unknown {
  if (Array.isArray(holder)) return valueAt(Object.fromEntries(holder.entries()), path);
  if (!isJson(holder)) return undefined;
  if (path in holder) return holder[path];
  const dot = path.indexOf('.');
  return dot < 0 ? undefined : valueAt(holder[path.slice(0, dot)], path.slice(dot + 1));
}

function isSame(actual: unknown, wanted: unknown): boolean {
  return String(actual) === String(wanted);
}

function isDynamic(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('auto:');
}

function faultOf(rule: Json, actual: unknown): string | undefined {
  const values = Array.isArray(rule['values']) ? rule['values'] : [];
  switch (rule['type']) {
    case 'fixed':
      return isSame(actual, rule['value']) || isDynamic(rule['value'])
        ? undefined
        : `the value must be ${String(rule['value'])}`;
    case 'allowlist':
      return values.some((value) => isSame(actual, value) || isDynamic(value))
        ? undefined
        : `the value must be one of ${values.join(', ')}`;
    case 'blocklist':
      return values.some((value) => isSame(actual, value)) ? 'the value is blocked' : undefined;
    case 'range':
      return rangeFault(rule, Number(actual));
    case 'forbidden':
      return 'the value must not be present';
    default:
      return undefined;
  }
}

function rangeFault(rule: Json, actual: number): string | undefined {
  const { minValue, maxValue } = rule;
  if (typeof maxValue === 'number' && actual > maxValue) return `the value must be at most ${maxValue}`;
  if (typeof minValue === 'number' && actual < minValue) return `the value must be at least ${minValue}`;
  return undefined;
}

function mustBePresent(rule: Json): boolean {
  const limiting = ['fixed', 'allowlist', 'range', 'regex'].includes(String(rule['type']));
  return limiting && rule['isOptional'] !== true;
}

/** Refuses settings that a policy does not allow, as the workspace does when a cluster is created or edited. */
export function checkAgainstPolicy(definition: Json, spec: Json): void {
  const fillsIn = spec['apply_policy_default_values'] === true;
  for (const [path, rule] of Object.entries(definition)) {
    if (virtual.includes(path) || !isJson(rule)) continue;
    const actual = valueAt(spec, path);
    const isFilled = fillsIn && (rule['type'] === 'fixed' || rule['defaultValue'] !== undefined);
    const missing = actual === undefined && mustBePresent(rule) && !isFilled;
    const fault = missing
      ? 'the value must be present'
      : actual === undefined
        ? undefined
        : faultOf(rule, actual);
    if (fault) throw invalid(`Validation failed for ${path}, ${fault}`);
  }
}

import { isMembers } from '../domain/body-path';
import { normalName } from '../domain/alert-names';
import { pathOf, type Fault } from './faults';
import { isWorkspaceUrl } from './workspace-url';

/** What a configuration is checked against beside its schema. */
export interface CheckContext {
  /** The Azure region that the app runs in. */
  readonly homeRegion: string;
  /** `http://127.0.0.1:<port>` workspaces are accepted: only under the local host. */
  readonly allowLoopback: boolean;
}

/** A fault of one pair. */
export interface PairFault extends Fault {
  readonly pair: number;
}

const urlFix = 'write it as https://adb-<workspace id>.<n>.azuredatabricks.net, without port, path or query';
const bothSides = ['primary', 'secondary'] as const;

/** What a schema cannot say about one pair. Looks only at values that have the right type: the schema reports the others. */
export function checkPair(pair: unknown, index: number, context: CheckContext): PairFault[] {
  const faults: PairFault[] = [];
  const root = `pairs[${index}]`;
  function fault(path: string, message: string): void {
    faults.push({ pair: index, path: pathOf([path], root), message });
  }
  for (const side of bothSides) {
    const url = textAt(pair, side, 'url');
    if (url !== undefined && url !== '' && !isWorkspaceUrl(url, context.allowLoopback))
      fault(`${side}.url`, `is no Azure Databricks workspace: ${urlFix}`);
  }
  const [region, other] = bothSides.map((side) => textAt(pair, side, 'region'));
  if (region !== undefined && normalName(region) === normalName(context.homeRegion))
    fault(
      'primary.region',
      `is the region that the app runs in: it would fail together with the app. Deploy the app in the secondary or a third region`,
    );
  if (region !== undefined && other !== undefined && normalName(region) === normalName(other))
    fault('secondary.region', 'is the region of the primary: a pair protects against the loss of a region');
  const url = textAt(pair, 'primary', 'url');
  if (url !== undefined && url === textAt(pair, 'secondary', 'url'))
    fault('secondary.url', 'is the workspace of the primary: give another one');
  const failures = at(pair, 'alert', 'confirm', 'failures');
  const of = at(pair, 'alert', 'confirm', 'of') ?? 6;
  if (typeof failures === 'number' && typeof of === 'number' && failures > of)
    fault('alert.confirm.failures', 'is more than `of`: no outage could ever be confirmed');
  return faults;
}

/** What pairs may not share: their names, and a workspace that is written to. */
export function checkBetweenPairs(pairs: readonly unknown[]): PairFault[] {
  const faults: PairFault[] = [];
  const names = new Map<string, number>();
  const workspaces = new Map<string, { index: number; side: string }>();
  pairs.forEach((pair, index) => {
    const name = textAt(pair, 'name');
    const namesake = name === undefined ? undefined : names.get(name);
    if (name !== undefined && namesake === undefined) names.set(name, index);
    if (namesake !== undefined)
      faults.push({
        pair: index,
        path: `pairs[${index}].name`,
        message: `is the name of pairs[${namesake}] as well: give each pair its own`,
      });
    for (const side of bothSides) {
      const url = textAt(pair, side, 'url');
      if (url === undefined) continue;
      const used = workspaces.get(url);
      if (used === undefined) workspaces.set(url, { index, side });
      else if (used.index !== index)
        faults.push({
          pair: index,
          path: `pairs[${index}].${side}.url`,
          message: `is ${used.side} of pairs[${used.index}] as well: two pairs would write to one workspace`,
        });
    }
  });
  return faults;
}

/** Groups that name pairs which are not there, or one pair twice. */
export function checkGroups(document: unknown): Fault[] {
  const groups = at(document, 'groups');
  const pairs = at(document, 'pairs');
  if (!Array.isArray(groups) || !Array.isArray(pairs)) return [];
  const names = new Set(pairs.map((pair) => textAt(pair, 'name')));
  return groups.flatMap((group, g) => {
    const waves = at(group, 'waves');
    const seen = new Set<unknown>();
    return (Array.isArray(waves) ? waves : []).flatMap((wave: unknown, w) =>
      (Array.isArray(wave) ? wave : []).flatMap((name: unknown, i) => {
        const path = `groups[${g}].waves[${w}][${i}]`;
        if (typeof name !== 'string') return [];
        const twice = seen.has(name);
        seen.add(name);
        if (!names.has(name)) return [{ path, message: 'names no pair of this configuration' }];
        return twice ? [{ path, message: 'is in this group already' }] : [];
      }),
    );
  });
}

function at(node: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (found, name) => (isMembers(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    node,
  );
}

function textAt(node: unknown, ...names: readonly string[]): string | undefined {
  const value = at(node, ...names);
  return typeof value === 'string' ? value : undefined;
}

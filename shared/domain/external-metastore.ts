import type { AssetKey } from './asset';
import { isMembers } from './body-path';
import { redact } from './redact';
import { literalsIn, rewriteText, type RewriteRules } from './rewrite';

/** One setting of an external Hive metastore: where it stands, and what became of it on the way to the other region. */
export interface MetastoreSetting {
  readonly key: AssetKey;
  readonly name: string;
  /** The path in the body; `line 3` of an init script. */
  readonly at: string;
  readonly setting: string;
  /** As the target has it; never a credential. */
  readonly value: string;
  /** A rewrite rule changed it. Init scripts are carried byte for byte. */
  readonly changed: boolean;
  /** Names of the source region that are still in it. */
  readonly left: readonly string[];
}

/** What is called otherwise in the other region, and the region itself. */
export interface SourceNames {
  readonly rules: RewriteRules;
  readonly region: string;
}

type Asset = Pick<MetastoreSetting, 'key' | 'name'>;
type Found = Pick<MetastoreSetting, 'at' | 'setting' | 'value'>;

/** https://learn.microsoft.com/azure/databricks/archive/external-metastores/external-hive-metastore */
const names =
  'spark\\.sql\\.hive\\.metastore|(?:spark\\.hadoop\\.)?(?:javax\\.jdo\\.option|datanucleus|hive\\.metastore)';
/** Rules of policies have `spark_conf.` before it. */
const member = new RegExp(`^(?:.*spark_conf\\.)?((?:${names})\\.[\\w.]+)$`);
const statement = new RegExp(
  `((?:${names})\\.[\\w.]*\\w)["']?\\s*(?:=|:|</name>\\s*<value>)?\\s*["']?([^"'\\n<]*)`,
  'g',
);

/** The metastore settings of a body (`spark_conf` of clusters, job clusters and pipelines, rules of policies), as they are after rewriting. */
export function metastoresIn(asset: Asset, body: object, source: SourceNames): MetastoreSetting[] {
  const before = new Map(settingsOf(body).map((found) => [found.at, found.value]));
  return settingsOf(rewriteText(body, source.rules).body).map((found) =>
    settingOf(asset, found, source, before.get(found.at) !== found.value),
  );
}

/** The metastore settings that an init script writes: it arrives as it is. */
export function metastoresInScript(asset: Asset, text: string, source: SourceNames): MetastoreSetting[] {
  return [...text.matchAll(statement)].map(({ 1: setting = '', 2: value = '', index }) => {
    const at = `line ${text.slice(0, index).split('\n').length}`;
    return settingOf(asset, { at, setting, value: value.trim() }, source, false);
  });
}

function settingOf(asset: Asset, { at, setting, value }: Found, source: SourceNames, changed: boolean) {
  const isSecret = /password/i.test(setting) && !value.startsWith('{{secrets/');
  const { key, name } = asset;
  const shown = isSecret && value !== '' ? '[redacted]' : redact(value);
  return { key, name, at, setting, value: shown, changed, left: namesLeft(value, source) };
}

function namesLeft(value: string, { rules, region }: SourceNames): string[] {
  // `eastus` is not in `eastus2`.
  const hasRegion = region !== '' && new RegExp(`${region}(?!\\d)`, 'i').test(value);
  return [...new Set([...literalsIn(value, rules), ...(hasRegion ? [region] : [])])];
}

function settingsOf(node: unknown, at = ''): Found[] {
  if (Array.isArray(node)) return node.flatMap((value, i) => settingsOf(value, `${at}[${i}]`));
  // Rules of a policy are JSON in a string.
  if (typeof node === 'string') return node.startsWith('{"') ? settingsOf(parsed(node), at) : [];
  if (!isMembers(node)) return [];
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) => {
    const path = at === '' ? name : `${at}.${name}`;
    const setting = member.exec(name)?.[1];
    return setting === undefined ? settingsOf(value, path) : [{ at: path, setting, value: textOf(value) }];
  });
}

/** The value itself, or what a rule of a policy fixes or proposes. */
function textOf(value: unknown): string {
  const plain = isMembers(value) ? (value['value'] ?? value['defaultValue'] ?? '') : value;
  return typeof plain === 'string' ? plain : JSON.stringify(plain ?? '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

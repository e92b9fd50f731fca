import type { Side, Step } from './asset';
import type { OutcomeVerb, Phase, RunKind } from './run';

/** What people call the steps. */
export const stepTitles = {
  connect: 'Connect both workspaces',
  profiles: 'Two profiles, one for each side',
  principals: 'Users, groups and service principals',
  notebooks: 'User folders and notebooks',
  clusters: 'Cluster configurations',
  jobs: 'Job configurations',
  libraries: 'Libraries',
  mounts: 'Storage mounts',
  initScripts: 'Init scripts',
  accessControl: 'Access control',
  ecosystem: 'Beyond the ten: the rest of the workspace',
} as const satisfies Record<Step, string>;

export const phaseTitles = {
  starting: 'Start',
  syncing: 'Sync',
  planning: 'Plan',
  restoring: 'Restore',
  verifying: 'Verify',
  retiring: 'Retire',
  approving: 'Approval',
  cuttingOver: 'Cut over',
  sweeping: 'Sweep',
  reporting: 'Report',
} as const satisfies Record<Phase, string>;

export const runTitles = {
  retention: 'Retention',
  sync: 'Sync',
  refresh: 'Refresh',
  drill: 'Drill',
  failback: 'Failback',
  failover: 'Failover',
} as const satisfies Record<RunKind, string>;

/** Outcomes in the order in which a person wants to read them, worst first. */
export const outcomeTitles = {
  failed: 'Failed',
  blocked: 'Blocked',
  conflict: 'In conflict',
  skipped: 'Skipped',
  restored: 'Restored',
  unchanged: 'Unchanged',
} as const satisfies Record<OutcomeVerb, string>;

const compass = '(?:north|south|east|west|central)';
const regionPattern = new RegExp(`^(${compass}*)(.*?)(${compass}*)(\\d*)(euap)?$`);
const places: Readonly<Record<string, string>> = {
  us: 'US',
  uk: 'UK',
  uae: 'UAE',
  usgovvirginia: 'US Gov Virginia',
  usgovarizona: 'US Gov Arizona',
  usgovtexas: 'US Gov Texas',
  newzealand: 'New Zealand',
  jioindia: 'Jio India',
};

/** The name that people know a region by: `eastus2` is `East US 2`. Text that is no region's name comes back capitalised. */
export function regionTitle(region: string): string {
  const compact = region.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [, before = '', place = '', after = '', number = '', canary = ''] = regionPattern.exec(compact) ?? [];
  const compassWords = (text: string): string[] =>
    (text.match(new RegExp(`(?:north|south)(?:east|west)|${compass}`, 'g')) ?? []).map(capital);
  const words = [...compassWords(before), places[place] ?? capital(place), ...compassWords(after)];
  return [...words, number, canary.toUpperCase()].filter(Boolean).join(' ');
}

/** How a side is called in sentences: by its region, and by its role where both sides share one. */
export function sideTitle(side: Side, regions: Readonly<Record<Side, string>>): string {
  if (regions.primary === regions.secondary) return `the ${side} workspace`;
  return regionTitle(regions[side]) || `the ${side} workspace`;
}

/** The text with a capital at its start. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `1,234` */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 asset`, `1,234 assets`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** The parts as a sentence has them: `a`, `a and b`, `a, b and c`. */
export function list(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** A duration in its two largest units: `0.4 s`, `52 s`, `7 min 12 s`, `3 h 5 min`, `2 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const parts = [
    { value: Math.floor(whole / 86_400), unit: 'd' },
    { value: Math.floor(whole / 3_600) % 24, unit: 'h' },
    { value: Math.floor(whole / 60) % 60, unit: 'min' },
    { value: whole % 60, unit: 's' },
  ];
  const first = parts.findIndex(({ value }) => value > 0);
  if (first < 0) return '0 s';
  const shown = parts.slice(first, first + 2).filter(({ value }) => value > 0);
  return shown.map(({ value, unit }) => `${value} ${unit}`).join(' ');
}

/** `21 Nov 2026, 03:12:45 UTC`; what is no time comes back as it is. */
export function moment(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const day = `${time.getUTCDate()} ${months[time.getUTCMonth()] ?? ''} ${time.getUTCFullYear()}`;
  return `${day}, ${time.toISOString().slice(11, 19)} UTC`;
}

const kindNames: Readonly<Record<string, readonly [string, string]>> = {
  'cluster-library': ['cluster library', 'cluster libraries'],
  'cluster-policy': ['cluster policy', 'cluster policies'],
  'dbfs-file': ['DBFS file', 'DBFS files'],
  directory: ['directory', 'directories'],
  'ip-access-list': ['IP access list', 'IP access lists'],
  query: ['query', 'queries'],
  'secret-acl': ['secret ACL', 'secret ACLs'],
  'sql-warehouse': ['SQL warehouse', 'SQL warehouses'],
  'workspace-conf': ['workspace setting', 'workspace settings'],
};

/** The kind in words: `cluster-policy`, 2 is `cluster policies`. */
export function kindWords(kind: string, value: number): string {
  const plain = kind.replace(/-/g, ' ');
  const [one, many] = kindNames[kind] ?? [plain, `${plain}s`];
  return value === 1 ? one : many;
}

import { count, regionTitle } from '../shared/domain/report-words';
import { estateSummary } from './estate/summary';
import { type Screen } from './screen';
import { type Session } from './session';
import { type World } from './world';

/** Both workspaces and what is in the primary, a line each. */
export function showWorkspaces(screen: Screen, { workspaces, isContinued, record }: World): void {
  const { primary, secondary } = workspaces;
  const { kinds, awakeJobs } = estateSummary(primary);
  const of = (kind: string): number => kinds[kind] ?? 0;
  screen.step('primary', `${regionTitle(primary.region)}, ${primary.url}`);
  screen.step(
    'secondary',
    `${regionTitle(secondary.region)}, ${secondary.url}${isContinued || record.size === 'tricky' ? '' : ', empty'}`,
  );
  const contents = [
    count(of('user'), 'user'),
    count(of('notebook'), 'notebook'),
    count(of('cluster'), 'cluster'),
    `${count(of('job'), 'job')}, ${awakeJobs} awake`,
  ];
  screen.step(isContinued ? 'continued' : 'estate', `${record.size}: ${contents.join(' · ')}`);
}

interface ConfiguredPair {
  readonly name?: string;
  readonly primary?: { readonly region?: string; readonly url?: string };
  readonly secondary?: { readonly region?: string; readonly url?: string };
}

/** The pairs of a given configuration, and what the app warns of. The emulated pair needs no words. */
export function showConfig(screen: Screen, config: object | undefined, warnings: readonly string[]): void {
  const { pairs = [] } = (config ?? {}) as { pairs?: readonly ConfiguredPair[] };
  for (const { name, primary, secondary } of pairs) {
    screen.step('pair', `${name ?? ''}: ${sideWords(primary)} -> ${sideWords(secondary)}`);
  }
  for (const warning of warnings) screen.step('warning', warning);
}

function sideWords(side: ConfiguredPair['primary']): string {
  return `${regionTitle(side?.region ?? '')} (${side?.url ?? ''})`;
}

/** What to try while it serves. */
export function showRoutes(screen: Screen, { app, world }: Session): void {
  const post = (path: string, body = ''): string =>
    `curl -X POST ${app.url}${path}${body && ` -d '${body}'`}`;
  const emulated = [
    post('/local/outage', JSON.stringify({ side: 'primary', on: !world?.workspaces.primary.isDark() })),
    post('/local/timers/refresh'),
    `curl ${app.url}/local/world`,
  ];
  screen.heading('It serves until Ctrl-C. Try:');
  for (const line of [`curl ${app.url}/api/pairs`, `curl ${app.url}/api/runs`, ...(world ? emulated : [])])
    screen.line(`  ${line}`);
}

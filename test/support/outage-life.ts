import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunView } from '../../functions/http/run-view';
import { openStage, type Stage } from '../../bench/stage';
import { type WorldFacts } from '../../local/control';
import { fillEstate } from '../../local/estate/estate';
import { type Awake, StorySide } from '../../local/story/side';
import { type FaultRule } from '../../local/workspace/faults';
import { type Firing } from '../../local/workspace/job-record';
import { type JobsArea } from '../../local/workspace/jobs';
import { type LoggedRequest } from '../../local/workspace/request-log';
import { type EmulatedWorkspace } from '../../local/workspace/workspace';
import { type Report } from '../../shared/domain/report';
import { blobTexts, databaseTexts, fileText, type Text } from './leaks';
import { askEverything, keepAnswers } from './told';

/** Like no known kind of token: no pattern takes it out. */
export const canaries = { primary: 'k4n4ri-primary-7d1e', secondary: 'k4n4ri-secondary-9c3b' };

/** The value of a secret of the primary. */
export const secretCanary = 'k4n4ri-value-5e0f';

/** What an outage showed, from a normal day until the side that was lost is fenced. */
export interface Outage {
  readonly facts: WorldFacts;
  readonly refresh: RunView;
  readonly failover: RunView;
  readonly report: Report;
  /** Awake at the source before, and at the target after, by the ids of the source. */
  readonly awake: Readonly<Record<'before' | 'after', readonly Awake[]>>;
  /** When everything is restored and nothing is approved. */
  readonly prepared: {
    readonly awake: readonly Awake[];
    readonly firings: readonly Firing[];
    readonly runningClusters: readonly string[];
  };
  readonly approvedMs: number;
  readonly firings: Readonly<Record<'source' | 'target', readonly Firing[]>>;
  /** Of the source while the failover ran, and how many of them still wait for an answer after it. */
  readonly calls: readonly LoggedRequest[];
  readonly hanging: number;
  readonly fencedMs: number;
  /** Triggers that the source would still fire in the end. */
  readonly stillPlanned: number;
  /** The value of that secret as the target has it, in base64. */
  readonly copiedValue: unknown;
  /** Faults that were met. */
  readonly faults: readonly string[];
  /** Everything that was written or said. */
  readonly texts: readonly Text[];
}

/** Probes come when they are called for: what the failover itself asks can then be counted. */
const schedule = 'DR_PROBE_SCHEDULE';

/** Lives through an outage in the local world, with faults on the way that quote the token. */
export async function liveThroughOutage(): Promise<Outage> {
  const folder = mkdtempSync(join(tmpdir(), 'outage-'));
  const head = { formatVersion: 1, size: 'tiny', seed: 1 };
  const world = { ...head, tokens: canaries, ports: { primary: 0, secondary: 0 } };
  writeFileSync(join(folder, 'world.json'), JSON.stringify(world));
  const answers: Text[] = [];
  const forgetAnswers = keepAnswers(answers);
  process.env[schedule] = '';
  const stage = await openStage(['--state', folder], { approval: { required: true } });
  try {
    const seen = await live(stage);
    await askEverything(stage, [seen.refresh.id, seen.failover.id]);
    const blobs = await blobTexts(seen.facts);
    await stage.close();
    const kept = [fileText(stage.logFile), ...databaseTexts(join(folder, 'task-hub.db'))];
    return { ...seen, texts: [...blobs, ...kept, ...answers] };
  } finally {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- undefined would be the text "undefined"
    delete process.env[schedule];
    forgetAnswers();
    await stage.close();
    rmSync(folder, { recursive: true });
  }
}

async function live(stage: Stage): Promise<Omit<Outage, 'texts'>> {
  const { primary, secondary } = stage.world.workspaces;
  const [source, target] = [primary, secondary].map(
    ({ region, url, token }) => new StorySide(region, url, token),
  ) as [StorySide, StorySide];
  const facts = await stage.app.get<WorldFacts>('/local/world');
  fillEstate(primary, { size: 'tiny', seed: 1 });
  makeStream(primary);
  const canary = { scope: 'canary', key: 'value' };
  primary.call('POST', '/api/2.0/secrets/scopes/create', canary);
  primary.call('POST', '/api/2.0/secrets/put', { ...canary, string_value: secretCanary });
  disturb(primary, listFaults(canaries.primary));
  disturb(secondary, [...listFaults(canaries.secondary), ...writeFaults(canaries.secondary)]);
  const refresh = await stage.ended(await stage.start('refresh'));
  const before = await source.awake('id');

  primary.setDark(true);
  disturb(secondary, [...listFaults(canaries.secondary), ...wakeFaults(canaries.secondary)]);
  const from = primary.requests.lastSeq();
  const runId = await stage.start('failover');
  let approvedMs = 0;
  let prepared: Outage['prepared'] | undefined;
  const failover = await stage.ended(runId, async ({ approval }) => {
    if (approval === null || prepared !== undefined) return;
    prepared = await preparedAt(target);
    approvedMs = Date.now();
    await stage.app.send('POST', `/api/runs/${runId}/approve`, { body: { who: 'Ana', why: 'it is lost' } });
  });
  const calls = primary.requests.since(from);
  const hanging = primary.hanging();
  const after = await target.awake('marker');
  secondary.tick();

  primary.setDark(false);
  await stage.app.send('POST', '/local/timers/probe');
  const fencedMs = Date.now();
  primary.tick();
  return {
    ...{ facts, refresh, failover, approvedMs, calls, hanging, fencedMs },
    report: await stage.report(runId),
    awake: { before, after },
    prepared: prepared!,
    firings: { source: await source.firings(), target: await target.firings() },
    stillPlanned: plannedTriggers(primary),
    copiedValue: secondary.call('GET', '/api/2.0/secrets/get?scope=canary&key=value').json,
    faults: [primary, secondary].flatMap(({ requests }) =>
      requests.since(0).flatMap(({ fault }) => fault ?? []),
    ),
  };
}

async function preparedAt(target: StorySide): Promise<Outage['prepared']> {
  return {
    awake: await target.awake('marker'),
    firings: await target.firings(),
    runningClusters: await target.runningClusters(),
  };
}

function plannedTriggers({ core }: EmulatedWorkspace): number {
  return core
    .area<JobsArea>('jobs')
    .all()
    .flatMap(({ triggers }) => triggers).length;
}

/** Runs whenever it may, so that a side that is awake shows it at once. */
function makeStream(workspace: EmulatedWorkspace): void {
  const new_cluster = { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 1 };
  workspace.call('POST', '/api/2.2/jobs/create', {
    name: 'stream of orders',
    continuous: { pause_status: 'UNPAUSED' },
    tasks: [{ task_key: 'main', new_cluster, spark_python_task: { python_file: '/Shared/stream.py' } }],
  });
}

function disturb(workspace: EmulatedWorkspace, rules: readonly FaultRule[]): void {
  workspace.faults.clear();
  for (const rule of rules) workspace.faults.add(rule);
}

/** An error as a careless proxy or platform would word it. */
function quoting(
  token: string,
  status: number,
  errorCode: string,
): Pick<FaultRule, 'kind' | 'status' | 'body'> {
  const message = `${token} is not accepted (Authorization: Bearer ${token})`;
  return { kind: 'status', status, body: JSON.stringify({ error_code: errorCode, message }) };
}

function listFaults(token: string): FaultRule[] {
  const page = `<html><pre>upstream refused "Authorization: Bearer ${token}", ${token}</pre></html>`;
  return [
    { path: /jobs\/list/, times: 1, ...quoting(token, 401, 'UNAUTHENTICATED') },
    { path: /clusters\/list/, times: 1, kind: 'reset' },
    { path: /instance-pools\/list/, times: 1, kind: 'truncate' },
    { path: /policies/, times: 1, ...quoting(token, 500, 'INTERNAL_ERROR') },
    { path: /scim/, times: 1, kind: 'status', status: 502, html: true, body: page },
  ];
}

/** One that heals, and one that does not: it is in the report, with its reason. */
function writeFaults(token: string): FaultRule[] {
  return [
    { method: 'POST', path: /workspace\/import/, times: 1, ...quoting(token, 401, 'UNAUTHENTICATED') },
    { method: 'POST', path: /secrets\/put/, times: 1, ...quoting(secretCanary, 500, 'INTERNAL_ERROR') },
    {
      method: 'PUT',
      path: /permissions\/notebooks/,
      times: 1,
      ...quoting(token, 400, 'INVALID_PARAMETER_VALUE'),
    },
  ];
}

function wakeFaults(token: string): FaultRule[] {
  return [
    { method: 'POST', path: /jobs\/(update|reset)/, times: 1, ...quoting(token, 500, 'INTERNAL_ERROR') },
    { method: 'POST', path: /jobs\/(update|reset)/, after: 1, times: 1, kind: 'lostAnswer' },
  ];
}

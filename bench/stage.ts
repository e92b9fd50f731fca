import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunView } from '../functions/http/run-view';
import { type Report } from '../shared/domain/report';
import { type AppClient } from '../local/app-client';
import { type AppProcess } from '../local/app-process';
import { Closers } from '../local/closers';
import { LocalError } from '../local/local-error';
import { parseOptions } from '../local/options';
import { emulatedConfig, pairName, uploadConfig } from '../local/pair-config';
import { makeScreen } from '../local/screen';
import { startSession } from '../local/session';
import { type StateFolder } from '../local/state-folder';
import { type World } from '../local/world';

export type RunKind = 'sync' | 'refresh' | 'failover';
export type Look = (run: RunView) => void | Promise<void>;

/** A world and the app, as `npm start` starts them, without a story: for measurements and proofs. */
export interface Stage {
  readonly app: AppClient;
  readonly host: AppProcess;
  readonly world: World;
  readonly folder: StateFolder;
  /** What the app host wrote, over all of its lives. */
  readonly logFile: string;
  /** Returns the id of the run. */
  start(kind: RunKind): Promise<string>;
  /** Follows a run to its end. */
  ended(runId: string, look?: Look, everyMs?: number): Promise<RunView>;
  report(runId: string): Promise<Report>;
  close(): Promise<void>;
}

/** Opens a stage: `args` are options of `npm start`, `pair` changes the configuration of the pair. Nobody is asked for an approval. */
export async function openStage(args: readonly string[], pair: object = {}): Promise<Stage> {
  const options = parseOptions(['--no-story', '--port', '0', ...args]);
  if (options === 'help') throw new LocalError('a stage has no help');
  const closers = new Closers();
  try {
    const silent = (): void => undefined;
    const screen = { ...makeScreen(true), notice: silent, alarm: silent };
    const { app, process: host, world, folder } = await startSession(options, screen, closers);
    if (world === undefined) throw new LocalError('a stage needs emulated workspaces');
    await uploadConfig(app, changePairs(emulatedConfig(world), { approval: { required: false }, ...pair }));
    return {
      ...{ app, host, world, folder },
      logFile: folder.file('app.log'),
      start: (kind) => start(app, kind),
      ended: (runId, look, everyMs) => ended(app, runId, look, everyMs),
      report: (runId) => app.get<Report>(`/api/runs/${runId}/report`),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** The configuration with the same changes in each pair. */
export function changePairs(config: object, changes: object): object {
  const { pairs } = config as { pairs: readonly object[] };
  return { pairs: pairs.map((pair) => ({ ...pair, ...changes })) };
}

async function start(app: AppClient, kind: RunKind): Promise<string> {
  const confirm = kind === 'failover' ? { confirm: pairName } : {};
  const { body } = await app.send<{ id: string }>('POST', `/api/pairs/${pairName}/${kind}`, {
    body: { reason: 'a measurement', ...confirm },
    headers: { 'idempotency-key': randomUUID() },
  });
  return body.id;
}

async function ended(
  app: AppClient,
  runId: string,
  look: Look = () => undefined,
  everyMs = 100,
): Promise<RunView> {
  for (;;) {
    const run = await app.get<RunView>(`/api/runs/${runId}`);
    await look(run);
    if (run.status !== 'running') return run;
    await sleep(everyMs);
  }
}

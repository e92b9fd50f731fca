import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MemoryWatch } from './memory';
import { openStage, type RunKind, type Stage } from './stage';
import { type Traffic, watchTraffic } from './traffic';

/**
 * Memory, history and speed of the app with an estate of a size: cold refresh, warm refresh, warm failover with the primary dark.
 * `npm run bench:scale -- [--size small|medium|large] [--seed N]`; exit code 1 when a limit is broken or a run does not succeed.
 */

const maxResidentMib = 512;
const maxHistoryEvents = 1_000;
const lookEveryMs = 5_000;

interface Measured extends Traffic {
  readonly name: string;
  readonly status: string;
  readonly reason: string | null;
  readonly assets: number;
  readonly seconds: number;
  readonly phases: string;
  readonly maxMib: number;
}

interface HostStatus {
  readonly largestHistory: number;
  readonly diagnostics: number;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { size: { type: 'string', default: 'large' }, seed: { type: 'string', default: '1' } },
  });
  // On disk: the blobs of a large estate do not fit into the memory of the stand-in.
  const folder = mkdtempSync(join(tmpdir(), 'failover-scale-'));
  const stage = await openStage(['--size', values.size, '--seed', values.seed, '--state', folder]);
  const memory = new MemoryWatch(() => stage.host.pid());
  let holds = false;
  try {
    console.log(`size ${values.size}, seed ${values.seed}, limits off; its log: ${stage.logFile}`);
    const measured = [
      await measure(stage, memory, 'refresh, cold', 'refresh'),
      await measure(stage, memory, 'refresh, warm', 'refresh'),
    ];
    stage.world.workspaces.primary.setDark(true);
    measured.push(await measure(stage, memory, 'failover, warm, primary dark', 'failover'));
    holds = judge(measured, await stage.app.get<HostStatus>('/admin/host/status'));
    return holds;
  } finally {
    memory.stop();
    await stage.close();
    // Else there is something to look at.
    if (holds) rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(stage: Stage, memory: MemoryWatch, name: string, kind: RunKind): Promise<Measured> {
  const traffic = watchTraffic(stage.world);
  memory.take();
  const startedMs = Date.now();
  const runId = await stage.start(kind);
  const { status, reason, counts } = await stage.ended(runId, undefined, lookEveryMs);
  const seconds = (Date.now() - startedMs) / 1_000;
  const { timings } = await stage.report(runId);
  const phases = timings.map((one) => `${one.phase} ${one.seconds.toFixed(1)}`).join(', ');
  const of = { name, status, reason, assets: counts.total, seconds, phases };
  const measured = { ...of, maxMib: memory.take(), ...traffic() };
  print(measured);
  return measured;
}

function print(one: Measured): void {
  const perAsset = (one.requests / Math.max(1, one.assets)).toFixed(3);
  console.log(`
${one.name}: ${one.status} (${one.reason ?? ''})
  assets      ${one.assets}
  wall time   ${one.seconds.toFixed(1)} s (${one.phases})
  requests    ${one.requests}, ${perAsset} an asset; ${one.writes} writes; ${one.throttled} x 429
  memory      ${one.maxMib.toFixed(0)} MiB at most`);
}

function judge(measured: readonly Measured[], { largestHistory, diagnostics }: HostStatus): boolean {
  const maxMib = Math.max(...measured.map((one) => one.maxMib));
  const faults = [
    ...measured.filter(({ status }) => status !== 'succeeded').map(({ name }) => `${name} did not succeed`),
    ...(maxMib >= maxResidentMib ? [`the app host had ${maxMib.toFixed(0)} MiB`] : []),
    ...(largestHistory > maxHistoryEvents ? [`a history had ${largestHistory} events`] : []),
  ];
  console.log(`
app host: ${maxMib.toFixed(0)} MiB at most (limit ${maxResidentMib}), largest history ${largestHistory} events (limit ${maxHistoryEvents}), ${diagnostics} diagnostics
${faults.length === 0 ? 'all limits hold' : `BROKEN: ${faults.join('; ')}`}`);
  return faults.length === 0;
}

main().then(
  (holds) => process.exit(holds ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

import { sha256 } from '../domain/asset';
import { DrError, type ErrorCode } from '../domain/errors';
import type { Phase } from '../domain/run';

// Every blob path of the app. What names a blob is ours (ids, numbers, hashes): names from a workspace are hashed.

/** A path segment that comes from outside. It must not reach another blob than the one that is meant. */
function segment(value: string, code: ErrorCode, what: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value)) return value;
  throw new DrError(code, `no such ${what}: ${JSON.stringify(value.slice(0, 80))}`);
}

function ofPair(pair: string): string {
  return `pairs/${segment(pair, 'DR_PAIR_UNKNOWN', 'pair')}`;
}

function ofRun(runId: string): string {
  return `runs/${segment(runId, 'DR_RUN_UNKNOWN', 'run')}`;
}

function ofSnapshot(id: string): string {
  return segment(id, 'DR_SNAPSHOT_MISSING', 'snapshot');
}

function ofItems(runId: string, phase: Phase, wave?: number): string {
  return wave === undefined ? `${ofRun(runId)}/${phase}/` : `${ofRun(runId)}/${phase}/${wave}/`;
}

/** In the container dr-state. */
const statePaths = {
  config: () => 'config/dr.config.json',
  configVersion: (sha: string) => `config/versions/${sha}.json`,
  idempotency: (sha: string) => `idempotency/${sha}.json`,
  idempotencyKeys: () => 'idempotency/',

  claim: (pair: string) => `${ofPair(pair)}/claim.json`,
  state: (pair: string) => `${ofPair(pair)}/state.json`,
  incident: (pair: string) => `${ofPair(pair)}/incident.json`,
  confirmation: (pair: string, attempt: number) => `${ofPair(pair)}/confirmations/${attempt}.json`,
  health: (pair: string) => `${ofPair(pair)}/health.json`,
  lastGreen: (pair: string) => `${ofPair(pair)}/last-green.json`,
  preflight: (pair: string) => `${ofPair(pair)}/preflight.json`,
  latest: (pair: string) => `${ofPair(pair)}/latest.json`,
  suspect: (pair: string) => `${ofPair(pair)}/suspect.json`,
  damage: (pair: string) => `${ofPair(pair)}/damage.json`,
  scrub: (pair: string) => `${ofPair(pair)}/scrub.json`,
  awake: (pair: string, tenure: number) => `${ofPair(pair)}/tenures/${tenure}/awake.ndjson`,
  lateAwake: (pair: string, tenure: number) => `${ofPair(pair)}/tenures/${tenure}/late-awake.json`,
  linksOfKind: (pair: string, kind: string) => `${ofPair(pair)}/links/${kind}/`,
  links: (pair: string, kind: string, partition: string) =>
    `${ofPair(pair)}/links/${kind}/${sha256(partition)}.ndjson`,

  runs: () => 'runs/',
  run: (runId: string) => `${ofRun(runId)}/`,
  request: (runId: string) => `${ofRun(runId)}/request.json`,
  runConfig: (runId: string) => `${ofRun(runId)}/config.json`,
  summary: (runId: string) => `${ofRun(runId)}/summary.json`,
  chunkTally: (runId: string, phase: Phase, wave: number, chunk: number) =>
    `${ofRun(runId)}/tallies/${phase}/${wave}/${chunk}.json`,
  chunkTallies: (runId: string, phase: Phase) => `${ofRun(runId)}/tallies/${phase}/`,
  approval: (runId: string) => `${ofRun(runId)}/approval.json`,
  report: (runId: string) => `${ofRun(runId)}/report.json`,
  reportHtml: (runId: string) => `${ofRun(runId)}/report.html`,
  planHead: (runId: string) => `${ofRun(runId)}/plan/head.json`,
  planChunk: (runId: string, wave: number, chunk: number) => `${ofRun(runId)}/plan/${wave}/${chunk}.ndjson`,
  settledChunk: (runId: string, wave: number, chunk: number) =>
    `${ofRun(runId)}/plan/${wave}/settled/${chunk}.ndjson`,
  itemResults: ofItems,
  itemResult: (runId: string, phase: Phase, wave: number, chunk: number, item: number) =>
    `${ofItems(runId, phase, wave)}${chunk}/${item}.json`,
  failures: (runId: string, wave: number) => `${ofRun(runId)}/failures/${wave}.json`,
  stage: (runId: string, name: string) => `${ofRun(runId)}/stages/${name}.json.gz`,
};

/** In the container dr-snapshots. */
const snapshotPaths = {
  packs: (pair: string) => `${ofPair(pair)}/packs/`,
  indexes: (pair: string) => `${ofPair(pair)}/index/`,
  snapshots: (pair: string) => `${ofPair(pair)}/snapshots/`,
  pack: (pair: string, sha: string) => `${ofPair(pair)}/packs/${sha}.pack`,
  index: (pair: string, sha: string) => `${ofPair(pair)}/index/${sha}.ndjson.gz`,
  manifest: (pair: string, id: string) => `${ofPair(pair)}/snapshots/${ofSnapshot(id)}/manifest.json`,
};

export const paths = { ...statePaths, ...snapshotPaths };

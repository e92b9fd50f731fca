import { DrError } from './errors';

const maxPairLength = 24;
const runIdSyntax = /^(?<pair>[a-z0-9][a-z0-9-]*)-\d{8}T\d{6}Z-[a-z0-9]{6}$/;

/** A run id: `<pair, at most 24>-<yyyyMMddTHHmmssZ>-<6 random>`. `random6` is six lower-case letters or digits. */
export function makeRunId(pair: string, nowMs: number, random6: string): string {
  const utc = new Date(nowMs).toISOString().replace(/\.\d+|[-:]/g, '');
  const runId = `${pair.slice(0, maxPairLength)}-${utc}-${random6}`;
  if (!runIdSyntax.test(runId))
    throw new DrError('DR_INTERNAL', `cannot make a run id of ${pair} and ${random6}`);
  return runId;
}

/** The pair that a run id names; undefined when it is no run id. */
export function pairOfRun(runId: string): string | undefined {
  return runIdSyntax.exec(runId)?.groups?.['pair'];
}

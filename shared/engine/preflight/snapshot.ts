import type { AssetKey } from '../../domain/asset';
import type { Finding } from '../../domain/preflight';
import type { Readiness } from '../../domain/readiness';
import { isFreshSnapshot, type Manifest } from '../../domain/snapshot';
import type { PreflightContext } from './facts';

const reasonsShown = 3;

/** Whether there is something to fail over from, and how old it is. */
export function checkSnapshot({ now, source }: PreflightContext, manifest: Manifest | undefined): Finding[] {
  const check = 'snapshot';
  const fix = 'run a refresh, and see why the last ones did not come to their end';
  if (manifest === undefined) return [{ check, light: 'red', what: 'there is no snapshot yet', fix }];
  const { id, sealedAt, source: from } = manifest;
  if (from.side !== source)
    return [{ check, light: 'red', what: `the last snapshot, ${id}, is not one of the ${source}`, fix }];
  const what = `the last snapshot is ${id}, sealed at ${sealedAt}`;
  return [
    isFreshSnapshot(manifest, now()) ? { check, light: 'green', what } : { check, light: 'amber', what, fix },
  ];
}

/** What the last run that judged it said about the jobs. */
export function checkReadiness(readiness: Readiness | undefined): Finding[] {
  const check = 'readiness';
  if (readiness === undefined)
    return [
      { check, light: 'amber', what: 'no run has judged yet which jobs would run', fix: 'run a refresh' },
    ];
  const { jobs, total } = readiness;
  const keysOf = (state: string): AssetKey[] =>
    jobs.filter((job) => job.state === state).map(({ key }) => key);
  const reasonsOf = (state: string): string => {
    const reasons = new Set(jobs.filter((job) => job.state === state).flatMap((job) => job.reasons));
    return [...reasons].slice(0, reasonsShown).join('; ');
  };
  const findings: Finding[] = [];
  if (total.notRunnable > 0)
    findings.push({
      ...{ check, light: 'red', keys: keysOf('notRunnable') },
      what: `${total.notRunnable} jobs would not run: ${reasonsOf('notRunnable')}`,
      fix: 'the report of the last refresh names the cause of each; mend it at its end of the chain',
    });
  if (total.degraded > 0)
    findings.push({
      ...{ check, light: 'amber', keys: keysOf('degraded') },
      what: `${total.degraded} jobs would run, perhaps not as they should: ${reasonsOf('degraded')}`,
      fix: 'the report of the last refresh names what each of them lacks',
    });
  if (findings.length > 0) return findings;
  return [{ check, light: 'green', what: `all ${total.runnable} jobs would run` }];
}

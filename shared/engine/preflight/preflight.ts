import type { Side } from '../../domain/asset';
import { DrError, hasCode } from '../../domain/errors';
import { judgePreflight, type CheckName, type Finding, type Preflight } from '../../domain/preflight';
import type { Readiness } from '../../domain/readiness';
import type { Manifest } from '../../domain/snapshot';
import { writeDocument } from '../../storage/documents';
import { paths } from '../../storage/layout';
import { readLatest, readManifest } from '../../storage/snapshots';
import { isoNow } from '../run-context';
import { checkAccess } from './access';
import { checkCompute } from './compute';
import { gatherFacts, type PreflightContext, type PreflightFacts } from './facts';
import { checkGit } from './git';
import { checkNetwork } from './network';
import { checkPrincipals } from './principals';
import { checkSecrets } from './secrets';
import { checkReadiness, checkSnapshot } from './snapshot';

type TargetCheck = (
  context: PreflightContext,
  facts: PreflightFacts,
  open: ReadonlySet<Side>,
) => Promise<Finding[]>;

const targetChecks: Readonly<Partial<Record<CheckName, TargetCheck>>> = {
  compute: checkCompute,
  principals: checkPrincipals,
  secrets: checkSecrets,
  network: (context, _facts, open) => checkNetwork(context, open),
  git: checkGit,
};

/**
 * Looks whether a failover to the target would work now, changing nothing there. What cannot be found out is amber, never green.
 * Stores the answer for the pair's page.
 */
export async function checkPair(
  context: PreflightContext,
  readiness: Readiness | undefined,
  runId?: string,
): Promise<Preflight> {
  const { pair, state } = context;
  const findings: Finding[] = [];
  const manifest = await latestManifest(context, findings);
  const snapshot = findings.length > 0 ? [] : checkSnapshot(context, manifest);
  const facts = await tried(findings, 'readiness', async () =>
    manifest === undefined ? undefined : await gatherFacts(context, manifest),
  );
  const access = await checkAccess(context);
  findings.push(...access.findings, ...snapshot, ...checkReadiness(readiness));
  if (facts !== undefined && access.open.has(context.target)) {
    for (const [name, check] of Object.entries(targetChecks) as [CheckName, TargetCheck][])
      findings.push(...((await tried(findings, name, () => check(context, facts, access.open))) ?? []));
  }
  const run = runId === undefined ? {} : { runId };
  const head = { pair: pair.name, checkedAt: isoNow(context), ...run, snapshot: manifest?.id ?? null };
  const preflight = judgePreflight(head, findings, facts ?? { jobs: new Map(), needs: new Map() });
  await writeDocument(state, paths.preflight(pair.name), preflight);
  return preflight;
}

/** Undefined without a snapshot, and when it cannot be read: that is a finding. */
async function latestManifest(context: PreflightContext, findings: Finding[]): Promise<Manifest | undefined> {
  const latest = await readLatest(context, context.pair.name);
  try {
    return latest && (await readManifest(context, context.pair.name, latest.id));
  } catch (error) {
    if (!hasCode(error, 'DR_BODY_CORRUPT', 'DR_BLOB_FORMAT', 'DR_SNAPSHOT_MISSING')) throw error;
    const what = `the last snapshot cannot be read: ${error.message}`;
    findings.push({ check: 'snapshot', light: 'red', what, fix: 'run a refresh: it takes a new one' });
    return undefined;
  }
}

/** A check that cannot be made says so: not knowing is not being well. An answer that is not as documented ends no run. */
async function tried<T>(
  findings: Finding[],
  check: CheckName,
  look: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (hasCode(error, 'DR_CLAIM_LOST', 'DR_RUN_CANCELLED')) throw error;
    const why = error instanceof DrError ? error.message : 'an answer is not as documented';
    findings.push({
      check,
      light: 'amber',
      what: `it could not be checked: ${why}`,
      fix: 'ask again; if it stays so, see what the answer says',
    });
    return undefined;
  }
}

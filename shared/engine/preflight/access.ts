import type { Workspace } from '../../databricks/workspace';
import type { Side } from '../../domain/asset';
import { DrError } from '../../domain/errors';
import type { Finding } from '../../domain/preflight';
import type { PreflightContext } from './facts';

interface Me {
  readonly userName?: string;
  readonly groups?: readonly { readonly display?: string }[];
}

/** Whether both sides answer, let the app in, and let it do all that it must: restoring there, fencing here. */
export async function checkAccess(context: PreflightContext): Promise<{
  readonly findings: Finding[];
  /** Sides that can be asked more. */
  readonly open: ReadonlySet<Side>;
}> {
  const findings: Finding[] = [];
  const open = new Set<Side>();
  for (const side of [context.target, context.source]) {
    const { isOpen, ...finding } = await checkSide(context, side);
    if (isOpen) open.add(side);
    findings.push(finding);
  }
  return { findings, open };
}

interface SideFinding extends Finding {
  /** It can be asked more. */
  readonly isOpen: boolean;
}

async function checkSide(context: PreflightContext, side: Side): Promise<SideFinding> {
  const isTarget = side === context.target;
  // Without the source a failover goes on; only its fence waits.
  const light = isTarget || context.pair.cutover.fence === 'require' ? 'red' : 'amber';
  const health = await context.probe(side);
  const check = 'access';
  if (!health.alive)
    return {
      ...{ check, light, isOpen: false, what: `the ${side} does not answer: ${health.detail}` },
      fix: 'see whether its region is up, and whether the network lets the app reach it',
    };
  if (!health.token)
    return {
      ...{ check, light, isOpen: false, what: `no token for the ${side} can be had` },
      fix: `see whether the key vault answers and has the secret that auth of the ${side} names`,
    };
  return { check, ...(await roleOf(isTarget ? context.to : context.from, side, light)) };
}

async function roleOf(workspace: Workspace, side: Side, light: Finding['light']) {
  try {
    const { userName = 'the app', groups = [] } = await workspace.get<Me>('/api/2.0/preview/scim/v2/Me');
    const isAdmin = groups.some(({ display }) => display === 'admins');
    if (isAdmin)
      return { light: 'green' as const, isOpen: true, what: `the ${side} answers, ${userName} is an admin` };
    return {
      ...{ light, isOpen: true, what: `${userName} is no admin of the ${side}: it does not see and set all` },
      fix: `add ${userName} to the group admins of the ${side}`,
    };
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    const what = `the ${side} does not let the app in: ${error.message}`;
    return { light, isOpen: false, what, fix: `give the app's identity a valid token of the ${side}` };
  }
}

import type { Workspace } from '../databricks/workspace';
import { hasCode } from '../domain/errors';
import type { ClusterBody, ClusterRow } from './cluster';
import { textOf } from './principal-name';

const repeatable = { repeatable: true };
/** https://learn.microsoft.com/azure/databricks/resources/limits */
const maxPinned = 100;

/** Stops a cluster (the API knows no creation without a start), then pins it and gives it its owner. Returns warnings. */
export async function settleCluster(
  target: Workspace,
  row: ClusterRow,
  body: ClusterBody,
): Promise<readonly string[]> {
  const cluster_id = row.cluster_id;
  if (row.state !== 'TERMINATED' && row.state !== 'TERMINATING') {
    await target.post('/api/2.1/clusters/delete', { cluster_id }, repeatable);
  }
  return [
    ...capacityWarning(row),
    ...(await settlePin(target, row, body)),
    ...(await settleOwner(target, row, body)),
  ];
}

/** The settings are what is restored: that there was no capacity for the start that nobody wanted is only worth a warning. */
function capacityWarning({ termination_reason: reason }: ClusterRow): string[] {
  if (reason?.type === undefined || reason.type === 'SUCCESS') return [];
  return [`the configuration is there, but the cluster could not start: ${reason.code ?? reason.type}`];
}

async function settlePin(target: Workspace, row: ClusterRow, body: ClusterBody): Promise<string[]> {
  const pinned = row.pinned_by_user_name !== undefined;
  if (pinned === body.pinned) return [];
  const verb = body.pinned ? 'pin' : 'unpin';
  // Looked at first, so that what cannot be pinned costs no write at every refresh.
  const refused =
    (body.pinned && (await countPinned(target)) >= maxPinned) ||
    (await isRefused(target.post(`/api/2.1/clusters/${verb}`, { cluster_id: row.cluster_id }, repeatable)));
  if (!refused) return [];
  const why = body.pinned
    ? `a workspace has at most ${maxPinned} pinned clusters: unpin one there, else it is gone 30 days after its end`
    : 'the platform refused';
  return [`not ${verb}ned: ${why}`];
}

async function countPinned(target: Workspace): Promise<number> {
  const query = { 'filter_by.is_pinned': true, page_size: maxPinned };
  const { clusters = [] } = await target.get<{ clusters?: ClusterRow[] }>('/api/2.1/clusters/list', query);
  return clusters.length;
}

/** Only a cluster that has stopped changes its owner, and only to someone who exists: right after its creation it has not. */
async function settleOwner(target: Workspace, row: ClusterRow, body: ClusterBody): Promise<string[]> {
  const owner = body.owner === undefined ? undefined : textOf(body.owner);
  if (owner === undefined || owner === row.creator_user_name) return [];
  if (row.state !== 'TERMINATED') return [`the owner is not ${owner} yet: the cluster has to stop first`];
  const request = { cluster_id: row.cluster_id, owner_username: owner };
  const refused = await isRefused(target.post('/api/2.1/clusters/change-owner', request, repeatable));
  return refused ? [`the owner is not ${owner}: the platform refused; does this user exist?`] : [];
}

async function isRefused(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    if (!hasCode(error, 'DR_API_BAD_REQUEST', 'DR_API_CONFLICT', 'DR_API_NOT_FOUND')) throw error;
    return true;
  }
}

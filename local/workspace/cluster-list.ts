import { type Answer } from './area';
import { type ClusterRecord } from './cluster-record';
import { type Json } from './fields';
import { flagIn, limitIn, pageOf } from './page';

/** Values of a repeated field, given again and again or with commas. */
function valuesOf(query: URLSearchParams, field: string): string[] {
  return query.getAll(field).flatMap((value) => value.split(',').filter((part) => part !== ''));
}

/** The page of clusters that a query asks for. */
export function selectClusters(
  query: URLSearchParams,
  all: readonly ClusterRecord[],
  row: (record: ClusterRecord) => Json,
): Answer {
  const sources = valuesOf(query, 'filter_by.cluster_sources');
  const states = valuesOf(query, 'filter_by.cluster_states');
  const policy = query.get('filter_by.policy_id');
  const onlyPinned = flagIn(query, 'filter_by.is_pinned');
  const found = all.filter(
    (record) =>
      (sources.length === 0 || sources.includes(record.source)) &&
      (states.length === 0 || states.includes(record.state)) &&
      (policy === null || record.spec['policy_id'] === policy) &&
      (!onlyPinned || record.pinnedBy !== undefined),
  );
  const page = pageOf(found, limitIn(query, 'page_size', 20, 100), query.get('page_token'));
  return {
    json: {
      ...(page.rows.length > 0 ? { clusters: page.rows.map(row) } : {}),
      // '' on the last page, and not absent: so the reference says.
      next_page_token: page.next ?? '',
      prev_page_token: page.previous ?? '',
    },
  };
}

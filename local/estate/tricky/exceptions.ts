import { type Exception } from '../../../shared/domain/result';
import { type Json, rowsIn, textIn } from '../../workspace/fields';
import { type Clusters } from '../../workspace/clusters';
import { type JobsArea } from '../../workspace/jobs';
import { type EmulatedWorkspace } from '../../workspace/workspace';
import { type Gap, type TrickyPart } from './part';
import { trickyParts } from './tricky-estate';

const owner = 'keeper@contoso.com';

/** What the owner of the tricky estate writes into the configuration: its known gaps, with their reasons. */
export function trickyExceptions(primary: EmulatedWorkspace, expires: string): Exception[] {
  const parts: readonly TrickyPart[] = Object.values(trickyParts);
  return parts
    .flatMap(({ gaps = [] }) => gaps)
    .flatMap((gap) => keysOf(primary, gap).map((match) => ({ match, reason: gap.reason, owner, expires })));
}

/** With what goes with it: who may use it. */
function keysOf(primary: EmulatedWorkspace, gap: Gap): string[] {
  return idsOf(primary, gap).flatMap((id) => {
    const key = `${gap.kind}/${id}`;
    if (gap.kind === 'secret' || gap.kind === 'ip-access-list') return [key];
    return [key, gap.kind === 'secret-scope' ? `secret-acl/scope:${id}` : `permission/${gap.kind}:${id}`];
  });
}

/** Where the assets of a kind are listed, what their rows are called, and the members with name and id. */
const listed: Partial<Record<Gap['kind'], readonly [string, string, string, string]>> = {
  'instance-pool': ['instance-pools/list', 'instance_pools', 'instance_pool_name', 'instance_pool_id'],
  query: ['sql/queries?page_size=100', 'results', 'display_name', 'id'],
  alert: ['alerts?page_size=100', 'alerts', 'display_name', 'id'],
  dashboard: ['lakeview/dashboards?page_size=100', 'dashboards', 'display_name', 'dashboard_id'],
  'ip-access-list': ['ip-access-lists', 'ip_access_lists', 'label', 'list_id'],
};

/** Of what is known by its name or path that; of all else none when the part was left out. */
function idsOf(primary: EmulatedWorkspace, { kind, name }: Gap): string[] {
  if (kind === 'job') {
    const jobs = primary.core.area<JobsArea>('jobs').all();
    return jobs.filter(({ settings }) => textIn(settings, 'name') === name).map(({ id }) => String(id));
  }
  if (kind === 'cluster') {
    const clusters = primary.core.area<Clusters>('clusters').all();
    return clusters.filter(({ spec }) => textIn(spec, 'cluster_name') === name).map(({ id }) => id);
  }
  const list = listed[kind];
  if (list === undefined) return [name];
  const [path, rows, nameField, idField] = list;
  const answer = primary.call('GET', `/api/2.0/${path}`).json as Json;
  return rowsIn(answer, rows)
    .filter((row) => row[nameField] === name)
    .map((row) => String(row[idField]));
}

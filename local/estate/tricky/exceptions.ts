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
    .flatMap((gap) =>
      idsOf(primary, gap).flatMap((id) => [
        { match: `${gap.kind}/${id}`, reason: gap.reason, owner, expires },
        { match: `permission/${gap.kind}:${id}`, reason: gap.reason, owner, expires },
      ]),
    );
}

/** None when the part was left out. */
function idsOf(primary: EmulatedWorkspace, { kind, name }: Gap): string[] {
  switch (kind) {
    case 'directory':
    case 'notebook':
      return [name];
    case 'job': {
      const jobs = primary.core.area<JobsArea>('jobs').all();
      return jobs.filter(({ settings }) => textIn(settings, 'name') === name).map(({ id }) => String(id));
    }
    case 'cluster': {
      const clusters = primary.core.area<Clusters>('clusters').all();
      return clusters.filter(({ spec }) => textIn(spec, 'cluster_name') === name).map(({ id }) => id);
    }
    case 'instance-pool': {
      const pools = rowsIn(
        primary.call('GET', '/api/2.0/instance-pools/list').json as Json,
        'instance_pools',
      );
      return pools
        .filter((pool) => pool['instance_pool_name'] === name)
        .map((pool) => String(pool['instance_pool_id']));
    }
  }
}

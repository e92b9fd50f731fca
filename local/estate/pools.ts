import { type Builder } from './builder';
import { type People } from './people';

/** Instance pools of the teams. */
export function fillPools(builder: Builder, { teams }: People): string[] {
  const random = builder.random('pools');
  const count = Math.max(3, Math.ceil(builder.counts.clusters / 10));
  return Array.from({ length: count }, (_, at) => {
    const team = teams[at % teams.length];
    const owner = team && random.pick(team.members);
    const pool = {
      instance_pool_name: `pool ${team?.name ?? ''} ${at + 1}`,
      node_type_id: random.pick(['Standard_D4ds_v5', 'Standard_D8ds_v5', 'Standard_E4ds_v5']),
      min_idle_instances: random.between(0, 3),
      max_capacity: random.between(10, 60),
      idle_instance_autotermination_minutes: random.pick([10, 15, 30]),
      enable_elastic_disk: true,
      custom_tags: { team: team?.name ?? '' },
      ...(at % 2 === 0 ? { preloaded_spark_versions: ['16.4.x-scala2.12'] } : {}),
      ...(at % 3 === 1 ? { azure_attributes: { availability: 'SPOT_AZURE', spot_bid_max_price: -1 } } : {}),
    };
    return String(builder.post('/2.0/instance-pools/create', pool, owner)['instance_pool_id']);
  });
}

import { type Json } from '../workspace/fields';
import { type Builder } from './builder';
import { type Compute } from './compute';
import { type People } from './people';
import { type Random } from './random';
import { type Tree } from './tree';
import { subjects } from './vocabulary';

/** Pipelines of the teams: triggered and continuous ones, in production and in development. */
export function fillPipelines(builder: Builder, people: People, tree: Tree, compute: Compute): void {
  const random = builder.random('pipelines');
  const count = Math.max(4, Math.ceil(builder.counts.jobs / 12));
  for (let at = 0; at < count; at++) {
    const team = people.teams[at % people.teams.length];
    if (!team) throw new Error('an estate needs teams');
    const owner = at % 4 === 2 ? team.robot : random.pick(team.members);
    const spec = {
      // Names need not be unique.
      name: `${team.name} ${random.pick(subjects)} pipeline`,
      allow_duplicate_names: true,
      continuous: at % 3 === 0,
      development: at % 4 === 1,
      channel: random.pick(['CURRENT', 'PREVIEW']),
      tags: { team: team.name, ...(at % 2 === 0 ? { 'dr-tier': String(at % 3) } : {}) },
      libraries: [{ notebook: { path: random.pick(tree.notebooks).path } }],
      configuration: { mode: 'full', 'landing.path': 'abfss://landing@lakeeastus2.dfs.core.windows.net/in' },
      ...target(at, team.name),
      ...machines(random, at, compute),
    };
    const id = String(builder.post('/2.0/pipelines', spec, owner)['pipeline_id']);
    if (at % 2 === 1)
      builder.grant('pipelines', id, [{ group_name: team.group, permission_level: 'CAN_RUN' }]);
  }
}

function target(at: number, schema: string): Json {
  if (at % 2 === 0) return { catalog: 'main', target: schema };
  // Where nobody chose a place, the workspace names one after the pipeline.
  return at % 4 === 1 ? { target: schema } : { target: schema, storage: `dbfs:/pipelines/own/${schema}` };
}

function machines(random: Random, at: number, { poolIds }: Compute): Json {
  if (at % 4 === 0) return { serverless: true };
  const autoscale = { min_workers: 1, max_workers: random.between(2, 8), mode: 'ENHANCED' };
  const pool = at % 3 === 1 ? { instance_pool_id: random.pick(poolIds) } : {};
  return { photon: true, clusters: [{ label: 'default', autoscale, ...pool }] };
}

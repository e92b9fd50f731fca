import { type Json } from './fields';
import { activeUpdate, type PipelineRecord, type UpdateRecord } from './pipeline-record';
import { shownSpec } from './pipeline-spec';

const updatesShown = 5;

/** A pipeline as the list shows it: without its settings. */
export function pipelineRow(pipeline: PipelineRecord): Json {
  const active = activeUpdate(pipeline);
  const latest = pipeline.updates.slice(0, updatesShown);
  return {
    pipeline_id: pipeline.id,
    state: active === undefined ? 'IDLE' : 'RUNNING',
    ...(pipeline.spec['name'] === undefined ? {} : { name: pipeline.spec['name'] }),
    creator_user_name: pipeline.creator,
    run_as_user_name: pipeline.runAs,
    ...(active?.clusterId === undefined ? {} : { cluster_id: active.clusterId }),
    ...(latest.length === 0 ? {} : { latest_updates: latest.map(updateHead) }),
    health: pipeline.updates[0]?.state === 'FAILED' ? 'UNHEALTHY' : 'HEALTHY',
  };
}

/** A pipeline as `get` shows it. */
export function pipelineDetails(pipeline: PipelineRecord): Json {
  return {
    ...pipelineRow(pipeline),
    last_modified: pipeline.modifiedMs,
    spec: shownSpec(pipeline.id, pipeline.spec),
  };
}

function updateHead({ id, state, createdMs }: UpdateRecord): Json {
  return { update_id: id, state, creation_time: new Date(createdMs).toISOString() };
}

/** An update as the API of updates shows it. */
export function updateInfo(pipeline: PipelineRecord, update: UpdateRecord): Json {
  return {
    pipeline_id: pipeline.id,
    update_id: update.id,
    state: update.state,
    cause: update.cause,
    creation_time: update.createdMs,
    full_refresh: false,
    ...(update.clusterId === undefined ? {} : { cluster_id: update.clusterId }),
  };
}

import { type Core } from './area';
import { type ClusterRecord, isUp } from './cluster-record';
import { effectiveSpec } from './cluster-spec';
import { hashOf, type Json, jsonIn, numberIn, textIn } from './fields';
import { findNodeType } from './node-types';

/** A cluster as `clusters/list` shows it: volatile facts among the settings. */
export function clusterRow(core: Core, record: ClusterRecord): Json {
  const settings = effectiveSpec(core, record.spec);
  return {
    cluster_id: record.id,
    creator_user_name: record.owner,
    spark_context_id: hashOf(`${record.id}/${record.starts}`) * 1_000_003,
    ...settings,
    effective_spark_version: settings['spark_version'],
    disk_spec: {},
    init_scripts_safe_mode: false,
    cluster_source: record.source,
    default_tags: defaultTags(record, settings),
    state: record.state,
    state_message: record.stateMessage,
    start_time: record.startMs,
    last_restarted_time: record.restartMs,
    last_activity_time: record.activityMs,
    last_state_loss_time: 0,
    ...(record.terminatedMs === undefined ? {} : { terminated_time: record.terminatedMs }),
    ...(record.termination ? { termination_reason: record.termination } : {}),
    ...(record.pinnedBy === undefined ? {} : { pinned_by_user_name: record.pinnedBy }),
    ...(isUp(record.state) ? machines(record, settings) : {}),
  };
}

/** A cluster as `clusters/get` shows it: with the user's own settings in `spec`. */
export function clusterDetails(core: Core, record: ClusterRecord): Json {
  return { ...clusterRow(core, record), spec: record.spec };
}

function defaultTags(record: ClusterRecord, settings: Json): Json {
  const made = record.madeFor;
  return {
    Vendor: 'Databricks',
    Creator: record.owner,
    ClusterName: settings['cluster_name'],
    ClusterId: record.id,
    ...(made ? { JobId: String(made.jobId), RunName: made.runName } : {}),
  };
}

function machines(record: ClusterRecord, settings: Json): Json {
  const nodes =
    (numberIn(settings, 'num_workers') ?? numberIn(jsonIn(settings, 'autoscale'), 'min_workers') ?? 0) + 1;
  const size = findNodeType(textIn(settings, 'node_type_id') ?? '');
  return {
    cluster_cores: (size?.cores ?? 4) * nodes,
    cluster_memory_mb: (size?.memoryMb ?? 16_384) * nodes,
    jdbc_port: 10_000,
    driver: { private_ip: '10.139.64.4', node_id: record.id, start_timestamp: record.startMs },
  };
}

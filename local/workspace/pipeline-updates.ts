import { type Core } from './area';
import { type Clusters } from './clusters';
import { rowsIn, without } from './fields';
import { makeUuid } from './ids';
import { activeUpdate, type PipelineRecord, type UpdateCause, type UpdateRecord } from './pipeline-record';

/** Emulated: the real ones take minutes. */
const updateTakesMs = 2_000;
const keepUpdates = 20;

/** Begins and ends updates, and the clusters that they run on. */
export class PipelineUpdates {
  constructor(private readonly core: Core) {}

  begin(pipeline: PipelineRecord, cause: UpdateCause): UpdateRecord {
    const createdMs = this.core.nowMs();
    const clusterId = this.makeCluster(pipeline);
    const update: UpdateRecord = {
      id: makeUuid(this.core),
      cause,
      createdMs,
      state: 'RUNNING',
      ...(pipeline.spec['continuous'] === true ? {} : { dueMs: createdMs + updateTakesMs }),
      ...(clusterId === undefined ? {} : { clusterId }),
    };
    pipeline.stopped = false;
    pipeline.updates = [update, ...pipeline.updates.slice(0, keepUpdates - 1)];
    return update;
  }

  /** Ends what is under way when its time has come, or its cluster is gone. */
  advance(pipeline: PipelineRecord, nowMs: number): void {
    const update = activeUpdate(pipeline);
    if (update === undefined) return;
    const cluster = update.clusterId === undefined ? undefined : this.clusters().find(update.clusterId);
    if (cluster?.state === 'TERMINATED') update.state = 'FAILED';
    else if (update.dueMs !== undefined && update.dueMs <= nowMs) this.end(update, 'COMPLETED');
  }

  stop(pipeline: PipelineRecord): void {
    pipeline.stopped = true;
    const update = activeUpdate(pipeline);
    if (update !== undefined) this.end(update, 'CANCELED');
  }

  private end(update: UpdateRecord, state: 'COMPLETED' | 'CANCELED'): void {
    update.state = state;
    const cluster = update.clusterId === undefined ? undefined : this.clusters().find(update.clusterId);
    if (cluster) this.clusters().stop(cluster);
  }

  private makeCluster({ id, spec, runAs }: PipelineRecord): string | undefined {
    if (spec['serverless'] === true) return undefined;
    const settings = without(rowsIn(spec, 'clusters')[0] ?? {}, 'label', 'autoscale', 'policy_id');
    const own = { cluster_name: `dlt-execution-${id}`, spark_version: 'dlt:16.4', num_workers: 1 };
    return this.clusters().make({ spec: { ...settings, ...own }, owner: runAs, source: 'PIPELINE' }).id;
  }

  private clusters(): Clusters {
    return this.core.area<Clusters>('clusters');
  }
}

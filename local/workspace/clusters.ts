import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { requireAdmin } from './auth';
import { Capacity, type CapacityState, makeCapacityState } from './capacity';
import { clusterDetails, clusterRow } from './cluster-details';
import { begin, putDown, putUp, settle, terminate, userRequest } from './cluster-life';
import { selectClusters } from './cluster-list';
import { type ClusterRecord, type ClusterSource, type ClusterState, isUp } from './cluster-record';
import { checkClusterSpec, effectiveSpec } from './cluster-spec';
import { invalid, type Json, requiredText, without } from './fields';
import { makeClusterId } from './ids';
import { listNodeTypes, listSparkVersions, listZones } from './node-types';
import { Offer } from './offer';
import { isPrincipal } from './principals';

const maxPinned = 100;
const keepTerminatedMs = 30 * 86_400_000;
const keepJobClusters = 30;

interface ClusterSection {
  readonly clusters: Record<string, ClusterRecord>;
  readonly capacity: CapacityState;
}

/** A cluster that no call of a user made. */
export interface MadeCluster {
  readonly spec: Json;
  readonly owner: string;
  readonly source: ClusterSource;
  readonly madeFor?: NonNullable<ClusterRecord['madeFor']>;
}

export class Clusters implements Area {
  readonly name = 'clusters';
  readonly routes = {
    'GET /api/2.1/clusters/list': (call: Call) => selectClusters(call.query, this.all(), this.row),
    'GET /api/2.1/clusters/get': (call: Call) => this.get(call),
    'POST /api/2.1/clusters/create': (call: Call) => this.create(call),
    'POST /api/2.1/clusters/edit': (call: Call) => this.edit(call),
    'POST /api/2.1/clusters/start': (call: Call) => this.start(call),
    'POST /api/2.1/clusters/delete': (call: Call) => this.terminate(call),
    'POST /api/2.1/clusters/permanent-delete': (call: Call) => this.permanentDelete(call),
    'POST /api/2.1/clusters/pin': (call: Call) => this.pin(call),
    'POST /api/2.1/clusters/unpin': (call: Call) => this.unpin(call),
    'POST /api/2.1/clusters/change-owner': (call: Call) => this.changeOwner(call),
    'GET /api/2.1/clusters/list-node-types': () => listNodeTypes(this.offer),
    'GET /api/2.1/clusters/spark-versions': () => listSparkVersions(this.offer),
    'GET /api/2.1/clusters/list-zones': listZones,
  };
  /** Which starts fail for want of machines. */
  readonly capacity: Capacity;
  /** What the region does not have. */
  readonly offer: Offer;
  private readonly section: ClusterSection;

  constructor(private readonly core: Core) {
    this.section = core.section('clusters', () => ({ clusters: {}, capacity: makeCapacityState() }));
    this.capacity = new Capacity(this.section.capacity);
    this.offer = new Offer(core);
  }

  all(): ClusterRecord[] {
    return Object.values(this.section.clusters);
  }

  find(id: string): ClusterRecord | undefined {
    return this.section.clusters[id];
  }

  known(id: string): ClusterRecord {
    const record = this.find(id);
    if (!record) throw invalid(`Cluster ${id} does not exist`);
    return record;
  }

  tick(nowMs: number): void {
    for (const record of this.all()) settle(record, nowMs);
    const down = this.all().filter(
      (record) => record.state === 'TERMINATED' && record.pinnedBy === undefined,
    );
    const ofJobs = down.filter(({ source }) => source === 'JOB' || source === 'PIPELINE');
    for (const record of ofJobs.slice(0, Math.max(0, ofJobs.length - keepJobClusters))) this.forget(record);
    for (const record of down)
      if (nowMs - (record.terminatedMs ?? nowMs) > keepTerminatedMs) this.forget(record);
  }

  /** Makes a cluster as the platform does for itself and begins its start. */
  make({ spec, owner, source, madeFor }: MadeCluster): ClusterRecord {
    const nowMs = this.core.nowMs();
    const record: ClusterRecord = {
      id: makeClusterId(this.core),
      spec,
      owner,
      source,
      ...(madeFor && { madeFor }),
      state: 'TERMINATED',
      stateMessage: '',
      startMs: nowMs,
      restartMs: nowMs,
      activityMs: nowMs,
      starts: 0,
    };
    this.section.clusters[record.id] = record;
    this.begin(record);
    return record;
  }

  /** Keeps a cluster up, and starts it when it is down; a job works on it. */
  use(record: ClusterRecord): ClusterState {
    record.activityMs = this.core.nowMs();
    if (record.state === 'TERMINATED') this.begin(record);
    return record.state;
  }

  stop(record: ClusterRecord): void {
    terminate(record, this.core.nowMs(), { code: 'JOB_FINISHED', type: 'SUCCESS' });
  }

  /** Every cluster down at once, as after a quiet night. */
  stopAll(): void {
    for (const record of this.all()) putDown(record, this.core.nowMs());
  }

  /** One cluster up at once. */
  startNow(id: string): void {
    putUp(this.known(id), this.core.nowMs());
  }

  private begin(record: ClusterRecord): void {
    const doomed = this.capacity.take(effectiveSpec(this.core, record.spec));
    begin(record, this.core.nowMs(), doomed);
  }

  private readonly row = (record: ClusterRecord): Json => clusterRow(this.core, record);

  private get(call: Call): Answer {
    return { json: clusterDetails(this.core, this.known(call.query.get('cluster_id') ?? '')) };
  }

  private create(call: Call): Answer {
    const spec = without(call.body);
    checkClusterSpec(this.core, spec);
    const record = this.make({ spec, owner: call.caller.name, source: 'API' });
    this.core.securableCreated({ type: 'clusters', id: record.id, creator: call.caller });
    return { json: { cluster_id: record.id } };
  }

  private edit(call: Call): Answer {
    const record = this.named(call);
    if (record.source === 'JOB')
      throw invalid(`Cluster ${record.id} was created by a job and cannot be edited`);
    if (record.state !== 'RUNNING' && record.state !== 'TERMINATED') throw unexpectedState(record);
    const spec = without(call.body, 'cluster_id');
    checkClusterSpec(this.core, spec);
    record.spec = spec;
    if (record.state === 'RUNNING') this.begin(record);
    return {};
  }

  private start(call: Call): Answer {
    const record = this.named(call);
    if (record.source === 'JOB')
      throw invalid(`Cluster ${record.id} was created by a job and cannot be started`);
    if (record.state === 'TERMINATING') throw unexpectedState(record);
    if (record.state === 'TERMINATED') this.begin(record);
    return {};
  }

  private terminate(call: Call): Answer {
    terminate(this.named(call), this.core.nowMs(), userRequest(call.caller.name));
    return {};
  }

  private permanentDelete(call: Call): Answer {
    this.forget(this.named(call));
    return {};
  }

  private pin(call: Call): Answer {
    requireAdmin(call.caller);
    const record = this.named(call);
    const pinned = this.all().filter((other) => other.pinnedBy !== undefined && other !== record);
    if (pinned.length >= maxPinned)
      throw new ApiError(400, 'QUOTA_EXCEEDED', `At most ${maxPinned} clusters can be pinned`);
    record.pinnedBy ??= call.caller.name;
    return {};
  }

  private unpin(call: Call): Answer {
    requireAdmin(call.caller);
    delete this.named(call).pinnedBy;
    return {};
  }

  private changeOwner(call: Call): Answer {
    requireAdmin(call.caller);
    const record = this.named(call);
    const owner = requiredText(call.body, 'owner_username');
    if (!isPrincipal(this.core, owner)) throw invalid(`User ${owner} does not exist`);
    if (isUp(record.state) || record.state === 'TERMINATING') throw unexpectedState(record);
    record.owner = owner;
    return {};
  }

  private named(call: Call): ClusterRecord {
    return this.known(requiredText(call.body, 'cluster_id'));
  }

  private forget(record: ClusterRecord): void {
    Reflect.deleteProperty(this.section.clusters, record.id);
    if (record.source !== 'JOB') this.core.securableRemoved('clusters', record.id);
  }
}

function unexpectedState(record: ClusterRecord): ApiError {
  return new ApiError(400, 'INVALID_STATE', `Cluster ${record.id} is in unexpected state ${record.state}.`);
}

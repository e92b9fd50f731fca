import { regionTitle } from '../../shared/domain/report-words';
import { LocalError } from '../local-error';
import { type Firing } from '../workspace/job-record';
import { namedAwake } from './named-awake';

type Row = Readonly<Record<string, unknown>>;

/** Something that can make work start, and which of its triggers are awake. */
export interface Awake {
  /** At the source its own id, at the target that of its source. */
  readonly key: string;
  readonly name: string;
  /** In a fixed order, separated by commas. */
  readonly triggers: string;
}

/** One emulated workspace as the story looks at it: through its API, and through what its admin routes tell. */
export class StorySide {
  readonly title: string;

  constructor(
    region: string,
    readonly url: string,
    private readonly token: string,
  ) {
    this.title = regionTitle(region);
  }

  /** Everything that is awake. `by: 'marker'` knows jobs, pipelines and pools by what they were made from; others of them are left out. */
  async awake(by: 'id' | 'marker'): Promise<Awake[]> {
    const pools = await this.rows('/api/2.0/instance-pools/list', 'instance_pools');
    return [
      ...(await this.jobs()).flatMap((job) => {
        const settings = rowOf(job['settings']);
        const key = by === 'id' ? textOf(job['job_id']) : sourceOf(rowOf(settings['tags'])['dr_source_id']);
        return awakeOf('job', key, textOf(settings['name']), awakeTriggers(settings));
      }),
      ...(await this.pipelines()).flatMap((pipeline) => {
        const spec = rowOf(pipeline['spec']);
        const marker = sourceOf(rowOf(spec['tags'])['dr_source_id']);
        const key = by === 'id' ? textOf(pipeline['pipeline_id']) : marker;
        return awakeOf('pipeline', key, textOf(spec['name']), awakeModes(spec));
      }),
      ...pools.flatMap((pool) => {
        const marker = sourceOf(rowOf(pool['custom_tags'])['dr_source_id']);
        const key = by === 'id' ? textOf(pool['instance_pool_id']) : marker;
        const idle = Number(pool['min_idle_instances'] ?? 0) > 0 ? ['min_idle'] : [];
        return awakeOf('instance-pool', key, textOf(pool['instance_pool_name']), idle);
      }),
      ...(await namedAwake((path) => this.read(path))),
    ];
  }

  /** Names of clusters that are not terminated. */
  async runningClusters(): Promise<string[]> {
    const clusters = await this.rows('/api/2.1/clusters/list', 'clusters');
    return clusters
      .filter(({ state }) => state !== 'TERMINATED')
      .map(({ cluster_name: name }) => textOf(name));
  }

  /** Each time that a trigger made a job run. */
  firings(): Promise<Firing[]> {
    return this.read<Firing[]>('/local/firings');
  }

  private async jobs(): Promise<Row[]> {
    return this.rows('/api/2.2/jobs/list', 'jobs');
  }

  private async pipelines(): Promise<Row[]> {
    const rows = await this.rows('/api/2.0/pipelines', 'statuses');
    return Promise.all(rows.map(({ pipeline_id: id }) => this.read<Row>(`/api/2.0/pipelines/${textOf(id)}`)));
  }

  private async rows(path: string, member: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (let next = ''; ;) {
      const page = await this.read<Row>(
        `${path}?limit=100${next && `&page_token=${encodeURIComponent(next)}`}`,
      );
      rows.push(...((page[member] ?? []) as Row[]));
      next = textOf(page['next_page_token']);
      if (next === '') return rows;
    }
  }

  private async read<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path, { headers: { authorization: `Bearer ${this.token}` } });
    if (!response.ok) throw new LocalError(`${this.title} answered ${response.status} to GET ${path}`);
    return (await response.json()) as T;
  }
}

function awakeOf(kind: string, key: string, name: string, triggers: readonly string[]): Awake[] {
  return key === '' || triggers.length === 0
    ? []
    : [{ key: `${kind}/${key}`, name, triggers: triggers.join(', ') }];
}

/** A trigger without a pause status is awake. */
function awakeTriggers(settings: Row): string[] {
  const single = (['schedule', 'trigger', 'continuous'] as const).filter((name) => isAwake(settings[name]));
  const list = Array.isArray(settings['triggers']) ? (settings['triggers'] as unknown[]) : [];
  return [...single, ...list.flatMap((trigger, at) => (isAwake(trigger) ? [`triggers[${at}]`] : []))];
}

/** A pipeline is awake when it is continuous, and when it is in production. */
function awakeModes(spec: Row): string[] {
  return [
    ...(spec['continuous'] === true ? ['continuous'] : []),
    ...(spec['development'] === true ? [] : ['production']),
  ];
}

function isAwake(trigger: unknown): boolean {
  return trigger !== undefined && trigger !== null && rowOf(trigger)['pause_status'] !== 'PAUSED';
}

/** The id at the source in a marker, which is `<pair>:<id>`; '' without one. */
export function sourceOf(marker: unknown): string {
  return /^[^:]+:(.+)$/.exec(textOf(marker))?.[1] ?? '';
}

function rowOf(value: unknown): Row {
  return typeof value === 'object' && value !== null ? (value as Row) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

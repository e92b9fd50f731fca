import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { invalid, type Json, jsonIn, textIn } from './fields';
import { makeUuid } from './ids';
import { type Firing } from './job-record';
import { limitIn, pageOf } from './page';
import { activeUpdate, type PipelineRecord, type UpdateCause } from './pipeline-record';
import { makeSpec, runsByItself, shownSpec } from './pipeline-spec';
import { PipelineUpdates } from './pipeline-updates';
import { pipelineDetails, pipelineRow, updateInfo } from './pipeline-view';
import { isPrincipal } from './principals';

interface PipelineSection {
  readonly pipelines: Record<string, PipelineRecord>;
  readonly firings: Firing[];
}

/** Pipelines and their updates; a continuous one that is not in development is kept running: https://docs.databricks.com/api/azure/workspace/pipelines */
export class PipelinesArea implements Area {
  readonly name = 'pipelines';
  readonly routes = {
    'GET /api/2.0/pipelines': (call: Call) => this.list(call),
    'POST /api/2.0/pipelines': (call: Call) => this.create(call),
    'GET /api/2.0/pipelines/{id}': (call: Call): Answer => ({ json: pipelineDetails(this.known(call)) }),
    'PUT /api/2.0/pipelines/{id}': (call: Call) => this.edit(call),
    'DELETE /api/2.0/pipelines/{id}': (call: Call) => this.remove(call),
    'POST /api/2.0/pipelines/{id}/stop': (call: Call) => this.stop(call),
    'GET /api/2.0/pipelines/{id}/updates': (call: Call) => this.listUpdates(call),
    'POST /api/2.0/pipelines/{id}/updates': (call: Call) => this.startUpdate(call),
    'GET /api/2.0/pipelines/{id}/updates/{update}': (call: Call) => this.getUpdate(call),
  };
  private readonly section: PipelineSection;
  private readonly updates: PipelineUpdates;

  constructor(private readonly core: Core) {
    this.section = core.section('pipelines', () => ({ pipelines: {}, firings: [] }));
    this.updates = new PipelineUpdates(core);
  }

  /** Each time that a pipeline began to run by itself, oldest first. */
  firings(): readonly Firing[] {
    return this.section.firings;
  }

  all(): PipelineRecord[] {
    return Object.values(this.section.pipelines);
  }

  find(id: string): PipelineRecord | undefined {
    return this.section.pipelines[id];
  }

  tick(nowMs: number): void {
    for (const pipeline of this.all()) {
      this.updates.advance(pipeline, nowMs);
      if (runsByItself(pipeline.spec) && !pipeline.stopped && !activeUpdate(pipeline))
        this.fire(pipeline, nowMs);
    }
  }

  private fire(pipeline: PipelineRecord, atMs: number): void {
    const { id } = this.updates.begin(pipeline, 'INFRASTRUCTURE_MAINTENANCE');
    const marker = textIn(jsonIn(pipeline.spec, 'tags'), 'dr_source_id');
    this.section.firings.push({
      jobId: pipeline.id,
      jobName: `pipeline ${textIn(pipeline.spec, 'name') ?? ''}`,
      trigger: 'continuous',
      atMs,
      runId: id,
      ...(marker === undefined ? {} : { marker }),
    });
  }

  private list({ query }: Call): Answer {
    const page = pageOf(this.all(), limitIn(query, 'max_results', 25, 100), query.get('page_token'));
    return {
      json: {
        ...(page.rows.length > 0 ? { statuses: page.rows.map(pipelineRow) } : {}),
        ...(page.next === undefined ? {} : { next_page_token: page.next }),
        ...(page.previous === undefined ? {} : { prev_page_token: page.previous }),
      },
    };
  }

  private create(call: Call): Answer {
    const spec = makeSpec(this.core, call.body);
    this.checkName(call, spec);
    const runAs = this.runAsOf(call) ?? call.caller.name;
    const id = makeUuid(this.core);
    if (call.body['dry_run'] === true) return { json: { effective_settings: shownSpec(id, spec) } };
    const modifiedMs = this.core.nowMs();
    const creator = call.caller.name;
    this.section.pipelines[id] = { id, spec, creator, runAs, modifiedMs, stopped: false, updates: [] };
    this.core.securableCreated({ type: 'pipelines', id, creator: call.caller });
    return { json: { pipeline_id: id } };
  }

  /** Everything is overwritten; what runs goes on as it began. */
  private edit(call: Call): Answer {
    const pipeline = this.known(call);
    const expected = call.body['expected_last_modified'];
    if (expected !== undefined && Number(expected) !== pipeline.modifiedMs)
      throw new ApiError(409, 'RESOURCE_CONFLICT', 'The pipeline was modified in the meantime.');
    const spec = makeSpec(this.core, call.body);
    this.checkName(call, spec, pipeline.id);
    for (const field of ['storage', 'catalog'])
      if (spec[field] !== undefined && spec[field] !== shownSpec(pipeline.id, pipeline.spec)[field])
        throw invalid(`The ${field} of a pipeline cannot be changed.`);
    pipeline.runAs = this.runAsOf(call) ?? pipeline.runAs;
    pipeline.spec = spec;
    pipeline.modifiedMs = this.core.nowMs();
    pipeline.stopped = false;
    return {};
  }

  private remove(call: Call): Answer {
    const pipeline = this.known(call);
    this.updates.stop(pipeline);
    Reflect.deleteProperty(this.section.pipelines, pipeline.id);
    this.core.securableRemoved('pipelines', pipeline.id);
    return {};
  }

  /** Nothing happens to one that does not run. */
  private stop(call: Call): Answer {
    this.updates.stop(this.known(call));
    return {};
  }

  private listUpdates(call: Call): Answer {
    const pipeline = this.known(call);
    return { json: { updates: pipeline.updates.map((update) => updateInfo(pipeline, update)) } };
  }

  private startUpdate(call: Call): Answer {
    return { json: { update_id: this.start(this.known(call), 'API_CALL') } };
  }

  /** Begins an update, and gives its id; there is at most one at a time. */
  start(pipeline: PipelineRecord, cause: UpdateCause): string {
    if (activeUpdate(pipeline))
      throw new ApiError(409, 'RESOURCE_CONFLICT', `An active update already exists for ${pipeline.id}.`);
    return this.updates.begin(pipeline, cause).id;
  }

  private getUpdate(call: Call): Answer {
    const pipeline = this.known(call);
    const update = pipeline.updates.find(({ id }) => id === call.params['update']);
    if (update === undefined)
      throw new ApiError(
        404,
        'RESOURCE_DOES_NOT_EXIST',
        `The update ${call.params['update'] ?? ''} was not found.`,
      );
    return { json: { update: updateInfo(pipeline, update) } };
  }

  private known({ params }: Call): PipelineRecord {
    const pipeline = this.find(params['id'] ?? '');
    if (pipeline === undefined)
      throw new ApiError(
        404,
        'RESOURCE_DOES_NOT_EXIST',
        `The specified pipeline ${params['id'] ?? ''} was not found.`,
      );
    return pipeline;
  }

  private checkName({ body }: Call, spec: Json, ownId?: string): void {
    const twin = this.all().find(({ id, spec: { name } }) => id !== ownId && name === spec['name']);
    if (twin === undefined || body['allow_duplicate_names'] === true) return;
    const name = textIn(spec, 'name') ?? '';
    throw new ApiError(
      409,
      'RESOURCE_CONFLICT',
      `The pipeline name '${name}' is already used by another pipeline. This check can be skipped by setting \`allow_duplicate_names = true\` in the request.`,
    );
  }

  private runAsOf({ body, caller }: Call): string | undefined {
    const runAs = jsonIn(body, 'run_as');
    const name = textIn(runAs, 'user_name') ?? textIn(runAs, 'service_principal_name');
    if (name === undefined) return undefined;
    if (!isPrincipal(this.core, name)) throw invalid(`The run_as principal ${name} does not exist.`);
    if (runAs['user_name'] !== undefined && name !== caller.name && !caller.admin)
      throw new ApiError(403, 'PERMISSION_DENIED', 'Only administrators can set run_as to another user.');
    return name;
  }
}

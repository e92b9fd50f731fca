import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { invalid, type Json, jsonIn, numberIn, requiredNumber, rowsIn, textIn } from './fields';
import { type Firing, type JobRecord, type JobSection, type RunRecord, type RunTrigger } from './job-record';
import { makeSettings, mergeSettings } from './job-settings';
import { withNested } from './job-tasks';
import { jobDetails, jobRow } from './job-view';
import { flagIn, limitIn, pageOf } from './page';
import { isPrincipal } from './principals';
import { RunBook } from './run-book';
import { Runner } from './runner';
import { Runs } from './runs';
import { replan, Scheduler } from './scheduler';

/** Jobs and their runs; awake triggers really make them run. */
export class JobsArea implements Area {
  readonly name = 'jobs';
  readonly routes;
  private readonly section: JobSection;
  private readonly book: RunBook;
  private readonly runner: Runner;
  private readonly runs: Runs;
  private readonly scheduler: Scheduler;

  constructor(private readonly core: Core) {
    this.section = core.section('jobs', () => ({ jobs: {}, runs: {}, tokens: {}, firings: [] }));
    this.book = new RunBook(core, this.section);
    this.runner = new Runner(core, this.book, (id) => this.runAsTask(id));
    this.runs = new Runs(core, this.section, this.book, this.runner, this);
    this.scheduler = new Scheduler(
      this.section.firings,
      (job, trigger) => this.start(job, trigger, { creator: job.runAs }),
      (job) => lockOf(job) > 0 && this.book.active(job.id).length === 0,
    );
    this.routes = {
      'GET /api/2.2/jobs/list': (call: Call) => this.list(call),
      'GET /api/2.2/jobs/get': (call: Call) => this.get(call),
      'POST /api/2.2/jobs/create': (call: Call) => this.create(call),
      'POST /api/2.2/jobs/reset': (call: Call) => this.reset(call),
      'POST /api/2.2/jobs/update': (call: Call) => this.update(call),
      'POST /api/2.2/jobs/delete': (call: Call) => this.remove(call),
      ...this.runs.routes,
    };
  }

  /** Each time that a trigger made a job run, oldest first. */
  firings(): readonly Firing[] {
    return this.section.firings;
  }

  tick(nowMs: number): void {
    for (const run of this.book.active()) {
      const job = run.jobId === undefined ? undefined : this.section.jobs[run.jobId];
      if (run.life === 'RUNNING') this.runner.advance(run, nowMs);
      else if (job && this.running(job) < lockOf(job)) this.runner.begin(run);
    }
    this.scheduler.tick(this.all(), nowMs);
  }

  all(): JobRecord[] {
    return Object.values(this.section.jobs);
  }

  isJob(id: number): boolean {
    return this.section.jobs[id] !== undefined;
  }

  known(id: number): JobRecord {
    const job = this.section.jobs[id];
    if (!job) throw invalid(`Job ${id} does not exist.`);
    return job;
  }

  /** Starts a run; queues or skips it when the job has as many as it may have. */
  start(job: JobRecord, trigger: RunTrigger, by: { creator: string; parameters?: Json }): RunRecord {
    const name = textIn(job.settings, 'name') ?? '';
    const run = this.book.add({ job, name, trigger, settings: job.settings, ...by });
    if (this.running(job) < lockOf(job)) this.runner.begin(run);
    else if (lockOf(job) === 0 || jsonIn(job.settings, 'queue')['enabled'] !== true) skip(run);
    return run;
  }

  private runAsTask(id: number): RunRecord | undefined {
    const job = this.section.jobs[id];
    return job && this.start(job, 'RUN_JOB_TASK', { creator: job.runAs });
  }

  private running(job: JobRecord): number {
    return this.book.active(job.id).filter((run) => run.life === 'RUNNING').length;
  }

  private list(call: Call): Answer {
    const { query } = call;
    const name = query.get('name')?.toLowerCase();
    const found = this.all().filter(
      (job) => name === undefined || textIn(job.settings, 'name')?.toLowerCase() === name,
    );
    const page = pageOf(found, limitIn(query, 'limit', 20, 100), query.get('page_token'));
    const isExpanded = flagIn(query, 'expand_tasks');
    return {
      json: {
        ...(page.rows.length > 0 ? { jobs: page.rows.map((job) => jobRow(job, isExpanded)) } : {}),
        has_more: page.next !== undefined,
        ...(page.next === undefined ? {} : { next_page_token: page.next }),
        ...(page.previous === undefined ? {} : { prev_page_token: page.previous }),
      },
    };
  }

  private get(call: Call): Answer {
    const job = this.known(Number(call.query.get('job_id')));
    return { json: jobDetails(job, call.query.get('page_token')) };
  }

  private create(call: Call): Answer {
    const settings = this.settingsOf(call.body);
    const nowMs = this.core.nowMs();
    const job: JobRecord = {
      id: this.core.nextNumber(),
      settings,
      creator: call.caller.name,
      runAs: this.runAsOf(call, call.body) ?? call.caller.name,
      createdMs: nowMs,
      triggers: [],
      runCount: 0,
    };
    replan(job, nowMs);
    this.section.jobs[job.id] = job;
    this.core.securableCreated({ type: 'jobs', id: String(job.id), creator: call.caller });
    return { json: { job_id: job.id } };
  }

  /** Everything is overwritten; without `run_as` the job runs as its creator again. */
  private reset(call: Call): Answer {
    const job = this.known(requiredNumber(call.body, 'job_id'));
    const sent = jsonIn(call.body, 'new_settings');
    const settings = this.settingsOf(sent, job.id);
    job.runAs = this.runAsOf(call, sent) ?? job.creator;
    this.apply(job, settings);
    return {};
  }

  private update(call: Call): Answer {
    const job = this.known(requiredNumber(call.body, 'job_id'));
    const changes = jsonIn(call.body, 'new_settings');
    const removed = call.body['fields_to_remove'];
    const paths = Array.isArray(removed) ? removed.map(String) : [];
    const merged = mergeSettings(job.settings, changes, paths);
    const settings = this.settingsOf(merged, job.id, paths.length > 0 ? merged : changes);
    job.runAs = this.runAsOf(call, changes) ?? job.runAs;
    this.apply(job, settings);
    return {};
  }

  private remove(call: Call): Answer {
    const job = this.known(requiredNumber(call.body, 'job_id'));
    for (const run of this.book.active(job.id)) this.runs.cancelRun(run);
    Reflect.deleteProperty(this.section.jobs, job.id);
    this.core.securableRemoved('jobs', String(job.id));
    return {};
  }

  private apply(job: JobRecord, settings: Json): void {
    job.settings = settings;
    replan(job, this.core.nowMs());
  }

  private settingsOf(sent: Json, ownId?: number, changes = sent): Json {
    const settings = makeSettings(this.core, sent, (id) => this.isJob(id), changes);
    if (ownId !== undefined && this.runsOf(settings).some((id) => this.leadsTo(id, ownId)))
      throw invalid(`Job ${ownId} would run itself.`);
    return settings;
  }

  /** The jobs that a job with these settings runs. */
  private runsOf(settings: Json): number[] {
    return rowsIn(settings, 'tasks')
      .flatMap(withNested)
      .flatMap((task) => numberIn(jsonIn(task, 'run_job_task'), 'job_id') ?? []);
  }

  private leadsTo(fromId: number, toId: number): boolean {
    if (fromId === toId) return true;
    const job = this.section.jobs[fromId];
    return job !== undefined && this.runsOf(job.settings).some((id) => this.leadsTo(id, toId));
  }

  private runAsOf(call: Call, sent: Readonly<Json>): string | undefined {
    const runAs = jsonIn(sent, 'run_as');
    const name = textIn(runAs, 'user_name') ?? textIn(runAs, 'service_principal_name');
    if (name === undefined) return undefined;
    if (!isPrincipal(this.core, name)) throw invalid(`The run_as principal ${name} does not exist.`);
    const isOther = runAs['user_name'] !== undefined && name !== call.caller.name;
    if (isOther && !call.caller.admin)
      throw new ApiError(403, 'PERMISSION_DENIED', 'Only administrators can set run_as to another user.');
    return name;
  }
}

function lockOf(job: JobRecord): number {
  return numberIn(job.settings, 'max_concurrent_runs') ?? 1;
}

function skip(run: RunRecord): void {
  run.life = 'SKIPPED';
  run.message = 'Maximum number of concurrent runs reached.';
  run.endMs = run.startMs;
}

import { type Answer, type Call, type Core } from './area';
import { invalid, type Json, numberIn, requiredNumber, textIn, without } from './fields';
import { isActive, type JobRecord, type JobSection, type RunRecord, type RunTrigger } from './job-record';
import { makeSettings } from './job-settings';
import { flagIn, limitIn, pageOf } from './page';
import { type RunBook } from './run-book';
import { runDetails, runRow, taskOutput } from './run-view';
import { type Runner } from './runner';

const overrides = [
  'job_parameters',
  'notebook_params',
  'python_params',
  'jar_params',
  'spark_submit_params',
  'python_named_params',
  'sql_params',
  'dbt_commands',
];

/** What runs need of the jobs that they belong to. */
export interface Jobs {
  known(id: number): JobRecord;
  isJob(id: number): boolean;
  start(job: JobRecord, trigger: RunTrigger, by: { creator: string; parameters?: Json }): RunRecord;
}

/** `run-now` and everything under `jobs/runs`. */
export class Runs {
  readonly routes = {
    'POST /api/2.2/jobs/run-now': (call: Call) => this.runNow(call),
    'POST /api/2.2/jobs/runs/submit': (call: Call) => this.submit(call),
    'GET /api/2.2/jobs/runs/list': (call: Call) => this.list(call),
    'GET /api/2.2/jobs/runs/get': (call: Call) => this.get(call),
    'GET /api/2.2/jobs/runs/get-output': (call: Call) => this.getOutput(call),
    'POST /api/2.2/jobs/runs/cancel': (call: Call) => this.cancel(call),
    'POST /api/2.2/jobs/runs/cancel-all': (call: Call) => this.cancelAll(call),
  };

  constructor(
    private readonly core: Core,
    private readonly section: JobSection,
    private readonly book: RunBook,
    private readonly runner: Runner,
    private readonly jobs: Jobs,
  ) {}

  private runNow(call: Call): Answer {
    const { body } = call;
    const job = this.jobs.known(requiredNumber(body, 'job_id'));
    const run = this.once(call, () => {
      const given = overrides.filter((field) => body[field] !== undefined);
      const parameters = Object.fromEntries(given.map((field) => [field, body[field]]));
      return this.jobs.start(job, 'ONE_TIME', { creator: call.caller.name, parameters });
    });
    return { json: { run_id: run.id, number_in_job: run.number } };
  }

  private submit(call: Call): Answer {
    const sent = without(call.body, 'run_name', 'run_as', 'access_control_list', 'idempotency_token');
    const run = this.once(call, () => {
      const settings = makeSettings(this.core, sent, (id) => this.jobs.isJob(id));
      const name = textIn(call.body, 'run_name') ?? 'Untitled';
      const made = this.book.add({ name, trigger: 'ONE_TIME', creator: call.caller.name, settings });
      this.runner.begin(made);
      return made;
    });
    return { json: { run_id: run.id } };
  }

  /** The same token gives the same run. */
  private once(call: Call, start: () => RunRecord): RunRecord {
    const token = textIn(call.body, 'idempotency_token');
    if (token === undefined) return start();
    if (token.length > 64) throw invalid('idempotency_token must have at most 64 characters');
    const known = this.section.tokens[token];
    const earlier = known === undefined ? undefined : this.book.find(known);
    const run = earlier ?? start();
    this.section.tokens[token] = run.id;
    return run;
  }

  private list(call: Call): Answer {
    const { query } = call;
    const jobId = query.get('job_id');
    const active = flagIn(query, 'active_only');
    const completed = flagIn(query, 'completed_only');
    if (active && completed) throw invalid('Only one of active_only and completed_only can be true');
    const found = this.book
      .all()
      .filter(
        (run) =>
          (jobId === null || run.jobId === Number(jobId)) &&
          (!active || isActive(run)) &&
          (!completed || !isActive(run)),
      )
      .reverse();
    const page = pageOf(found, limitIn(query, 'limit', 20, 24), query.get('page_token'));
    const show = flagIn(query, 'expand_tasks') ? runDetails : runRow;
    return {
      json: {
        ...(page.rows.length > 0 ? { runs: page.rows.map((run) => show(run)) } : {}),
        has_more: page.next !== undefined,
        ...(page.next === undefined ? {} : { next_page_token: page.next }),
        ...(page.previous === undefined ? {} : { prev_page_token: page.previous }),
      },
    };
  }

  private get(call: Call): Answer {
    return { json: runDetails(this.book.known(Number(call.query.get('run_id')))) };
  }

  /** Of a task, not of the run that it is a part of. */
  private getOutput({ query }: Call): Answer {
    const id = Number(query.get('run_id'));
    if (this.book.find(id))
      throw invalid(
        'Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.',
      );
    const found = this.book.findTask(id);
    if (!found) throw invalid(`Run ${id} does not exist.`);
    return { json: taskOutput(found.run, found.task) };
  }

  private cancel(call: Call): Answer {
    this.cancelRun(this.book.known(requiredNumber(call.body, 'run_id')));
    return {};
  }

  private cancelAll(call: Call): Answer {
    const jobId = numberIn(call.body, 'job_id');
    const isEverything = call.body['all_queued_runs'] === true;
    if (jobId === undefined && !isEverything) throw invalid('Missing required field: job_id');
    if (jobId !== undefined) this.jobs.known(jobId);
    for (const run of this.book.active(jobId))
      if (!isEverything || run.life === 'QUEUED') this.cancelRun(run);
    return {};
  }

  /** With the runs that it started; nothing happens to one that has ended. */
  cancelRun(run: RunRecord): void {
    if (!isActive(run)) return;
    this.runner.end(run, 'CANCELED', 'Run cancelled.');
    for (const id of run.children) {
      const child = this.book.find(id);
      if (child) this.cancelRun(child);
    }
  }
}

import type { Workspace } from '../databricks/workspace';
import { hashBody } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { Reference } from '../domain/references';
import type { Adapter } from './adapter';
import { computeReferences, fileReferences, libraryReferences, secretReferences } from './compute-references';
import { markerIn, omit, tagsOf, type Row } from './fields';
import { withRunAs } from './job';
import { principalName, type PrincipalName } from './principal-name';
import { matches } from './reference-values';
import { orVanished } from './vanished';

/** The `spec` of a pipeline, and whom it runs as. */
export interface PipelineBody {
  readonly name?: string;
  readonly continuous?: boolean;
  readonly development?: boolean;
  readonly storage?: string;
  readonly tags?: Row;
  readonly run_as?: PrincipalName;
}

interface PipelineRow extends Row {
  readonly pipeline_id: string;
  readonly name?: string;
  readonly run_as_user_name?: string;
  readonly spec?: PipelineBody & { readonly deployment?: { readonly kind?: string } };
}

const path = '/api/2.0/pipelines';
const platformOwned = ['id', 'pipeline_type', 'deployment', 'effective_budget_policy_id'];

const references: readonly Reference[] = [
  { at: 'libraries[].notebook.path', to: 'notebook', by: 'path', match: matches.workspacePath },
  ...fileReferences('libraries[].file.path'),
  // `/Users/ana@contoso.com/etl/**`: everything under the folder.
  { at: 'libraries[].glob.include', to: 'directory', by: 'path', match: matches.globFolder },
  ...libraryReferences('libraries[]'),
  ...fileReferences('environment.dependencies[]'),
  { at: 'root_path', to: 'directory', by: 'path', match: matches.workspacePath },
  ...computeReferences('clusters[].'),
  ...secretReferences('configuration.*'),
  // A pipeline that ingests names the gateway, itself a pipeline, that it reads from.
  { at: 'ingestion_definition.ingestion_gateway_id', to: 'pipeline' },
  { at: 'run_as.user_name', to: 'user', by: 'name' },
  { at: 'run_as.service_principal_name', to: 'service-principal', by: 'name' },
];

export const pipeline: Adapter<PipelineBody> = {
  kind: 'pipeline',
  step: 'ecosystem',
  carries:
    'all settings, run-as; in development until cutover, not continuous; not: bundle-managed ones, their tables',
  references,
  ignore: [],
  marker: 'tags',
  selfOrdered: true,

  /** The listing has no settings, and nothing that tells whether they changed: each is read. */
  async *list(from) {
    const rows = await Array.fromAsync(from.pages<PipelineRow>(path, 'statuses', { max_results: 100 }));
    const details = await from.each(rows, ({ pipeline_id }) => readIfThere(from, pipeline_id));
    for (const row of details) {
      if (row === undefined) continue;
      const body = bodyOf(row);
      const stub = { id: row.pipeline_id, name: body.name ?? row.pipeline_id, body, ...markerIn(body.tags) };
      const deployment = row.spec?.deployment;
      // It is quieted like any other, and an edit replaces everything: without this it would not be its bundle's any more.
      yield deployment?.kind === 'BUNDLE'
        ? { ...stub, body: { ...body, deployment }, skip: 'managed by an asset bundle: deploy it' }
        : { ...stub, version: hashBody(body) };
    }
  },
  async export(from, stub) {
    return bodyOf(await orVanished(`pipeline/${stub.id}`, from.get<PipelineRow>(`${path}/${stub.id}`)));
  },
  find: (index, _asset, marker) => index.byMarker(marker)?.id,
  asleep: (body) => withAwake(body, []),
  admit: withRunAs,
  async create(target, body) {
    // Names need not be unique, but the API has to be told.
    const request = { ...withAwake(body, []), allow_duplicate_names: true };
    return (await target.post<PipelineRow>(path, request)).pipeline_id;
  },
  update: (target, id, body) => edit(target, id, withAwake(body, [])),
  // No `remove`: deleting a pipeline drops its tables.
  triggers: {
    awake: awakeTriggers,
    async quiet(from, id, body) {
      // Stopping first: what is changed first looks quiet, and would never be stopped after a failure between the two.
      if (body.continuous === true) await from.post(`${path}/${id}/stop`, {}, { repeatable: true });
      await still(from, id, withAwake(body, []));
    },
    // Its settings as they are there: an edit replaces everything, also what somebody changed and a conflict has left.
    async wake(target, id, _body, triggers) {
      await edit(target, id, withAwake(bodyOf(await target.get<PipelineRow>(`${path}/${id}`)), triggers));
    },
    async activeRuns(from, id) {
      const { latest_updates: updates } = await from.get<{ latest_updates?: Update[] }>(`${path}/${id}`);
      return (updates ?? []).filter(({ state }) => !ended.has(state)).map(({ update_id }) => update_id);
    },
  },
  tags: (body) => tagsOf(body.tags),
};

interface Update {
  readonly update_id: string;
  readonly state: string;
}

const ended: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELED']);

/** Being in production is a trigger too: only then does the platform keep a continuous pipeline up, and repeat what fails. */
function awakeTriggers(body: PipelineBody): string[] {
  return [
    ...(body.continuous === true ? ['continuous'] : []),
    ...(body.development === true ? [] : ['production']),
  ];
}

function withAwake(body: PipelineBody, awake: readonly string[]): PipelineBody {
  return { ...body, continuous: awake.includes('continuous'), development: !awake.includes('production') };
}

/** PUT replaces everything. */
async function edit(workspace: Workspace, id: string, body: PipelineBody): Promise<void> {
  await workspace.put(`${path}/${id}`, { ...body, allow_duplicate_names: true });
}

/** Whom it runs as may have left: told so, the platform refuses the whole edit, and the pipeline would never be quiet. */
async function still(from: Workspace, id: string, body: PipelineBody): Promise<void> {
  const { run_as, ...rest } = body;
  try {
    await edit(from, id, body);
  } catch (error) {
    if (run_as === undefined || !hasCode(error, 'DR_API_BAD_REQUEST')) throw error;
    await edit(from, id, rest);
  }
}

async function readIfThere(from: Workspace, id: string): Promise<PipelineRow | undefined> {
  try {
    return await from.get<PipelineRow>(`${path}/${id}`);
  } catch (error) {
    // Deleted since it was listed.
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
    return undefined;
  }
}

function bodyOf({ pipeline_id, spec = {}, run_as_user_name: runAs }: PipelineRow): PipelineBody {
  const settings: Row = omit(spec, platformOwned);
  // Where nobody chose one, the storage is named after the pipeline.
  const isDefault = settings['storage'] === `dbfs:/pipelines/${pipeline_id}`;
  return {
    ...(isDefault ? omit(settings, ['storage']) : settings),
    // Always said, also where it is only the default (the creator): at the target the creator is this app.
    ...(runAs === undefined ? {} : { run_as: principalName(runAs) }),
  };
}

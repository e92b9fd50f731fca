import type { Workspace } from '../databricks/workspace';
import { hashBody, type Stub } from '../domain/asset';
import { hasCode } from '../domain/errors';
import type { Adapter } from './adapter';
import { isRow, omit, type Row } from './fields';
import {
  createLegacyAlert,
  listLegacyAlerts,
  settleLegacyAlert,
  updateLegacyAlert,
  type LegacyAlertBody,
} from './legacy-alert';
import { exists, textOf, type PrincipalName, type Principals } from './principal-name';
import { pathOf, placedReferences, placeOf, refuseMoved, withExistingOwner, type Placed } from './sql-object';
import { listedBody, unlessMissing } from './vanished';

/** An alert of the second version: it has its own query, warehouse and schedule. */
export interface CurrentAlertBody extends Placed {
  readonly warehouse_id?: string;
  readonly evaluation?: Row;
  readonly schedule?: Row;
  /** Absent: it runs as whoever made it. */
  readonly run_as?: PrincipalName;
}

export type AlertBody = CurrentAlertBody | LegacyAlertBody;

interface AlertRow extends Row {
  readonly id: string;
  readonly lifecycle_state?: string;
}

const path = '/api/2.0/alerts';
const extension = '.dbalert.json';
const platformOwned = [
  ...['id', 'create_time', 'update_time', 'lifecycle_state', 'owner_user_name'],
  ...['effective_run_as', 'run_as_user_name'],
];
const evaluationOwned = ['state', 'last_evaluated_at'];
const notificationOwned = ['effective_notify_on_ok', 'effective_retrigger_seconds'];
const notification = 'evaluation.notification.subscriptions[].';

export const alert: Adapter<AlertBody> = {
  kind: 'alert',
  step: 'ecosystem',
  carries:
    'query, condition, subscribers; run by a service principal or the app; of legacy ones not the schedule',
  references: [
    { at: 'warehouse_id', to: 'sql-warehouse' },
    { at: 'query_id', to: 'query' },
    { at: `${notification}destination_id`, to: 'notification-destination' },
    { at: `${notification}user_email`, to: 'user', by: 'name' },
    { at: 'run_as.service_principal_name', to: 'service-principal', by: 'name' },
    ...placedReferences,
  ],
  ignore: ['owner', 'run_as'],
  late: ['owner', 'run_as'],

  async *list(from) {
    const rows = await unlessMissing(listRows(from));
    for (const row of rows ?? []) {
      if (row.lifecycle_state !== 'TRASHED' && row.lifecycle_state !== 'DELETED') yield stubOf(row);
    }
    // One of the two versions is enough for the kind to be there.
    const legacy = listLegacyAlerts(from);
    yield* (await (rows === undefined ? legacy : unlessMissing(legacy))) ?? [];
  },
  export: (_from, stub) => listedBody('alert', stub),
  find: (index, { body }) => index.byPath(pathOf(body, isLegacy(body) ? '' : extension))?.id,
  asleep: (body) => (isLegacy(body) ? body : withPauseStatus(body, 'PAUSED')),
  admit: (body, principals) =>
    isLegacy(body) ? withExistingOwner(body, principals) : withPossibleRunAs(body, principals),
  async create(target, body) {
    if (isLegacy(body)) return createLegacyAlert(target, body);
    const request = omit(withPauseStatus(body, 'PAUSED'), ['run_as']);
    return (await target.post<AlertRow>(path, request)).id;
  },
  async update(target, id, body) {
    if (isLegacy(body)) return updateLegacyAlert(target, id, body);
    const fields = omit(withPauseStatus(body, 'PAUSED'), ['run_as', 'parent_path']);
    const mask = [...new Set([...optional, ...Object.keys(fields)])];
    refuseMoved(`alert/${id}`, body, await change(target, id, fields, mask));
  },
  settle: (target, id, body) =>
    isLegacy(body) ? settleLegacyAlert(target, id, body) : settleRunAs(target, id, body),
  triggers: {
    awake: (body) =>
      !isLegacy(body) && isRow(body.schedule) && body.schedule['pause_status'] !== 'PAUSED'
        ? ['schedule']
        : [],
    quiet: (from, id, body) => setPauseStatus(from, id, body, 'PAUSED'),
    wake: (target, id, body, triggers) =>
      triggers.includes('schedule') ? setPauseStatus(target, id, body, 'UNPAUSED') : Promise.resolve(),
  },
};

/** What an alert need not have: named in every update, so that what is not in the body is taken away. */
const optional = ['custom_description', 'custom_summary'];

function isLegacy(body: AlertBody): body is LegacyAlertBody {
  return 'query_id' in body;
}

/** Workspaces of before the general release call the rows `results`: they must not look like none. */
async function listRows(from: Workspace): Promise<AlertRow[]> {
  const rows: AlertRow[] = [];
  let page_token: string | undefined;
  do {
    const query = { page_size: 100, ...(page_token === undefined ? {} : { page_token }) };
    const page = await from.get<{ alerts?: AlertRow[]; results?: AlertRow[]; next_page_token?: string }>(
      path,
      query,
    );
    rows.push(...(page.alerts ?? page.results ?? []));
    page_token = page.next_page_token;
  } while (page_token !== undefined && page_token !== '');
  return rows;
}

function stubOf(row: AlertRow): Stub {
  const body = bodyOf(row);
  const place = pathOf(body, extension);
  return { id: row.id, name: place, path: place, version: hashBody(body), body };
}

function bodyOf(row: AlertRow): CurrentAlertBody {
  const evaluation = isRow(row['evaluation']) ? omit(row['evaluation'], evaluationOwned) : {};
  const told = evaluation['notification'];
  return {
    ...omit(row, platformOwned),
    ...placeOf(row),
    evaluation: { ...evaluation, ...(isRow(told) ? { notification: omit(told, notificationOwned) } : {}) },
  };
}

function withPauseStatus(body: CurrentAlertBody, pause_status: 'PAUSED' | 'UNPAUSED'): CurrentAlertBody {
  return isRow(body.schedule) ? { ...body, schedule: { ...body.schedule, pause_status } } : body;
}

async function setPauseStatus(
  workspace: Workspace,
  id: string,
  body: AlertBody,
  pause_status: 'PAUSED' | 'UNPAUSED',
): Promise<void> {
  if (isLegacy(body) || !isRow(body.schedule)) return;
  await change(workspace, id, { schedule: { ...body.schedule, pause_status } }, ['schedule']);
}

function change(workspace: Workspace, id: string, fields: object, mask: readonly string[]): Promise<Row> {
  return workspace.patch<Row>(`${path}/${id}?update_mask=${mask.join()}`, fields);
}

/** Only users themselves can make an alert run as them; anybody who may use it, as a service principal. */
function withPossibleRunAs(body: CurrentAlertBody, principals: Principals) {
  const { run_as, ...rest } = body;
  if (run_as === undefined) return { body, warnings: [] };
  if (run_as.user_name === undefined && exists(run_as, principals)) return { body, warnings: [] };
  const why = exists(run_as, principals) ? 'only they themselves can change that' : 'not at the target';
  return { body: rest, warnings: [`it runs as the app, not as ${textOf(run_as)}: ${why}`] };
}

async function settleRunAs(target: Workspace, id: string, { run_as }: CurrentAlertBody): Promise<string[]> {
  if (run_as === undefined) return [];
  const now = (await target.get(`${path}/${id}`))['run_as'];
  if (isRow(now) && textOf(now) === textOf(run_as)) return [];
  try {
    await change(target, id, { run_as }, ['run_as']);
    return [];
  } catch (error) {
    if (!hasCode(error, 'DR_API_BAD_REQUEST', 'DR_API_FORBIDDEN')) throw error;
    return [`it runs as the app: the platform refuses that it runs as ${textOf(run_as)}`];
  }
}

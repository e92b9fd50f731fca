import type { Workspace } from '../databricks/workspace';
import type { Stub } from '../domain/asset';
import { hashBody } from '../domain/asset';
import { omit, type Row } from './fields';
import { settleOwner } from './query';
import { ownerOf, pathOf, placeOf, readEach, refuseMoved, type Owned, type Placed } from './sql-object';

/** An alert of the first version: a condition on a saved query. Its schedule and its subscribers are in no API. */
export interface LegacyAlertBody extends Placed, Owned {
  readonly query_id: string;
}

interface LegacyAlertRow extends Row {
  readonly id: string;
  readonly query_id?: string;
  readonly lifecycle_state?: string;
}

const path = '/api/2.0/sql/alerts';
const platformOwned = [
  ...['id', 'create_time', 'update_time', 'lifecycle_state', 'owner_user_name', 'state', 'trigger_time'],
];
const settable = [
  ...['condition', 'custom_body', 'custom_subject', 'display_name', 'notify_on_ok', 'query_id'],
  'seconds_to_retrigger',
];
export const legacySecurable = 'alerts';

/** As for queries, the listing does not say where an alert lies. */
export async function listLegacyAlerts(from: Workspace): Promise<Stub[]> {
  const rows = await Array.fromAsync(from.pages<LegacyAlertRow>(path, 'results', { page_size: 100 }));
  const kept = rows.filter(({ lifecycle_state }) => lifecycle_state !== 'TRASHED');
  const details = await readEach(from, kept, ({ id }) => from.get<LegacyAlertRow>(`${path}/${id}`));
  return details.map((row) => {
    const body = bodyOf(row);
    const place = pathOf(body, '');
    const stub = { id: row.id, name: place, path: place, version: hashBody(body), body };
    return { ...stub, securable: legacySecurable };
  });
}

export async function createLegacyAlert(target: Workspace, body: LegacyAlertBody): Promise<string> {
  const { id } = await target.post<LegacyAlertRow>(path, { alert: omit(body, ['owner']) });
  return id;
}

export async function updateLegacyAlert(target: Workspace, id: string, body: LegacyAlertBody): Promise<void> {
  const fields = omit(body, ['owner', 'parent_path']);
  const mask = [...new Set([...settable, ...Object.keys(fields)])].join();
  const updated = await target.patch<LegacyAlertRow>(`${path}/${id}`, { alert: fields, update_mask: mask });
  refuseMoved(`alert/${id}`, body, updated);
}

/** Returns what a person has to add. */
export async function settleLegacyAlert(target: Workspace, id: string, body: LegacyAlertBody) {
  const warnings = await settleOwner(target, `${path}/${id}`, 'alert', body);
  return [...warnings, 'a legacy alert: set its schedule and subscribers by hand, no API gives them'];
}

function bodyOf(row: LegacyAlertRow): LegacyAlertBody {
  const body = { ...omit(row, platformOwned), ...placeOf(row), ...ownerOf(row) };
  return { ...body, query_id: row.query_id ?? '' };
}

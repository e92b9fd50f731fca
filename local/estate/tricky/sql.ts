import { type Builder } from '../builder';
import { type SqlWarehouses } from '../../workspace/sql-warehouses';
import { type Json } from '../../workspace/fields';
import { keeper, makeFolder, makeJob, type TrickyPart } from './part';

const folder = '/Shared/odd sql';
const names = ['caf\u00e9', 'cafe\u0301', 'Case', 'case', '🚀 "q" 100%2F #?', ' before', 'two\nlines'];
const lakeview = '/2.0/lakeview/dashboards';
const gone = 'on a warehouse gone';
const lost = 'its warehouse was deleted; the analysts move it by June';

/** Odd names for everything, published and not, awake and not; and what is on a warehouse that was deleted. */
export const sql: TrickyPart = {
  fill({ primary }) {
    makeFolder(primary, folder);
    const warehouse_id = makeWarehouse(primary, ' 🚀 "warehouse" 100%2F ');
    for (const [at, name] of names.entries()) {
      makeQuery(primary, name, warehouse_id);
      makeAlert(primary, name, { warehouse_id }, at % 2 === 0 ? 'UNPAUSED' : 'PAUSED');
      makeDashboard(primary, name, warehouse_id, at % 3);
    }
    const lent = makeWarehouse(primary, 'lent');
    const query_id = makeQuery(primary, gone, lent);
    makeAlert(primary, gone, { warehouse_id: lent }, 'UNPAUSED');
    makeDashboard(primary, gone, lent, 0);
    const sql_task = { warehouse_id: lent, query: { query_id } };
    makeJob(primary, gone, { tasks: [{ task_key: 'main', sql_task }] });
    primary.workspace.call('DELETE', `/api/2.0/sql/warehouses/${lent}`);
    primary.workspace.core.area<SqlWarehouses>('sql-warehouses').stopAll();
  },
  gaps: (['query', 'alert', 'dashboard', 'job'] as const).map((kind) => ({ kind, name: gone, reason: lost })),
};

function makeWarehouse(builder: Builder, name: string): string {
  const body = { name, cluster_size: 'Small', warehouse_type: 'PRO', auto_stop_mins: 10 };
  return String(builder.post('/2.0/sql/warehouses', body, keeper)['id']);
}

function makeQuery(builder: Builder, display_name: string, warehouse_id: string): unknown {
  const query_text = `select '${display_name}' -- 🚀\r\n`;
  const query = { display_name, query_text, warehouse_id, parent_path: folder };
  return builder.post('/2.0/sql/queries', { query }, keeper)['id'];
}

function makeAlert(builder: Builder, display_name: string, more: Json, pause_status: string): void {
  const evaluation = { source: { name: 'n' }, comparison_operator: 'IS_NULL' };
  const schedule = { quartz_cron_schedule: '0 0 6 * * ?', timezone_id: 'UTC', pause_status };
  const body = { display_name, query_text: 'select 1 n', parent_path: folder, evaluation, schedule, ...more };
  builder.post('/2.0/alerts', body, keeper);
}

/** A draft, one that is published, or one that was changed since; those have a schedule. */
function makeDashboard(builder: Builder, display_name: string, warehouse_id: string, state: number): void {
  const content = (text: string): string =>
    JSON.stringify({ pages: [], datasets: [{ name: 'd', queryLines: [text] }] });
  const body = { display_name, warehouse_id, parent_path: folder, serialized_dashboard: content('select 1') };
  const id = String(builder.post(lakeview, body, keeper)['dashboard_id']);
  if (state === 0) return;
  builder.post(`${lakeview}/${id}/published`, { embed_credentials: state === 2, warehouse_id }, keeper);
  const cron_schedule = { quartz_cron_expression: '0 0 8 * * ?', timezone_id: 'UTC' };
  builder.post(`${lakeview}/${id}/schedules`, { cron_schedule }, keeper);
  if (state === 1) return;
  const changed = { serialized_dashboard: content('select 2') };
  builder.workspace.call('PATCH', `/api${lakeview}/${id}`, changed, keeper);
}

import { type Caller, type Core } from './area';
import { invalid, type Json, requiredText, rowsIn, jsonIn, textIn } from './fields';
import { SqlObjects } from './sql-objects';
import { type SqlWarehouses } from './sql-warehouses';

/** Saved queries: https://docs.databricks.com/api/azure/workspace/queries */
export function sqlQueries(core: Core): SqlObjects {
  return new SqlObjects(core, {
    area: 'sql-queries',
    path: '/api/2.0/sql/queries',
    wrapper: 'query',
    rows: 'results',
    hidesFolder: true,
    tree: { type: 'QUERY', securable: 'queries', extension: '.dbquery.ipynb' },
    check: checkQuery,
    show: ({ modifier }) => ({ last_modifier_user_name: modifier }),
    ownable: true,
  });
}

function checkQuery(core: Core, settings: Json, _caller: Caller, before: Json = {}): Json {
  requiredText(settings, 'display_name');
  const warehouse = textIn(settings, 'warehouse_id');
  if (warehouse !== before['warehouse_id']) core.area<SqlWarehouses>('sql-warehouses').check(warehouse);
  const parameters = rowsIn(settings, 'parameters');
  const names = parameters.map((parameter) => requiredText(parameter, 'name'));
  if (new Set(names).size < names.length) throw invalid('Parameter names must be unique.');
  for (const parameter of parameters) {
    const backing = textIn(jsonIn(parameter, 'query_backed_value'), 'query_id');
    if (backing !== undefined) checkQueryId(core, backing);
  }
  return { run_as_mode: 'OWNER', apply_auto_limit: false, ...settings };
}

/** What refers to a query that is not there is refused. */
export function checkQueryId(core: Core, id: string): void {
  if (!core.area<SqlObjects>('sql-queries').has(id)) throw invalid(`Query ${id} does not exist.`);
}

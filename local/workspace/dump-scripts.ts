import { createHash } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;
type Get = (path: string) => Json;

const roots = ['/FileStore/jars', '/databricks/init', '/databricks/scripts'];
const blockBytes = 1024 ** 2;
const globalScripts = '/api/2.0/global-init-scripts';

/** Files in the folders of DBFS that are carried, and the init scripts of all clusters. */
export function readScripts(get: Get): { readonly dbfs: Json[]; readonly globalScripts: Json[] } {
  const top = rowsOf(get('/api/2.0/dbfs/list?path=/'), 'files').map(({ path }) => String(path));
  const there = roots.filter((root) => top.includes(root.slice(0, root.indexOf('/', 1))));
  const scripts = rowsOf(get(globalScripts), 'scripts');
  return {
    dbfs: there.flatMap((root) => filesBelow(get, root)),
    globalScripts: scripts.map(({ script_id, name, position, enabled }) => ({
      name,
      position,
      pause_status: enabled === true ? 'UNPAUSED' : 'PAUSED',
      script: get(`${globalScripts}/${String(script_id)}`)['script'],
    })),
  };
}

function filesBelow(get: Get, folder: string): Json[] {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const parent = folder.slice(0, -name.length - 1);
  const isThere = rowsOf(get(query('list', parent)), 'files').some(({ path }) => path === folder);
  if (!isThere) return [];
  return rowsOf(get(query('list', folder)), 'files').flatMap(({ path, is_dir, file_size }) =>
    is_dir === true ? filesBelow(get, String(path)) : [{ path, file_size, sha: shaOf(get, String(path)) }],
  );
}

function shaOf(get: Get, path: string): string {
  const hash = createHash('sha256');
  for (let offset = 0; ; offset += blockBytes) {
    const { data } = get(`${query('read', path)}&offset=${offset}&length=${blockBytes}`);
    if (data === '') return hash.digest('hex');
    hash.update(Buffer.from(String(data), 'base64'));
  }
}

function query(verb: string, path: string): string {
  return `/api/2.0/dbfs/${verb}?path=${encodeURIComponent(path)}`;
}

function rowsOf(answer: Json, field: string): readonly Json[] {
  return (answer[field] ?? []) as readonly Json[];
}

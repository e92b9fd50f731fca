import { ApiError, type Answer, type Call } from './area';
import { isArchive, unpackArchive } from './archive';
import { detectNotebook, fromJupyter, languageOfExtension } from './notebook-formats';
import { maxContentBytes, tooLarge } from './tree-export';
import {
  alreadyExists,
  checkedPath,
  languages,
  type Language,
  type NewNode,
  type TreeStore,
} from './tree-store';

interface Placed {
  readonly path: string;
  readonly fresh: NewNode;
}

export function importObject(tree: TreeStore, call: Call): Answer {
  const { body } = call;
  const path = checkedPath(body['path']);
  const content = Buffer.from(typeof body['content'] === 'string' ? body['content'] : '', 'base64');
  if (content.length > maxContentBytes && !call.inProcess) throw tooLarge(content.length);
  const format = typeof body['format'] === 'string' ? body['format'] : 'SOURCE';
  if (format === 'DBC' || (format === 'SOURCE' && isArchive(content) && body['language'] === undefined)) {
    importArchive(tree, path, content, call);
    return {};
  }
  const placed = place(path, format, content, body['language']);
  const overwrite = body['overwrite'] === true || body['overwrite'] === 'true';
  return { json: { object_id: Number(put(tree, placed, overwrite, call)) } };
}

/** The upload of workspace files: raw bytes, the path in the address; a notebook is told by its header. */
export function importFile(tree: TreeStore, call: Call): Answer {
  const path = checkedPath(`/${(call.params['path'] ?? '').replace(/^\//, '')}`);
  if (call.bytes.length > maxContentBytes && !call.inProcess) throw tooLarge(call.bytes.length);
  const placed = place(path, 'AUTO', call.bytes, undefined);
  const existing = tree.find(placed.path);
  const overwrite = call.query.get('overwrite') === 'true';
  if (existing && (existing.type !== placed.fresh.type || !overwrite)) {
    // As clients observed: a conflict when a file is in the way, no error code at all for anything else.
    const [status, code] =
      existing.type === 'FILE' ? ([409, 'RESOURCE_ALREADY_EXISTS'] as const) : ([400, ''] as const);
    throw new ApiError(status, code, `${placed.path} already exists.`);
  }
  put(tree, placed, overwrite, call);
  return {};
}

function put(tree: TreeStore, { path, fresh }: Placed, overwrite: boolean, { caller }: Call): string {
  tree.parentOf(path);
  const existing = tree.find(path);
  if (!existing) return tree.add(path, fresh, caller).id;
  if (!overwrite || existing.type !== fresh.type) throw alreadyExists(path);
  tree.overwrite(existing, fresh);
  return existing.id;
}

function place(path: string, format: string, body: Buffer, language: unknown): Placed {
  switch (format) {
    case 'SOURCE':
      return { path, fresh: { type: 'NOTEBOOK', language: checkedLanguage(language), body } };
    case 'JUPYTER':
      return { path, fresh: notebookOf(body) };
    case 'AUTO':
      return placeByContent(path, body);
    case 'RAW':
      return { path, fresh: { type: 'FILE', body } };
    default:
      throw new ApiError(400, 'INVALID_PARAMETER_VALUE', `Format ${format} is not supported.`);
  }
}

/** A notebook loses the extension that told its language. */
function placeByContent(path: string, body: Buffer): Placed {
  const extension = /\.([^./]+)$/.exec(path)?.[1] ?? '';
  const bare = path.slice(0, path.length - extension.length - 1);
  if (extension === 'ipynb') return { path: bare, fresh: notebookOf(body) };
  const language = detectNotebook(extension, body);
  if (!language) return { path, fresh: { type: 'FILE', body } };
  return { path: bare, fresh: { type: 'NOTEBOOK', language, body } };
}

function notebookOf(ipynb: Buffer): NewNode {
  return { type: 'NOTEBOOK', ...fromJupyter(ipynb) };
}

/** The place must be free: `overwrite` does not count for archives. */
function importArchive(tree: TreeStore, path: string, content: Buffer, { caller }: Call): void {
  if (tree.find(path)) throw alreadyExists(path);
  tree.parentOf(path);
  const entries = unpackArchive(content);
  tree.makeDirectories(path, caller);
  for (const { name, bytes } of entries) {
    if (name.endsWith('/')) {
      tree.makeDirectories(`${path}/${name.slice(0, -1)}`, caller);
      continue;
    }
    const extension = /\.([^./]+)$/.exec(name)?.[1] ?? '';
    const language = languageOfExtension(extension);
    const target = `${path}/${language ? name.slice(0, name.length - extension.length - 1) : name}`;
    tree.add(
      target,
      language ? { type: 'NOTEBOOK', language, body: bytes } : { type: 'FILE', body: bytes },
      caller,
    );
  }
}

function checkedLanguage(given: unknown): Language {
  const language = languages.find((known) => known === given);
  if (language) return language;
  const what = given === undefined ? 'is required for a single SOURCE file' : 'is unknown';
  throw new ApiError(400, 'INVALID_PARAMETER_VALUE', `The language ${what}.`);
}

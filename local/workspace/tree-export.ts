import { ApiError, type Answer, type Call } from './area';
import { packArchive, type ArchiveEntry } from './archive';
import { extensionOf, toHtml, toJupyter } from './notebook-formats';
import { checkedPath, isFolder, type TreeNode, type TreeStore } from './tree-store';

export const maxContentBytes = 10_485_760;

/** `direct_download=true` answers with the bytes, otherwise they come as base64 in `content`. */
export function exportObject(tree: TreeStore, { query }: Call): Answer {
  const path = checkedPath(query.get('path'));
  const node = tree.get(path);
  const { bytes, fileType } = render(tree, node, query.get('format') ?? 'SOURCE');
  if (bytes.length > maxContentBytes) throw tooLarge(bytes.length);
  if (query.get('direct_download') === 'true') return { bytes };
  return { json: { content: bytes.toString('base64'), file_type: fileType } };
}

export function tooLarge(bytes: number): ApiError {
  const message = `Notebook size exceeded limit: ${bytes} > ${maxContentBytes}`;
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'MAX_NOTEBOOK_SIZE_EXCEEDED',
    domain: 'databricks.com',
  };
  return new ApiError(400, 'MAX_NOTEBOOK_SIZE_EXCEEDED', message, [info]);
}

interface Rendered {
  readonly bytes: Buffer;
  readonly fileType: string;
}

function render(tree: TreeStore, node: TreeNode, format: string): Rendered {
  // A directory does not fail with SOURCE: an archive comes back, which is why callers look first.
  if (isFolder(node)) {
    if (!['SOURCE', 'DBC', 'AUTO'].includes(format)) throw unsupported(format);
    return { bytes: packArchive(entriesBelow(tree, node, '', format === 'AUTO')), fileType: 'dbc' };
  }
  const body = tree.bodyOf(node);
  if (node.type !== 'NOTEBOOK' || !node.language) {
    if (!['SOURCE', 'AUTO', 'RAW'].includes(format)) throw unsupported(format);
    return { bytes: body, fileType: node.name.split('.').at(-1) ?? '' };
  }
  switch (format) {
    case 'SOURCE':
    case 'AUTO':
      return { bytes: body, fileType: extensionOf(node.language) };
    case 'JUPYTER':
      return { bytes: toJupyter(body, node.language), fileType: 'ipynb' };
    case 'HTML':
      return { bytes: toHtml(body, node.name), fileType: 'html' };
    case 'DBC':
      return { bytes: packArchive([entryOf(node, '', body)]), fileType: 'dbc' };
    default:
      throw unsupported(format);
  }
}

function entriesBelow(tree: TreeStore, folder: TreeNode, prefix: string, withFiles: boolean): ArchiveEntry[] {
  return tree.childrenOf(folder).flatMap((node) => {
    if (isFolder(node)) {
      const name = `${prefix}${node.name}/`;
      return [{ name, bytes: Buffer.alloc(0) }, ...entriesBelow(tree, node, name, withFiles)];
    }
    const isKept = node.type === 'NOTEBOOK' || withFiles;
    return isKept ? [entryOf(node, prefix, tree.bodyOf(node))] : [];
  });
}

function entryOf(node: TreeNode, prefix: string, bytes: Buffer): ArchiveEntry {
  const extension = node.language ? `.${extensionOf(node.language)}` : '';
  return { name: `${prefix}${node.name}${extension}`, bytes };
}

function unsupported(format: string): ApiError {
  return new ApiError(400, 'INVALID_PARAMETER_VALUE', `Format ${format} is not possible for this object.`);
}

import type { Workspace } from '../databricks/workspace';
import { sha256 } from '../domain/asset';
import { DrError, hasCode } from '../domain/errors';
import type { KeepPiece, ReadPiece } from './adapter';

/** The largest block whose base64 has 1 MB, which is what the API takes: what is read, kept and written at a time. */
const blockBytes = 768 * 1024;
/** What an upload is called until it is complete: nobody must find half a file. */
export const partSuffix = '.dr-part';

export interface FileStatus {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size: number;
  readonly modification_time: number;
}

/** What a file holds: of one block the block itself, else its size and the hashes of its blocks, which are kept as pieces. */
export type FileContent =
  { readonly content: string } | { readonly size: number; readonly pieces: readonly string[] };

export function statusOf(from: Workspace, path: string): Promise<FileStatus> {
  return from.get<FileStatus & object>('/api/2.0/dbfs/get-status', { path });
}

/** Reads a file block by block; of a larger one no more than a block is in memory. */
export async function readFile(
  from: Workspace,
  path: string,
  keep: KeepPiece = hashed,
): Promise<FileContent> {
  const first = await readBlock(from, path, 0);
  if (first.length < blockBytes) return { content: first.toString('base64') };
  const before = await statusOf(from, path);
  if (before.file_size === blockBytes) return { content: first.toString('base64') };
  const pieces: string[] = [];
  let size = 0;
  for (let block = first; block.length > 0; block = await readBlock(from, path, size)) {
    pieces.push(await keep(block));
    size += block.length;
    if (block.length < blockBytes) break;
  }
  const after = await statusOf(from, path);
  if (after.modification_time === before.modification_time && after.file_size === size)
    return { size, pieces };
  throw new DrError('DR_API_INVALID_ANSWER', `cannot read dbfs:${path}: it was changed while it was read`);
}

/** Of what is only compared nothing is kept. */
function hashed(bytes: Buffer): Promise<string> {
  return Promise.resolve(sha256(bytes));
}

async function readBlock(from: Workspace, path: string, offset: number): Promise<Buffer> {
  const query = { path, offset, length: blockBytes };
  const { data = '' } = await from.get<{ data?: string }>('/api/2.0/dbfs/read', query);
  return Buffer.from(data, 'base64');
}

/** Writes a file of one block with one call. Throws DR_API_CONFLICT when something lies there that may not be overwritten. */
export async function putFile(
  target: Workspace,
  path: string,
  content: string,
  overwrite: boolean,
): Promise<void> {
  await target.post('/api/2.0/dbfs/put', { path, contents: content, overwrite }, { repeatable: true });
}

/**
 * Streams the pieces of a file beside its path, then moves it there: a stream that breaks off leaves nothing that looks like the
 * file, and begins anew. With `overwrite` what lies there is deleted right before.
 */
export async function streamFile(
  target: Workspace,
  path: string,
  { size, pieces }: { readonly size: number; readonly pieces: readonly string[] },
  readPiece: ReadPiece,
  overwrite: boolean,
): Promise<void> {
  const part = path + partSuffix;
  await upload(target, part, pieces, readPiece);
  const { file_size } = await statusOf(target, part);
  if (file_size !== size) throw brokenOff(path, `${file_size} of ${size} bytes arrived`);
  if (overwrite) await deleteFile(target, path);
  const move = { source_path: part, destination_path: path };
  await unlessMissing(target.post('/api/2.0/dbfs/move', move, { repeatable: true }));
}

async function upload(
  target: Workspace,
  part: string,
  pieces: readonly string[],
  readPiece: ReadPiece,
): Promise<void> {
  const opened = { path: part, overwrite: true };
  const { handle } = await target.post<{ handle: number }>('/api/2.0/dbfs/create', opened, {
    repeatable: true,
  });
  try {
    for (const piece of pieces) {
      const data = (await readPiece(piece)).toString('base64');
      await target.post('/api/2.0/dbfs/add-block', { handle, data });
    }
  } catch (error) {
    // A block that is sent twice would be there twice: then nothing but a new stream will do.
    if (!hasCode(error, 'DR_API_AMBIGUOUS', 'DR_API_NOT_FOUND')) throw error;
    throw brokenOff(part, error.message, error);
  }
  await unlessMissing(target.post('/api/2.0/dbfs/close', { handle }, { repeatable: true }));
}

/** Retryable: the next try streams the whole file again. */
function brokenOff(path: string, why: string, cause?: DrError): DrError {
  return new DrError('DR_API_INVALID_ANSWER', `cannot write dbfs:${path}: ${why}`, {}, { cause });
}

/** Deletes one file, never a folder with what is in it. */
export async function deleteFile(target: Workspace, path: string): Promise<void> {
  await unlessMissing(target.post('/api/2.0/dbfs/delete', { path, recursive: false }, { repeatable: true }));
}

/** An earlier try, whose answer was lost, has done it already. */
async function unlessMissing(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!hasCode(error, 'DR_API_NOT_FOUND')) throw error;
  }
}

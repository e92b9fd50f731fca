import { type Answer, ApiError, type Area, type Call, type Core } from './area';
import { alreadyExists, dbfsPath, DbfsStore } from './dbfs-store';
import { invalid, type Json, requiredNumber } from './fields';

const oneMegabyte = 1024 ** 2;
/** Of a read that does not say how much it wants. */
const defaultLength = oneMegabyte / 2;
const handleIdleMs = 10 * 60_000;

interface Handle {
  readonly path: string;
  /** What was added since the handle was opened. */
  readonly blocks: string[];
  usedMs: number;
}

/** Files of the workspace's root storage: https://docs.databricks.com/api/azure/workspace/dbfs */
export class DbfsArea implements Area {
  readonly name = 'dbfs';
  readonly routes = {
    'GET /api/2.0/dbfs/list': (call: Call) => this.list(call),
    'GET /api/2.0/dbfs/get-status': ({ query }: Call) => ({ json: this.show(dbfsPath(query.get('path'))) }),
    'GET /api/2.0/dbfs/read': (call: Call) => this.read(call),
    'POST /api/2.0/dbfs/create': (call: Call) => this.create(call),
    'POST /api/2.0/dbfs/add-block': (call: Call) => this.addBlock(call),
    'POST /api/2.0/dbfs/close': (call: Call) => this.close(call),
    'POST /api/2.0/dbfs/put': (call: Call) => this.put(call),
    'POST /api/2.0/dbfs/mkdirs': (call: Call) => this.mkdirs(call),
    'POST /api/2.0/dbfs/delete': (call: Call) => this.remove(call),
    'POST /api/2.0/dbfs/move': (call: Call) => this.move(call),
  };
  private readonly store: DbfsStore;
  private readonly handles: Record<string, Handle>;

  constructor(private readonly core: Core) {
    this.store = new DbfsStore(core);
    this.handles = core.section<Record<string, Handle>>('dbfs-handles', () => ({}));
  }

  /** Of a file, the file itself. An empty folder is answered with `{}`. */
  private list({ query }: Call): Answer {
    const path = dbfsPath(query.get('path'));
    if (!this.store.get(path).isDir) return { json: { files: [this.show(path)] } };
    const files = this.store.childrenOf(path).map((child) => this.show(child));
    return files.length > 0 ? { json: { files } } : {};
  }

  private show(path: string): Json {
    const { isDir, modifiedMs } = this.store.get(path);
    const file_size = isDir ? 0 : this.store.contentOf(path).length;
    return { path, is_dir: isDir, file_size, modification_time: modifiedMs };
  }

  private read({ query }: Call): Answer {
    const path = dbfsPath(query.get('path'));
    const [offset, length] = [Number(query.get('offset') ?? 0), Number(query.get('length') ?? defaultLength)];
    if (this.store.get(path).isDir) throw invalid(`Path ${path} is a directory.`);
    if (!(offset >= 0) || !(length >= 0)) throw invalid('offset and length must not be negative');
    if (length > oneMegabyte)
      throw new ApiError(400, 'MAX_READ_SIZE_EXCEEDED', `Read length ${length} exceeds 1 MB.`);
    const data = this.store.contentOf(path).subarray(offset, offset + length);
    return { json: { bytes_read: data.length, data: data.toString('base64') } };
  }

  private create({ body }: Call): Answer {
    const path = dbfsPath(body['path']);
    this.refuseIfTaken(path, body['overwrite'] === true);
    this.store.write(path, Buffer.alloc(0));
    const handle = this.core.nextNumber();
    this.handles[String(handle)] = { path, blocks: [], usedMs: this.core.nowMs() };
    return { json: { handle } };
  }

  private addBlock({ body }: Call): Answer {
    const handle = this.handleOf(body);
    handle.blocks.push(checkedBlock(body['data']));
    handle.usedMs = this.core.nowMs();
    return {};
  }

  /** What a stream has written is there when it is closed. */
  private close({ body }: Call): Answer {
    const { path, blocks } = this.handleOf(body);
    const content = Buffer.concat(blocks.map((block) => Buffer.from(block, 'base64')));
    this.store.write(path, content);
    Reflect.deleteProperty(this.handles, String(requiredNumber(body, 'handle')));
    return {};
  }

  private handleOf(body: Readonly<Json>): Handle {
    const id = requiredNumber(body, 'handle');
    const handle = this.handles[String(id)];
    if (handle && this.core.nowMs() - handle.usedMs <= handleIdleMs) return handle;
    throw new ApiError(
      404,
      'RESOURCE_DOES_NOT_EXIST',
      `No open handle ${id}: handles are open for 10 minutes.`,
    );
  }

  private put({ body }: Call): Answer {
    const path = dbfsPath(body['path']);
    const content = checkedBlock(body['contents']);
    this.refuseIfTaken(path, body['overwrite'] === true);
    this.store.write(path, Buffer.from(content, 'base64'));
    return {};
  }

  private refuseIfTaken(path: string, overwrite: boolean): void {
    const node = this.store.find(path);
    if (node && (node.isDir || !overwrite)) throw alreadyExists(path);
  }

  private mkdirs({ body }: Call): Answer {
    this.store.makeFolders(dbfsPath(body['path']));
    return {};
  }

  private remove({ body }: Call): Answer {
    const path = dbfsPath(body['path']);
    if (path === '/') throw invalid('The root directory cannot be deleted.');
    const { isDir } = this.store.get(path);
    if (isDir && body['recursive'] !== true && this.store.childrenOf(path).length > 0)
      throw new ApiError(400, 'IO_ERROR', `Directory ${path} is not empty.`);
    this.store.remove(path);
    return {};
  }

  private move({ body }: Call): Answer {
    const from = dbfsPath(body['source_path']);
    const to = dbfsPath(body['destination_path']);
    this.store.get(from);
    const there = this.store.find(to);
    if (there && !there.isDir) throw alreadyExists(to);
    // Into a folder that is there, as a rename of a file system does.
    this.store.move(from, there ? to + from.slice(from.lastIndexOf('/')) : to);
    return {};
  }
}

/** "The base64-encoded data to append to the stream. This has a limit of 1 MB." */
function checkedBlock(data: unknown): string {
  if (data === undefined) return '';
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw invalid('data is not base64');
  if (data.length > oneMegabyte)
    throw new ApiError(400, 'MAX_BLOCK_SIZE_EXCEEDED', `The block of ${data.length} bytes exceeds 1 MB.`);
  return data;
}

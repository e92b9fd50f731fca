import { createHash, randomBytes } from 'node:crypto';
import { dbfsFile, type DbfsFileBody } from '../../shared/adapters/dbfs-file';
import { dbfsRootSyntax, stepOfDbfsFile } from '../../shared/domain/dbfs';
import { indexOf, listAll, openAdapterPair, type AdapterPair } from '../support/adapter-workspaces';

const block = 768 * 1024;
const path = '/FileStore/jars/a.jar';
const id = `dbfs:${path}`;
const none = indexOf([]);
let pair: AdapterPair;
beforeEach(async () => {
  pair = await openAdapterPair();
});
afterEach(() => pair.close());

function write(bytes: Buffer, to = path): void {
  const { emulated } = pair.primary;
  const opened = emulated.call('POST', '/api/2.0/dbfs/create', { path: to, overwrite: true });
  const { handle } = opened.json as { handle: number };
  for (let at = 0; at < bytes.length; at += block) {
    const data = bytes.subarray(at, at + block).toString('base64');
    emulated.call('POST', '/api/2.0/dbfs/add-block', { handle, data });
  }
  emulated.call('POST', '/api/2.0/dbfs/close', { handle });
}

function keeper() {
  const kept = new Map<string, Buffer>();
  const keep = (bytes: Buffer): Promise<string> => {
    const sha = createHash('sha256').update(bytes).digest('hex');
    kept.set(sha, bytes);
    return Promise.resolve(sha);
  };
  return { kept, keep, read: (sha: string) => Promise.resolve(kept.get(sha)!) };
}

describe('a file on DBFS', () => {
  it.each([
    { size: 0, pieces: 0 },
    { size: block - 1, pieces: 0 },
    { size: block, pieces: 0 },
    { size: block + 1, pieces: 2 },
    { size: 2 * block, pieces: 2 },
  ])('of $size bytes is $pieces pieces, arrives whole, and is compared without being kept', async (row) => {
    write(randomBytes(row.size));
    const { kept, keep, read } = keeper();
    const target = pair.secondary.open();

    const body = await dbfsFile.export(pair.primary.open(), { id, name: id }, keep);
    await dbfsFile.create(target, body, none, undefined, read);

    expect(dbfsFile.pieces?.(body)).toHaveLength(row.pieces);
    expect(kept.size).toBe(row.pieces);
    expect(await dbfsFile.export(target, { id, name: id })).toEqual(body);
    expect((await listAll(target, 'dbfs-file')).map((stub) => stub.id)).toEqual([id]);
  });

  it('that is there already is never overwritten by its creation, small or large', async () => {
    const { keep, read } = keeper();
    for (const size of [1, 2 * block]) {
      write(randomBytes(size));
      const from = pair.primary.open();
      const body = await dbfsFile.export(from, { id, name: id }, keep);
      const refused = dbfsFile.create(from, body, none, undefined, read);
      await expect(refused).rejects.toMatchObject({ code: 'DR_API_CONFLICT' });
    }
  });

  it('that changes while it is read is read again later', async () => {
    write(randomBytes(2 * block));
    const { keep } = keeper();
    let pieces = 0;
    const changing = (bytes: Buffer): Promise<string> => {
      pair.primary.pass(1_000);
      if ((pieces += 1) === 1) write(randomBytes(2 * block));
      return keep(bytes);
    };

    const mixed = dbfsFile.export(pair.primary.open(), { id, name: id }, changing);

    await expect(mixed).rejects.toMatchObject({ code: 'DR_API_INVALID_ANSWER', retryable: true });
  });

  it('that is gone has vanished', async () => {
    const gone = dbfsFile.export(pair.primary.open(), { id, name: id });

    await expect(gone).rejects.toMatchObject({ code: 'DR_ASSET_VANISHED' });
  });

  it('is removed alone, and only once', async () => {
    write(Buffer.from('x'));
    write(Buffer.from('x'), '/FileStore/jars/b.jar');
    const body = { path: id, content: '' } as DbfsFileBody;
    await dbfsFile.remove?.(pair.primary.open(), id, body);
    await dbfsFile.remove?.(pair.primary.open(), id, body);

    const left = await listAll(pair.primary.open(), 'dbfs-file');

    expect(left.map(({ name }) => name)).toEqual(['dbfs:/FileStore/jars/b.jar']);
  });

  it('is found only below the folders that are carried, and not while it is uploaded', async () => {
    write(Buffer.from('x'), '/FileStore/tables/a.csv');
    write(Buffer.from('x'), '/FileStore/jars/deep/er/a.whl');
    write(Buffer.from('x'), '/FileStore/jars/b.jar.dr-part');

    const stubs = await listAll(pair.primary.open(), 'dbfs-file');

    expect(stubs.map((stub) => [stub.id, stub.skip !== undefined, stub.harmless])).toEqual([
      ['dbfs:/FileStore/jars/b.jar.dr-part', true, true],
      ['dbfs:/FileStore/jars/deep/er/a.whl', false, undefined],
    ]);
  });

  it.each([
    ['FEATURE_DISABLED', 3],
    ['RESOURCE_DOES_NOT_EXIST', 0],
  ])('lies in folders that are told, when looking for them answers %s: %i', async (errorCode, count) => {
    const status = errorCode === 'FEATURE_DISABLED' ? 403 : 404;
    pair.primary.emulated.faults.add({ path: /dbfs\/get-status/, kind: 'status', status, errorCode });

    expect(await dbfsFile.partitions?.(pair.primary.open())).toHaveLength(count);
  });
});

it.each([
  ['/FileStore/jars', true],
  ['/databricks/init', true],
  ['/mnt', false],
  ['/mnt/lake', false],
  ['/Volumes/main', false],
  ['/mntx', true],
  ['/', false],
  ['dbfs:/FileStore', false],
  ['/FileStore/', false],
  ['/FileStore/../mnt', false],
])('%s as a root is allowed: %s', (root, isAllowed) => {
  expect(dbfsRootSyntax.test(root)).toBe(isAllowed);
});

it.each([
  ['dbfs:/databricks/init/etl/conf.txt', 'initScripts'],
  ['dbfs:/databricks/scripts/setup.sh', 'initScripts'],
  ['dbfs:/FileStore/jars/a.jar', 'libraries'],
])('%s belongs to the step %s', (file, step) => {
  expect(stepOfDbfsFile(file)).toBe(step);
});

import {
  analystToken,
  base64,
  openWorkspace,
  valuesOf,
  type TestWorkspace,
} from '../support/emulated-workspace';

const dbfs = '/api/2.0/dbfs';
const oneMegabyte = 1024 ** 2;
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

const post = (verb: string, body: object) => region.send('POST', `${dbfs}/${verb}`, body);
const get = (verb: string, query: string) => region.send('GET', `${dbfs}/${verb}?${query}`);
const codeOf = ({ status, json }: { status: number; json: { error_code?: string } }) => [
  status,
  json.error_code,
];

describe('a file on DBFS', () => {
  it('is put with its folders, listed and read', async () => {
    await post('put', { path: '/FileStore/jars/a.jar', contents: base64('jar') });

    const { json: listed } = await get('list', 'path=/FileStore');
    const { json: file } = await get('get-status', 'path=/FileStore/jars/a.jar');
    const { json: read } = await get('read', 'path=/FileStore/jars/a.jar&offset=1&length=10');

    expect(listed.files).toEqual([
      { path: '/FileStore/jars', is_dir: true, file_size: 0, modification_time: region.clock.nowMs },
    ]);
    expect(file).toMatchObject({ is_dir: false, file_size: 3 });
    expect(read).toEqual({ bytes_read: 2, data: base64('ar') });
  });

  it('is streamed in blocks', async () => {
    const { json } = await post('create', { path: '/big' });
    await post('add-block', { handle: json.handle as number, data: base64('first ') });
    await post('add-block', { handle: json.handle as number, data: base64('second') });
    await post('close', { handle: json.handle as number });

    const { json: read } = await get('read', 'path=/big');
    const after = await post('close', { handle: json.handle as number });

    expect(Buffer.from(read.data as string, 'base64').toString()).toBe('first second');
    expect(codeOf(after)).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it('loses its handle after ten minutes without a block', async () => {
    const { json } = await post('create', { path: '/slow' });
    region.clock.nowMs += 10 * 60_000;
    const inTime = await post('add-block', { handle: json.handle as number, data: '' });
    region.clock.nowMs += 10 * 60_000 + 1;
    const late = await post('add-block', { handle: json.handle as number, data: '' });

    expect(inTime.status).toBe(200);
    expect(codeOf(late)).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });

  it('is moved, never over another one, and deleted', async () => {
    await post('put', { path: '/a', contents: base64('a') });
    await post('put', { path: '/b', contents: base64('b') });
    const refused = await post('move', { source_path: '/a', destination_path: '/b' });
    await post('move', { source_path: '/a', destination_path: '/c' });
    await post('delete', { path: '/b' });

    const { json } = await get('list', 'path=/');

    expect(codeOf(refused)).toEqual([400, 'RESOURCE_ALREADY_EXISTS']);
    expect(valuesOf(json.files, 'path')).toEqual(['/c']);
  });
});

describe('DBFS refuses', () => {
  beforeEach(async () => {
    await post('put', { path: '/dir/file', contents: base64('x') });
  });

  it.each([
    ['a read of more than 1 MB', `path=/dir/file&length=${oneMegabyte + 1}`, 'MAX_READ_SIZE_EXCEEDED'],
    ['to read a folder', 'path=/dir', 'INVALID_PARAMETER_VALUE'],
    ['a path that is not absolute', 'path=dir', 'INVALID_PARAMETER_VALUE'],
  ])('%s', async (_what, query, code) => {
    expect(codeOf(await get('read', query))).toEqual([400, code]);
  });

  const big = 'A'.repeat(oneMegabyte + 4);
  it.each([
    ['a put of more than 1 MB', 'put', { path: '/x', contents: big }, 'MAX_BLOCK_SIZE_EXCEEDED'],
    ['to put over a file unasked', 'put', { path: '/dir/file', contents: '' }, 'RESOURCE_ALREADY_EXISTS'],
    ['to write over a folder', 'create', { path: '/dir', overwrite: true }, 'RESOURCE_ALREADY_EXISTS'],
    ['a folder where a file is', 'mkdirs', { path: '/dir/file/x' }, 'RESOURCE_ALREADY_EXISTS'],
    ['to delete a folder that is not empty', 'delete', { path: '/dir' }, 'IO_ERROR'],
  ])('%s', async (_what, verb, body, code) => {
    expect(codeOf(await post(verb, body))).toEqual([400, code]);
  });

  it('a block of more than 1 MB', async () => {
    const { json } = await post('create', { path: '/x' });

    const refused = await post('add-block', { handle: json.handle as number, data: big });

    expect(codeOf(refused)).toEqual([400, 'MAX_BLOCK_SIZE_EXCEEDED']);
  });

  it('what is not there', async () => {
    expect(codeOf(await get('list', 'path=/none'))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});

describe('global init scripts', () => {
  const scripts = '/api/2.0/global-init-scripts';
  const add = async (name: string, more: object = {}): Promise<string> => {
    const body = { name, script: base64(`echo ${name}`), ...more };
    return (await region.send('POST', scripts, body)).json.script_id as string;
  };
  const names = async () => valuesOf((await region.send('GET', scripts)).json.scripts, 'name');

  it('are listed without their content, and read with it', async () => {
    const id = await add('proxy', { enabled: true });

    const { json: listed } = await region.send('GET', scripts);
    const { json: read } = await region.send('GET', `${scripts}/${id}`);

    expect(listed.scripts).toEqual([expect.not.objectContaining({ script: expect.anything() as unknown })]);
    expect(read).toMatchObject({ name: 'proxy', position: 0, enabled: true, script: base64('echo proxy') });
  });

  it('move the others when they take their position', async () => {
    await add('one');
    await add('two', { position: 99 });
    await add('zero', { position: 0 });
    const last = await add('last');
    const before = await names();
    await region.send('PATCH', `${scripts}/${last}`, { position: 1 });

    expect(before).toEqual(['zero', 'one', 'two', 'last']);
    expect(await names()).toEqual(['zero', 'last', 'one', 'two']);
  });

  it('keep what a change does not name', async () => {
    const id = await add('proxy');
    await region.send('PATCH', `${scripts}/${id}`, { enabled: true });

    const { json } = await region.send('GET', `${scripts}/${id}`);

    expect(json).toMatchObject({ name: 'proxy', enabled: true, script: base64('echo proxy') });
  });

  it('have at most 64 KB, and are for administrators', async () => {
    const tooLarge = { name: 'big', script: 'A'.repeat(90_000) };

    expect((await region.send('POST', scripts, tooLarge)).status).toBe(400);
    expect((await region.send('GET', scripts, undefined, analystToken)).status).toBe(403);
  });
});

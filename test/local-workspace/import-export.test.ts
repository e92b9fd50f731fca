import {
  base64,
  openWorkspace,
  valuesOf,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

const header = '# Databricks notebook source\n';
let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

function put(body: object): Promise<HttpAnswer> {
  return region.send('POST', '/api/2.0/workspace/import', body);
}

function upload(path: string, content: string): Promise<HttpAnswer> {
  return region.send('POST', `/api/2.0/workspace-files/import-file/${path}`, Buffer.from(content));
}

function take(path: string, format = 'SOURCE'): Promise<HttpAnswer> {
  return region.send('GET', `/api/2.0/workspace/export?path=${encodeURIComponent(path)}&format=${format}`);
}

async function status(path: string): Promise<HttpAnswer['json']> {
  const { json } = await region.send('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}`);
  return json;
}

describe('a notebook', () => {
  it('comes back byte for byte, in base64 or as it is', async () => {
    const content = base64(`${header}print("ü")\r\n\u0000 no line end`);
    await put({ path: '/Shared/n', language: 'PYTHON', content });

    const { json } = await take('/Shared/n');
    const direct = await region.send('GET', '/api/2.0/workspace/export?path=/Shared/n&direct_download=true');

    expect(json).toEqual({ content, file_type: 'py' });
    expect(base64(direct.text)).toBe(content);
  });

  it('is overwritten only when asked to, keeps its id and moves its time', async () => {
    const notebook = { path: '/Shared/n', language: 'PYTHON', content: base64('1') };
    await put(notebook);
    const before = await status('/Shared/n');

    const refused = await put(notebook);
    await put({ ...notebook, language: 'SQL', overwrite: true });
    const after = await status('/Shared/n');

    expect([refused.status, refused.json.error_code]).toEqual([400, 'RESOURCE_ALREADY_EXISTS']);
    expect(after).toMatchObject({
      object_id: before.object_id,
      created_at: before.created_at,
      language: 'SQL',
    });
    expect(after.modified_at).toBeGreaterThan(Number(before.modified_at));
  });

  it.each([
    {
      name: 'no language',
      body: { path: '/Shared/n', content: '' },
      code: 'INVALID_PARAMETER_VALUE',
      answer: 400,
    },
    {
      name: 'an unknown language',
      body: { path: '/Shared/n', content: '', language: 'COBOL' },
      code: 'INVALID_PARAMETER_VALUE',
      answer: 400,
    },
    {
      name: 'no parent',
      body: { path: '/Shared/none/n', content: '', language: 'R' },
      code: 'RESOURCE_DOES_NOT_EXIST',
      answer: 404,
    },
    {
      name: 'a directory in its place',
      body: { path: '/Users', content: '', language: 'R', overwrite: true },
      code: 'RESOURCE_ALREADY_EXISTS',
      answer: 400,
    },
    {
      name: 'an unknown format',
      body: { path: '/Shared/n', content: '', format: 'WORD' },
      code: 'INVALID_PARAMETER_VALUE',
      answer: 400,
    },
  ])('with $name is refused', async ({ body, code, answer }) => {
    const refused = await put(body);

    expect([refused.status, refused.json.error_code]).toEqual([answer, code]);
  });

  it('of more than 10 MiB is refused both ways', async () => {
    const content = Buffer.alloc(10_485_761, 'x').toString('base64');
    const refused = await put({ path: '/Shared/n', language: 'PYTHON', content });
    region.workspace.call('POST', '/api/2.0/workspace/import', {
      path: '/Shared/big',
      language: 'R',
      content,
    });
    const tooBig = await take('/Shared/big');

    expect([refused.status, refused.json.error_code]).toEqual([400, 'MAX_NOTEBOOK_SIZE_EXCEEDED']);
    expect([tooBig.status, tooBig.json.error_code]).toEqual([400, 'MAX_NOTEBOOK_SIZE_EXCEEDED']);
    expect(tooBig.json.details).toEqual([expect.objectContaining({ reason: 'MAX_NOTEBOOK_SIZE_EXCEEDED' })]);
  });

  it('keeps its cells through JUPYTER', async () => {
    const source = `${header}x = 1\n\n# COMMAND ----------\n\n# MAGIC %md\n# MAGIC ## Title\n# MAGIC text\n\n# COMMAND ----------\n\nprint(x)`;
    await put({ path: '/Shared/n', language: 'PYTHON', content: base64(source) });

    const { json } = await take('/Shared/n', 'JUPYTER');
    await put({ path: '/Shared/copy', format: 'JUPYTER', content: json.content });
    const copy = await take('/Shared/copy');

    const notebook = JSON.parse(Buffer.from(String(json.content), 'base64').toString());
    expect(valuesOf(notebook.cells, 'cell_type')).toEqual(['code', 'markdown', 'code']);
    expect(copy.json.content).toBe(base64(source));
  });

  it('imported with AUTO is told by its header and loses the extension', async () => {
    await put({ path: '/Shared/etl.py', format: 'AUTO', content: base64(`${header}1`) });
    await put({ path: '/Shared/lib.py', format: 'AUTO', content: base64('x = 1') });

    expect(await status('/Shared/etl')).toMatchObject({ object_type: 'NOTEBOOK', language: 'PYTHON' });
    expect(await status('/Shared/lib.py')).toMatchObject({ object_type: 'FILE', size: 5 });
  });
});

describe('a directory', () => {
  it('with SOURCE comes back as an archive that DBC import takes', async () => {
    await region.send('POST', '/api/2.0/workspace/mkdirs', { path: '/Shared/a/empty' });
    await put({ path: '/Shared/a/n', language: 'SQL', content: base64('select 1') });
    await upload('Shared/a/data.txt', 'data');

    const { json } = await take('/Shared/a');
    const taken = await put({ path: '/Shared/b', format: 'DBC', content: json.content });
    const again = await put({ path: '/Shared/b', format: 'DBC', content: json.content, overwrite: true });

    expect(json.file_type).toBe('dbc');
    expect(taken.status).toBe(200);
    expect((await take('/Shared/b/n')).json).toEqual({ content: base64('select 1'), file_type: 'sql' });
    expect((await status('/Shared/b/empty')).object_type).toBe('DIRECTORY');
    expect((await status('/Shared/b/data.txt')).error_code).toBe('RESOURCE_DOES_NOT_EXIST');
    expect([again.status, again.json.error_code]).toEqual([400, 'RESOURCE_ALREADY_EXISTS']);
  });

  it('with AUTO includes files', async () => {
    await upload('Shared/data.txt', 'data');

    const { json } = await take('/Shared', 'AUTO');

    expect(Buffer.from(String(json.content), 'base64').toString()).toContain('data.txt');
  });
});

describe('a file', () => {
  it('is uploaded to a path with or without escaped slashes and comes back as it was', async () => {
    const plain = await upload('Shared/a%20b.json', '{"not":"a request"}');
    const escaped = await upload('%2FShared%2Fc.json', '{');

    expect([plain.status, escaped.status]).toEqual([200, 200]);
    expect((await take('/Shared/a b.json', 'AUTO')).json.content).toBe(base64('{"not":"a request"}'));
    expect((await take('/Shared/c.json')).json).toEqual({ content: base64('{'), file_type: 'json' });
  });

  it('needs a parent, and overwrite when it is there', async () => {
    await upload('Shared/f', '1');

    const orphan = await upload('Shared/none/f', '1');
    const refused = await upload('Shared/f', '2');
    const accepted = await upload('Shared/f?overwrite=true', '2');

    expect([orphan.status, refused.status, accepted.status]).toEqual([404, 409, 200]);
    expect((await take('/Shared/f')).json.content).toBe(base64('2'));
  });

  it('cannot take the place of a notebook', async () => {
    await put({ path: '/Shared/n', language: 'SQL', content: '' });

    const { status: answer, json } = await upload('Shared/n?overwrite=true', 'x');

    expect([answer, json.error_code]).toEqual([400, '']);
  });

  it('is imported as it is with RAW, whatever its first line says', async () => {
    await put({ path: '/Shared/etl.py', format: 'RAW', content: base64(header) });

    expect((await status('/Shared/etl.py')).object_type).toBe('FILE');
  });

  it('has no notebook formats', async () => {
    await upload('Shared/f', '1');

    const { status: answer, json } = await take('/Shared/f', 'JUPYTER');

    expect([answer, json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });
});

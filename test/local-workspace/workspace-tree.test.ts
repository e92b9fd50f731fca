import {
  base64,
  openWorkspace,
  valuesOf,
  type HttpAnswer,
  type TestWorkspace,
} from '../support/emulated-workspace';

let region: TestWorkspace;

beforeEach(async () => {
  region = await openWorkspace();
});
afterEach(() => region.workspace.close());

function read(what: string, path: string): Promise<HttpAnswer> {
  return region.send('GET', `/api/2.0/workspace/${what}?path=${encodeURIComponent(path)}`);
}

function post(what: string, body: object): Promise<HttpAnswer> {
  return region.send('POST', `/api/2.0/workspace/${what}`, body);
}

function importNotebook(path: string, source = 'print(1)'): Promise<HttpAnswer> {
  return post('import', { path, language: 'PYTHON', format: 'SOURCE', content: base64(source) });
}

describe('the tree', () => {
  it('begins with the platform’s folders and the homes', async () => {
    const { json } = await read('list', '/');

    expect(valuesOf(json.objects, 'path')).toEqual(['/Users', '/Shared', '/Repos']);
    expect((await read('list', '/Users')).json.objects).toHaveLength(2);
  });

  it('lists what lies in one directory, and an empty one as an empty object', async () => {
    await importNotebook('/Shared/report');
    const { json } = await read('list', '/Shared');

    expect(json).toEqual({
      objects: [
        {
          object_type: 'NOTEBOOK',
          path: '/Shared/report',
          language: 'PYTHON',
          created_at: region.clock.nowMs,
          modified_at: region.clock.nowMs,
          object_id: expect.any(Number),
          resource_id: expect.stringMatching(/^\d+$/),
        },
      ],
    });
    expect((await read('list', '/Repos')).json).toEqual({});
  });

  it('lists a notebook as itself', async () => {
    await importNotebook('/Shared/report');

    const { json } = await read('list', '/Shared/report');

    expect(json.objects).toEqual([(await read('get-status', '/Shared/report')).json]);
  });

  it('lists only the notebooks that changed after a moment', async () => {
    await importNotebook('/Shared/old');
    region.clock.nowMs += 1000;
    await importNotebook('/Shared/new');

    const query = `path=/Shared&notebooks_modified_after=${region.clock.nowMs}`;
    const { json } = await region.send('GET', `/api/2.0/workspace/list?${query}`);

    expect(valuesOf(json.objects, 'path')).toEqual(['/Shared/new']);
  });

  it.each(['list', 'get-status', 'export'])(
    'answers 404 when asked to %s what is not there',
    async (what) => {
      const { status, json } = await read(what, '/Shared/none');

      expect([status, json.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    },
  );

  it.each(['Shared/a', '/Shared//a', '/Shared/a/', ''])('refuses the path "%s"', async (path) => {
    const { status, json } = await post('mkdirs', { path });

    expect([status, json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });

  it('knows every object below /Workspace too', async () => {
    await post('mkdirs', { path: '/Workspace/Shared/a' });

    expect((await read('get-status', '/Shared/a')).status).toBe(200);
    expect((await read('get-status', '/Workspace/Shared/a')).json.path).toBe('/Shared/a');
  });
});

describe('mkdirs', () => {
  it('makes the parents too, and may be repeated', async () => {
    const first = await post('mkdirs', { path: '/Shared/été/東京' });
    const before = await read('get-status', '/Shared/été/東京');
    const second = await post('mkdirs', { path: '/Shared/été/東京' });
    const after = await read('get-status', '/Shared/été/東京');

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(after.json).toEqual(before.json);
  });

  it('stops at a notebook in the way', async () => {
    await importNotebook('/Shared/report');

    const { status, json } = await post('mkdirs', { path: '/Shared/report/deeper' });

    expect([status, json.error_code]).toEqual([400, 'RESOURCE_ALREADY_EXISTS']);
  });
});

describe('delete', () => {
  it('keeps a directory that is not empty, unless it is recursive', async () => {
    await post('mkdirs', { path: '/Shared/a/b' });
    const { json: below } = await read('get-status', '/Shared/a/b');

    const careful = await post('delete', { path: '/Shared/a' });
    const recursive = await post('delete', { path: '/Shared/a', recursive: true });
    const gone = await read('get-status', '/Shared/a/b');
    const rights = await region.send('GET', `/api/2.0/permissions/directories/${below.object_id}`);

    expect([careful.status, careful.json.error_code]).toEqual([400, 'DIRECTORY_NOT_EMPTY']);
    expect([recursive.status, gone.status, rights.status]).toEqual([200, 404, 404]);
  });

  it('answers 404 for what is not there and keeps the platform’s folders', async () => {
    const missing = await post('delete', { path: '/Shared/none' });
    const fixed = await post('delete', { path: '/Users', recursive: true });

    expect([missing.status, missing.json.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    expect(fixed.status).toBe(400);
  });
});

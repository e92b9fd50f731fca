import { directory } from '../../shared/adapters/directory';
import { notebook } from '../../shared/adapters/notebook';
import { workspaceFile } from '../../shared/adapters/workspace-file';
import { treePartitions } from '../../shared/adapters/tree';
import { findReferences } from '../../shared/domain/references';
import { base64 } from '../support/emulated-workspace';
import { fillEstate, poster } from '../support/adapter-estate';
import { indexOf, listAll, openAdapterPair, type AdapterPair } from '../support/adapter-workspaces';

let pair: AdapterPair;
const none = indexOf([]);
const home = '/Users/alice@example.com';

beforeAll(async () => {
  pair = await openAdapterPair();
  fillEstate(pair.primary.emulated);
});

beforeEach(() => {
  pair.primary.emulated.faults.clear();
});

afterAll(() => pair.close());

function importAs(path: string, rest: object): void {
  pair.primary.emulated.call('POST', '/api/2.0/workspace/import', { path, overwrite: true, ...rest });
}

describe('partitions of the tree', () => {
  it('are every home, every other root, and what lies at the top', async () => {
    expect([...(await treePartitions(pair.primary.open()))].sort()).toEqual([
      '/',
      '/Project',
      '/Repos',
      '/Shared',
      '/Users/admin@example.com',
      home,
      '/Users/bob@example.com',
    ]);
  });

  it('are found and walked once for all kinds that are listed together', async () => {
    const from = pair.primary.open();

    await treePartitions(from);
    await treePartitions(from);
    const afterPartitions = from.counts.calls;
    for (const adapter of [directory, notebook, workspaceFile])
      await Array.fromAsync(adapter.list(from, home, new Map()));

    expect(afterPartitions).toBe(2);
    // get-status of the home, and one list a folder.
    expect(from.counts.calls - afterPartitions).toBe(5);
  });

  it('have every object once, empty folders and homes included', async () => {
    const paths = (await listAll(pair.primary.open(), 'directory')).map(({ path }) => path);

    expect(paths).toEqual(
      expect.arrayContaining([home, `${home}/empty`, `${home}/etl/deep`, '/Shared', '/Project']),
    );
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).not.toContain('/Users');
  });

  it('have what lies at the top level without being a folder', async () => {
    importAs('/top.txt', { format: 'RAW', content: base64('x') });

    const files = await Array.fromAsync(workspaceFile.list(pair.primary.open(), '/', new Map()));

    expect(files.map(({ path }) => path)).toEqual(['/top.txt']);
  });
});

describe('an incomplete walk', () => {
  it.each([
    {
      name: 'an unreadable folder',
      fault: { status: 403, errorCode: 'PERMISSION_DENIED' },
      code: 'DR_API_FORBIDDEN',
    },
    {
      name: 'a folder that is gone',
      fault: { status: 404, errorCode: 'RESOURCE_DOES_NOT_EXIST' },
      code: 'DR_ASSET_VANISHED',
    },
  ])('throws for $name: it never looks like an empty one', async ({ fault, code }) => {
    pair.primary.emulated.faults.add({ path: /workspace\/list\?path=.*deep/, kind: 'status', ...fault });

    const walk = Array.fromAsync(notebook.list(pair.primary.open(), home, new Map()));

    await expect(walk).rejects.toMatchObject({ code });
  });

  it('throws that a partition is not there, so that a target without it can be told', async () => {
    const walk = Array.fromAsync(directory.list(pair.primary.open(), '/Users/nobody@example.com', new Map()));

    await expect(walk).rejects.toMatchObject({ code: 'DR_API_NOT_FOUND' });
  });
});

describe('a directory', () => {
  it('points at its parent, and a home at its user', async () => {
    const body = await directory.export(pair.primary.open(), { id: home, name: home });
    const below = await directory.export(pair.primary.open(), { id: `${home}/etl`, name: '' });

    expect(findReferences(body, directory.references).map(({ key }) => key)).toEqual([
      'user/alice@example.com',
    ]);
    expect(findReferences(below, directory.references).map(({ key }) => key)).toEqual([`directory/${home}`]);
  });

  it('that only holds git folders is carried: they need it', async () => {
    const stubs = await Array.fromAsync(directory.list(pair.primary.open(), '/Repos', new Map()));

    expect(stubs.map(({ path, skip }) => ({ path, skip }))).toEqual([
      { path: '/Repos' },
      { path: '/Repos/team' },
    ]);
  });
});

describe('a notebook', () => {
  it.each([
    { name: 'Python', language: 'PYTHON', source: '# Databricks notebook source\nprint("ä")\r\n' },
    { name: 'Scala', language: 'SCALA', source: '// Databricks notebook source\nval x = 1' },
    {
      name: 'R, which has the comments of Python',
      language: 'R',
      source: '# Databricks notebook source\nx <- 1\n',
    },
  ])('in $name is carried byte for byte with its language', async ({ language, source }) => {
    const path = `/Shared/lib/in-${language}`;
    importAs(path, { format: 'SOURCE', language, content: base64(source) });

    const body = await notebook.export(pair.primary.open(), { id: path, name: path });

    expect(body).toEqual({
      path,
      parent: '/Shared/lib',
      language,
      format: 'SOURCE',
      content: base64(source),
    });
  });

  it('is exported without outputs when its source is refused as too large', async () => {
    const tooLarge = { kind: 'status', status: 400, errorCode: 'MAX_NOTEBOOK_SIZE_EXCEEDED' } as const;
    pair.primary.emulated.faults.add({ path: /export\?.*format=SOURCE/, ...tooLarge });
    const path = `${home}/etl/load`;

    const body = await notebook.export(pair.primary.open(), { id: path, name: path });

    expect(body).toMatchObject({ format: 'JUPYTER', language: 'SQL' });
    expect(Buffer.from(body.content, 'base64').toString()).toContain('"cells"');
  });

  it('of more than 10 MB is refused by name', async () => {
    const path = '/Shared/lib/huge';
    const content = Buffer.alloc(10_485_761, 'x').toString('base64');
    importAs(path, { format: 'SOURCE', language: 'PYTHON', content });

    const body = notebook.export(pair.primary.open(), { id: path, name: path });

    await expect(body).rejects.toMatchObject({ code: 'DR_ASSET_TOO_LARGE' });
  });

  it('that was deleted meanwhile is gone by name', async () => {
    const body = notebook.export(pair.primary.open(), { id: '/Shared/gone', name: '/Shared/gone' });

    await expect(body).rejects.toMatchObject({ code: 'DR_ASSET_VANISHED' });
  });
});

describe('a workspace file', () => {
  it('of more than 10 MB is refused by name', async () => {
    const path = '/Shared/lib/huge.bin';
    importAs(path, { format: 'RAW', content: Buffer.alloc(10_485_761).toString('base64') });

    const body = workspaceFile.export(pair.primary.open(), { id: path, name: path });

    await expect(body).rejects.toMatchObject({ code: 'DR_ASSET_TOO_LARGE' });
  });

  it('keeps bytes that are no text, and characters that addresses do not like', async () => {
    const path = '/Shared/lib/ä b+c%20#1.bin';
    const content = Buffer.from([0, 255, 128, 10]).toString('base64');
    poster(pair.secondary.emulated)('/api/2.0/workspace/mkdirs', { path: '/Shared/lib' });
    const target = pair.secondary.open();

    await workspaceFile.create(target, { path, content }, none);

    expect(await workspaceFile.export(target, { id: path, name: path })).toMatchObject({ path, content });
  });
});

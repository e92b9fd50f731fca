import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forbiddenImports } from './support/import-rules';
import {
  hasDefaultExport,
  importsOf,
  isBarrel,
  notRepeatableIn,
  readsEnvironment,
  readSources,
} from './support/source-files';

const product = readSources('functions', 'shared');
const all = [...product, ...readSources('local', 'bench', 'test')];
const maxLines = 250;

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const kebabCase = /^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/;

/** What docs/conventions.md lists; another one needs a decision record. */
const runtimeDependencies = [
  '@azure/core-rest-pipeline',
  '@azure/functions',
  '@azure/identity',
  '@azure/keyvault-secrets',
  '@azure/storage-blob',
  'durable-functions',
  'undici',
  'zod',
];

describe('the project', () => {
  test('has files to look at in every layer', () => {
    const folders = new Set(product.map(({ path }) => path.split('/').slice(0, 2).join('/')));

    expect([...folders]).toEqual(
      expect.arrayContaining([
        'shared/adapters',
        'shared/config',
        'shared/databricks',
        'shared/domain',
        'shared/engine',
        'shared/storage',
      ]),
    );
  });

  test('imports only in the directions of docs/architecture.md', () => {
    expect(product.flatMap(forbiddenImports)).toEqual([]);
  });

  test('names files in kebab-case', () => {
    expect(all.map(({ path }) => path).filter((path) => !kebabCase.test(path))).toEqual([]);
  });

  test(`has no file of more than ${maxLines} lines`, () => {
    expect(all.filter(({ text }) => linesOf(text) > maxLines).map(({ path }) => path)).toEqual([]);
  });

  test('has no drawers: a file is named after what it exports', () => {
    const drawer = /\/(utils?|helpers?|common|misc|types|constants)\.ts$/;

    expect(all.map(({ path }) => path).filter((path) => drawer.test(path))).toEqual([]);
  });

  test('has no barrel but the activities', () => {
    const barrels = all.filter((file) => isBarrel(file) || file.path.endsWith('/index.ts'));

    expect(
      barrels.map(({ path }) => path).filter((path) => path !== 'functions/activities/index.ts'),
    ).toEqual([]);
  });

  test('has no default export', () => {
    expect(all.filter(hasDefaultExport).map(({ path }) => path)).toEqual([]);
  });

  test('reads the environment in settings.ts alone', () => {
    const readers = product.filter(readsEnvironment).map(({ path }) => path);

    expect(readers.filter((path) => path !== 'shared/config/settings.ts')).toEqual([]);
  });

  test('does nothing in orchestrators that would not come out the same at a replay', () => {
    const orchestrators = product.filter(({ path }) => path.startsWith('functions/orchestrators/'));

    const faults = orchestrators.flatMap((file) =>
      notRepeatableIn(file).map((what) => `${file.path}: ${what}`),
    );

    expect(faults).toEqual([]);
  });

  test('depends at run time on exactly the packages that docs/conventions.md lists', () => {
    const root = join(__dirname, '..');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const conventions = readFileSync(join(root, 'docs/conventions.md'), 'utf8');
    const listed = conventions.split('\n').find((line) => line.includes('Runtime dependencies:')) ?? '';
    const [sentence = ''] = listed.split(';');

    expect(Object.keys(manifest.dependencies).sort()).toEqual(runtimeDependencies);
    expect([...sentence.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort()).toEqual(runtimeDependencies);
  });

  test('pins its runtime dependencies to exact versions', () => {
    const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };

    expect(
      Object.values(manifest.dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
    ).toEqual([]);
  });
});

/** The rules above are only worth something if they find what they look for. */
describe('the rules', () => {
  test.each([
    ['shared/domain/a.ts', `import { x } from '../engine/x';`],
    ['shared/domain/a.ts', `import type { X } from '../databricks/workspace';`],
    ['shared/domain/a.ts', `import { readFileSync } from 'node:fs';`],
    ['shared/adapters/a.ts', `import { type A, b } from '../databricks/workspace';`],
    ['shared/adapters/a.ts', `import { makeLog } from '../log';`],
    ['shared/engine/a.ts', `import { caller } from '../databricks/caller';`],
    ['shared/engine/a.ts', `import { fetch } from 'undici';`],
    ['shared/storage/a.ts', `export { planner } from '../engine/planner';`],
    ['shared/databricks/a.ts', `const blob = await import('@azure/storage-blob');`],
    ['shared/config/a.ts', `const undici = require('undici');`],
    ['shared/log.ts', `import { settings } from './config/settings';`],
    ['shared/runtime.ts', `import { world } from '../local/world';`],
    ['functions/activities/a.ts', `import { makeRuntime } from '../../shared/runtime';`],
    ['functions/orchestrators/a.ts', `import * as df from 'durable-functions';`],
    ['functions/orchestrators/a.ts', `import { createActivities } from '../activities/index';`],
    ['functions/orchestrators/steps.ts', `import { createHash } from 'node:crypto';`],
    ['functions/orchestrators/a.ts', `import { log } from '../../shared/log';`],
    ['functions/a.ts', `import { BlobServiceClient } from '@azure/storage-blob';`],
    ['shared/elsewhere/a.ts', ''],
  ])('refuse in %s: %s', (path, text) => {
    expect(forbiddenImports({ path, text })).toHaveLength(1);
  });

  test.each([
    ['shared/adapters/a.ts', `import type { Workspace } from '../databricks/workspace';`],
    ['shared/adapters/a.ts', `import { type Workspace } from '../databricks/workspace';`],
    ['functions/orchestrators/a.ts', `import type { Activities } from '../activities/index';`],
    ['functions/orchestrators/steps.ts', `import * as df from 'durable-functions';`],
    ['shared/domain/a.ts', `import { createHash } from 'node:crypto'; // not from 'node:fs'`],
  ])('allow in %s: %s', (path, text) => {
    expect(forbiddenImports({ path, text })).toEqual([]);
  });

  test.each([
    'const { env } = process;',
    "const home = process['env'].HOME;",
    'const home = globalThis.process.env.HOME;',
    "import { env } from 'node:process';",
  ])('see that this reads the environment: %s', (text) => {
    expect(readsEnvironment({ path: 'shared/a.ts', text })).toBe(true);
  });

  test('do not take a comment or another env for the environment', () => {
    const text = '// process.env\nconst a = body.spark_env; const b = body.env; const c = "process.env";';

    expect(readsEnvironment({ path: 'shared/a.ts', text })).toBe(false);
  });

  test.each([
    ['async', 'async function a() {}'],
    ['await', 'const b = await c;'],
    ['Date.now', 'const at = Date.now();'],
    ['new Date()', 'const at = new Date();'],
    ['Math.random', 'const dice = Math.random();'],
    ['fetch', 'fetch(url);'],
    ['process', 'const id = process.pid;'],
    ['setTimeout', 'const wait = setTimeout;'],
    ['Promise', 'Promise.all(list);'],
  ])('see that %s is not the same at a replay', (what, text) => {
    expect(notRepeatableIn({ path: 'functions/orchestrators/a.ts', text })).toContain(what);
  });

  test('let orchestrators read times that they were given, and name members as they like', () => {
    const text =
      '/* await */ const at = new Date(run.startedAt); const { kind } = run.process; const a = { fetch: 1 };';

    expect(notRepeatableIn({ path: 'functions/orchestrators/a.ts', text })).toEqual([]);
  });

  test('tell barrels and default exports from files that have something of their own', () => {
    const barrel = { path: 'shared/a.ts', text: `export * from './b';\nexport { c } from './c';` };
    const own = { path: 'shared/a.ts', text: `export { c } from './c';\nexport const d = 1;` };

    expect([isBarrel(barrel), isBarrel(own)]).toEqual([true, false]);
    expect(hasDefaultExport({ path: 'shared/a.ts', text: 'export default function a() {}' })).toBe(true);
    expect(hasDefaultExport({ path: 'shared/a.ts', text: 'const a = 1;\nexport default a;' })).toBe(true);
    expect(hasDefaultExport(own)).toBe(false);
  });

  test.each([
    'shared/domain/camelCase.ts',
    'shared/Domain/a.ts',
    'shared/domain/a_b.ts',
    'shared/domain/-a.ts',
  ])('refuse the name %s', (path) => {
    expect(kebabCase.test(path)).toBe(false);
  });

  test('count lines without the end of the last one', () => {
    expect([linesOf('a\nb\n'), linesOf('a\nb')]).toEqual([2, 2]);
  });

  test('see every way to import', () => {
    const text = `import a from 'a'; import { type B } from 'b'; export * from 'c'; import d = require('d');
      type E = import('e').E; void import('f'); import 'g';`;

    expect(importsOf({ path: 'shared/a.ts', text })).toEqual([
      { from: 'a', typeOnly: false },
      { from: 'b', typeOnly: true },
      { from: 'c', typeOnly: false },
      { from: 'd', typeOnly: false },
      { from: 'e', typeOnly: true },
      { from: 'f', typeOnly: false },
      { from: 'g', typeOnly: false },
    ]);
  });
});

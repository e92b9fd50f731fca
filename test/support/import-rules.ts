import { posix } from 'node:path';
import { importsOf, type SourceFile } from './source-files';

/** What the files of a folder may import: folders and files of the project, and packages. A `type ` in front: only types of it. */
interface Rule {
  readonly files: RegExp;
  readonly may: readonly string[];
}

const azureIdentity = ['@azure/identity'];

/** The directions of docs/architecture.md. The first row that fits a file counts. */
const rules: readonly Rule[] = [
  {
    files: /^functions\/[^/]+\.ts$/,
    may: [
      'functions/orchestrators/',
      'functions/activities/',
      'functions/',
      'shared/',
      'durable-functions',
      '@azure/functions',
    ],
  },
  {
    // What the files above are put together from.
    files: /^functions\/(app|http|timers)\//,
    may: [
      'functions/app/',
      'functions/http/',
      'functions/timers/',
      'functions/activities/',
      'shared/',
      'durable-functions',
      '@azure/functions',
    ],
  },
  {
    files: /^functions\/orchestrators\/steps\.ts$/,
    may: ['functions/orchestrators/', 'durable-functions', 'shared/domain/', 'type functions/activities/'],
  },
  {
    files: /^functions\/orchestrators\//,
    may: [
      'functions/orchestrators/',
      'type durable-functions',
      'shared/domain/',
      'type functions/activities/',
    ],
  },
  {
    files: /^functions\/activities\//,
    may: [
      'functions/activities/',
      'shared/engine/',
      'shared/storage/',
      'shared/domain/',
      'type shared/runtime',
      'type shared/run-contexts',
      'type durable-functions',
    ],
  },
  { files: /^shared\/log\.ts$/, may: ['shared/domain/'] },
  {
    // The composition root: the one place that constructs things.
    files: /^shared\/[^/]+\.ts$/,
    may: ['shared/', ...azureIdentity, '@azure/core-rest-pipeline', '@azure/storage-blob'],
  },
  {
    files: /^shared\/engine\//,
    may: [
      'shared/engine/',
      'shared/adapters/',
      'shared/storage/',
      'shared/domain/',
      'shared/config/',
      'shared/log',
      'type shared/databricks/',
    ],
  },
  {
    files: /^shared\/adapters\//,
    may: ['shared/adapters/', 'shared/domain/', 'type shared/databricks/workspace'],
  },
  {
    files: /^shared\/databricks\//,
    may: [
      'shared/databricks/',
      'shared/domain/',
      'shared/log',
      'undici',
      ...azureIdentity,
      '@azure/keyvault-secrets',
      '@azure/core-rest-pipeline',
    ],
  },
  {
    files: /^shared\/storage\//,
    may: ['shared/storage/', 'shared/domain/', 'shared/log', '@azure/storage-blob', ...azureIdentity],
  },
  { files: /^shared\/config\//, may: ['shared/config/', 'shared/domain/', 'zod'] },
  { files: /^shared\/domain\//, may: ['shared/domain/', 'zod'] },
];

/** Modules of Node that only reach the processor: everything else does I/O, and the domain has none. */
const pureModules: ReadonlySet<string> = new Set(['node:crypto', 'node:path', 'node:util', 'node:buffer']);

/** Every import of a file that the table does not allow, as sentences; a file that no row fits is one as well. */
export function forbiddenImports(file: SourceFile): readonly string[] {
  const rule = rules.find(({ files }) => files.test(file.path));
  if (!rule) return [`${file.path} lies where no rule is`];
  return importsOf(file)
    .map(({ from, typeOnly }) => ({ target: resolve(file.path, from), typeOnly }))
    .filter(({ target, typeOnly }) => !isAllowed(file.path, rule, target, typeOnly))
    .map(({ target, typeOnly }) => `${file.path} -> ${target}${typeOnly ? ' (types)' : ''}`);
}

/** The path from the root for what belongs to the project; the name for everything else. */
function resolve(importer: string, from: string): string {
  return from.startsWith('.') ? posix.join(posix.dirname(importer), from) : from;
}

function isAllowed(importer: string, { may }: Rule, target: string, typeOnly: boolean): boolean {
  if (target.startsWith('node:')) {
    if (importer.startsWith('functions/orchestrators/')) return false;
    return !importer.startsWith('shared/domain/') || pureModules.has(target);
  }
  return may.some((row) => {
    if (row.startsWith('type ')) return typeOnly && fits(row.slice('type '.length), target);
    return fits(row, target);
  });
}

function fits(row: string, target: string): boolean {
  return row.endsWith('/') ? `${target}/`.startsWith(row) : target === row;
}

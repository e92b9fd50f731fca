import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

/** Import directions (docs/architecture.md): what each folder must not reach for. test/architecture.test.ts checks the same by reading the files. */
const outside = ['**/local/**', '**/test/**', '**/bench/**'];
const azure = ['@azure/*', 'durable-functions', 'undici', 'undici/*'];
function forbid(files, group, message) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: [...outside, ...group], message }] }] },
  };
}
const clock = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'time is injected: use now()',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'time is injected: use now()',
  },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'not repeatable' },
];

export default tseslint.config(
  { ignores: ['dist', '.local', 'coverage', 'node_modules', '**/*.cjs', '**/*.mjs', 'test/fixtures'] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40 }],
      'no-console': 'error',
      // `const { left, ...rest } = all` is how a member is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  forbid(
    ['shared/domain/**'],
    [
      '**/adapters/*',
      '**/engine/*',
      '**/storage/*',
      '**/databricks/*',
      '**/config/*',
      '**/log',
      '**/runtime',
      ...azure,
    ],
    'the domain is pure',
  ),
  forbid(
    ['shared/adapters/**'],
    ['**/engine/*', '**/storage/*', '**/config/*', '**/log', '**/runtime', ...azure],
    'adapters know the domain and, as a type, the workspace',
  ),
  forbid(
    ['shared/databricks/**'],
    [
      '**/engine/*',
      '**/storage/*',
      '**/adapters/*',
      '**/config/*',
      '**/runtime',
      '@azure/storage-blob',
      'durable-functions',
    ],
    'the client knows the domain and the log',
  ),
  forbid(
    ['shared/storage/**'],
    [
      '**/engine/*',
      '**/databricks/*',
      '**/adapters/*',
      '**/config/*',
      '**/runtime',
      'undici',
      'durable-functions',
    ],
    'storage knows the domain and the log',
  ),
  forbid(
    ['shared/config/**'],
    ['**/engine/*', '**/databricks/*', '**/adapters/*', '**/storage/*', '**/runtime', ...azure],
    'configuration knows the domain',
  ),
  forbid(['shared/engine/**'], azure, 'the engine knows adapters, storage and the domain'),
  forbid(
    ['functions/orchestrators/**'],
    [
      '**/engine/*',
      '**/storage/*',
      '**/databricks/*',
      '**/adapters/*',
      '**/config/*',
      '**/log',
      '**/runtime',
      'node:*',
      '@azure/*',
      'undici',
    ],
    'orchestrators replay: only steps.ts and the domain',
  ),
  { files: ['functions/**', 'shared/**'], rules: { 'no-restricted-syntax': ['error', ...clock] } },
  { files: ['shared/runtime.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-globals': ['error', { name: 'setTimeout', message: 'tests do not sleep' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  { files: ['local/**', 'bench/**'], rules: { 'no-console': 'off' } },
  prettier,
);

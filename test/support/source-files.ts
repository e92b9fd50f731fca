import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One file of the project: its path from the root, with slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One import of a file. `typeOnly`: it leaves nothing behind when it is compiled. */
export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

const root = join(__dirname, '../..');

/** Every TypeScript file under these folders of the project. */
export function readSources(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .sort()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

function parse({ path, text }: SourceFile): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Every module that a file takes something from: imports, re-exports, `import()` and `require()`. */
export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      found.push({ from: textOf(node.moduleSpecifier), typeOnly: isTypeImport(node) });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      found.push({ from: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly });
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      found.push({ from: textOf(node.moduleReference.expression), typeOnly: node.isTypeOnly });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push({ from: textOf(node.argument.literal), typeOnly: true });
    } else if (ts.isCallExpression(node) && isLoad(node)) {
      found.push({ from: textOf(node.arguments[0]), typeOnly: false });
    }
    ts.forEachChild(node, visit);
  }
  visit(parse(file));
  return found;
}

function textOf(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : '(not a literal)';
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function isLoad({ expression }: ts.CallExpression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require')
  );
}

/** True when the file does nothing but pass on what other files export. */
export function isBarrel(file: SourceFile): boolean {
  const { statements } = parse(file);
  return (
    statements.length > 0 && statements.every((one) => ts.isExportDeclaration(one) && one.moduleSpecifier)
  );
}

/** True when the file has a default export. */
export function hasDefaultExport(file: SourceFile): boolean {
  return parse(file).statements.some(
    (one) =>
      (ts.isExportAssignment(one) && one.isExportEquals !== true) ||
      (ts.canHaveModifiers(one) &&
        (ts.getModifiers(one) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
  );
}

/** True when the file reads the environment of the process: `process.env`, `process['env']`, or `env` of `node:process`. */
export function readsEnvironment(file: SourceFile): boolean {
  let found = importsOf(file).some(({ from }) => /^(node:)?process$/.test(from));
  function visit(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
      const name = ts.isPropertyAccessExpression(node) ? node.name.text : textOf(node.argumentExpression);
      if (name === 'env' && /(^|\.)process$/.test(node.expression.getText())) found = true;
    }
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
      const takesEnv = node.name.elements.some(
        ({ name, propertyName }) => (propertyName ?? name).getText() === 'env',
      );
      if (takesEnv && node.initializer?.getText() === 'process') found = true;
    }
    ts.forEachChild(node, visit);
  }
  visit(parse(file));
  return found;
}

const notRepeatable: ReadonlySet<string> = new Set([
  'async',
  'await',
  'fetch',
  'process',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'Promise',
  'Date.now',
  'Math.random',
  'new Date()',
]);

/** What a file does that would not come out the same when an orchestrator is replayed. */
export function notRepeatableIn(file: SourceFile): readonly string[] {
  const found: string[] = [];
  function visit(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node)) found.push(node.getText());
    if (ts.isIdentifier(node) && !isMemberName(node)) found.push(node.text);
    if (ts.isNewExpression(node) && !node.arguments?.length) found.push(node.getText());
    if (node.kind === ts.SyntaxKind.AsyncKeyword) found.push('async');
    if (ts.isAwaitExpression(node)) found.push('await');
    ts.forEachChild(node, visit);
  }
  visit(parse(file));
  return found.filter((name) => notRepeatable.has(name));
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent)) &&
    parent.name === node
  );
}

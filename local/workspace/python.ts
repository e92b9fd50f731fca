import { canonical } from './fields';
import { type Expression, parsePython, PythonError } from './python-syntax';

export type Value =
  string | number | boolean | null | Value[] | PythonFunction | { readonly [name: string]: Value };

export type PythonFunction = (items: readonly Value[], named: Readonly<Record<string, Value>>) => Value;

type Scope = Readonly<Record<string, Value>>;

/** Runs a text statement by statement, with these names known at the start. Throws PythonError as Python would. */
export function runPython(text: string, known: Scope): void {
  let scope = known;
  for (const { name, value } of parsePython(text)) {
    const result = evaluate(value, scope);
    if (name !== undefined) scope = { ...scope, [name]: result };
  }
}

function evaluate(node: Expression, scope: Scope): Value {
  switch (node.is) {
    case 'value':
      return node.value;
    case 'name':
      return found(
        scope,
        node.name,
        () => new PythonError('NameError', `name '${node.name}' is not defined`),
      );
    case 'list':
      return node.items.map((item) => evaluate(item, scope));
    case 'dict':
      return Object.fromEntries(
        node.entries.map(([key, value]) => [keyOf(evaluate(key, scope)), evaluate(value, scope)]),
      );
    case 'member':
      return memberOf(evaluate(node.of, scope), node.name);
    case 'call':
      return call(node, scope);
    case 'equal':
      return canonical(evaluate(node.left, scope)) === canonical(evaluate(node.right, scope));
    case 'choice':
      return evaluate(isTrue(evaluate(node.when, scope)) ? node.yes : node.no, scope);
    case 'each':
      return each(node, scope);
  }
}

function keyOf(value: Value): string {
  if (typeof value === 'string') return value;
  throw new PythonError('TypeError', 'keys must be strings');
}

function found(scope: Scope, name: string, fault: () => PythonError): Value {
  const value = Object.hasOwn(scope, name) ? scope[name] : undefined;
  if (value === undefined) throw fault();
  return value;
}

function memberOf(of: Value, name: string): Value {
  const fault = (): PythonError => new PythonError('AttributeError', `there is no attribute '${name}'`);
  if (of === null || typeof of !== 'object' || Array.isArray(of)) throw fault();
  return found(of, name, fault);
}

function call({ of, items, named }: Extract<Expression, { is: 'call' }>, scope: Scope): Value {
  const called = evaluate(of, scope);
  if (typeof called !== 'function') throw new PythonError('TypeError', 'the object is not callable');
  const values = Object.entries(named).map(([name, value]) => [name, evaluate(value, scope)] as const);
  return called(
    items.map((item) => evaluate(item, scope)),
    Object.fromEntries(values),
  );
}

function each({ name, over, when, item }: Extract<Expression, { is: 'each' }>, scope: Scope): Value {
  const list = evaluate(over, scope);
  if (!Array.isArray(list)) throw new PythonError('TypeError', 'the object is not iterable');
  return list.flatMap((one) => {
    const inner = { ...scope, [name]: one };
    if (when && !isTrue(evaluate(when, inner))) return [];
    return [evaluate(item, inner)];
  });
}

function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== false && value !== 0 && value !== '';
}

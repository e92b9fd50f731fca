import { type RegisteredFunction } from './core-types';

interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly rest: boolean;
  readonly type: string;
}

interface Route {
  readonly fn: RegisteredFunction;
  readonly methods: readonly string[];
  readonly pattern: RegExp;
  readonly parameters: readonly string[];
  /** Smaller matches first: literal segments before typed ones, before others, before the rest of the path. */
  readonly rank: string;
}

export interface Match {
  readonly fn: RegisteredFunction;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The routes of the functions with an HTTP trigger. */
export class Routes {
  private readonly routes: readonly Route[];

  constructor(functions: Iterable<RegisteredFunction>, prefix: string) {
    this.routes = [...functions]
      .filter((fn) => fn.triggerType === 'httptrigger')
      .map((fn) => compile(fn, prefix))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  }

  find(method: string, path: string): Match | undefined {
    for (const route of this.routes) {
      const found = route.methods.includes(method) ? route.pattern.exec(path) : null;
      if (found === null) continue;
      const entries = route.parameters.map((name, index): [string, string | undefined] => [
        name,
        found[index + 1],
      ]);
      const given = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
      return {
        fn: route.fn,
        parameters: Object.fromEntries(given.map(([name, value]) => [name, decode(value)])),
      };
    }
    return undefined;
  }
}

function compile(fn: RegisteredFunction, prefix: string): Route {
  const path = [prefix, fn.trigger.route ?? fn.name].join('/');
  const segments = path.split('/').filter(Boolean);
  const parsed = segments.map((text) => ({ text, parameter: parseParameter(text) }));
  const source = parsed.map(({ text, parameter }) =>
    parameter ? parameterPattern(parameter) : `/${escape(text)}`,
  );
  return {
    fn,
    methods: (fn.trigger.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase()),
    pattern: new RegExp(`^${source.join('')}/?$`, 'i'),
    parameters: parsed.flatMap(({ parameter }) => (parameter ? [parameter.name] : [])),
    rank: parsed.map(({ parameter }) => rankOf(parameter)).join(''),
  };
}

/** `{name}`, `{name?}`, `{name:type}`, `{*name}`. */
function parseParameter(segment: string): Parameter | undefined {
  const match = /^\{(\*{0,2})([^:?}]+)(?::([^?}]+))?(\?)?\}$/.exec(segment);
  if (match === null) return undefined;
  const [, rest = '', name = '', type = '', optional = ''] = match;
  return { name, type, rest: rest !== '', optional: optional !== '' };
}

function parameterPattern({ rest, optional, type }: Parameter): string {
  if (rest) return '(?:/(.*))?';
  const value = typePatterns[type] ?? '[^/]+';
  return optional ? `(?:/(${value}))?` : `/(${value})`;
}

const typePatterns: Readonly<Record<string, string>> = {
  int: '-?\\d+',
  long: '-?\\d+',
  bool: 'true|false',
  alpha: '[a-z]+',
  guid: '[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}',
};

function rankOf(parameter: Parameter | undefined): string {
  if (parameter === undefined) return '0';
  if (parameter.rest) return '3';
  return parameter.type === '' ? '2' : '1';
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An expression of the little Python that the emulated notebooks understand. */
export type Expression =
  | { readonly is: 'value'; readonly value: string | number | boolean | null }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'list'; readonly items: readonly Expression[] }
  | { readonly is: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly is: 'member'; readonly of: Expression; readonly name: string }
  | {
      readonly is: 'call';
      readonly of: Expression;
      readonly items: readonly Expression[];
      readonly named: Readonly<Record<string, Expression>>;
    }
  | { readonly is: 'equal'; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'choice'; readonly when: Expression; readonly yes: Expression; readonly no: Expression }
  | {
      readonly is: 'each';
      readonly name: string;
      readonly over: Expression;
      readonly when?: Expression;
      readonly item: Expression;
    };

/** `name = value`, or just `value`. */
export interface Statement {
  readonly name?: string;
  readonly value: Expression;
}

/** What the workspace cannot make sense of. */
export class PythonError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

const token = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|[()[\]{},:.=]))/y;
const constants: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const keywords: ReadonlySet<string> = new Set(['for', 'in', 'if', 'else']);

/** Reads one statement after another; throws SyntaxError for all that is not in the little language. */
export function parsePython(text: string): Statement[] {
  return statementsOf(text).map((line) => new Parser(line).statement());
}

/** Lines without comments and imports; one that opens a bracket goes on until it closes. */
function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    if (open === '' && /^\s*(?:#.*|import \w+|)$/.test(line)) continue;
    open += `${line}\n`;
    const bare = open.replace(/"(?:[^"\\]|\\.)*"/g, '');
    if ((bare.match(/[([{]/g) ?? []).length > (bare.match(/[)\]}]/g) ?? []).length) continue;
    statements.push(open);
    open = '';
  }
  return open === '' ? statements : [...statements, open];
}

class Parser {
  private readonly tokens: string[] = [];
  private at = 0;

  constructor(text: string) {
    token.lastIndex = 0;
    for (let end = 0; text.slice(end).trim() !== ''; end = token.lastIndex) {
      const found = token.exec(text);
      if (found === null) throw new PythonError('SyntaxError', `invalid syntax: ${text.slice(end).trim()}`);
      this.tokens.push(found[0].trim());
    }
  }

  statement(): Statement {
    const isNamed = this.tokens[1] === '=' && /^[A-Za-z_]/.test(this.tokens[0] ?? '');
    if (isNamed) this.at = 2;
    const value = this.expression();
    if (this.at < this.tokens.length) throw this.unexpected();
    return isNamed ? { name: this.tokens[0] ?? '', value } : { value };
  }

  private expression(): Expression {
    const yes = this.comparison();
    if (!this.take('if')) return yes;
    const when = this.comparison();
    this.need('else');
    return { is: 'choice', when, yes, no: this.expression() };
  }

  private comparison(): Expression {
    const left = this.chain();
    return this.take('==') ? { is: 'equal', left, right: this.chain() } : left;
  }

  private chain(): Expression {
    let of = this.atom();
    for (;;) {
      if (this.take('.')) of = { is: 'member', of, name: this.word() };
      else if (this.take('(')) of = this.call(of);
      else return of;
    }
  }

  private call(of: Expression): Expression {
    const items: Expression[] = [];
    const named: Record<string, Expression> = {};
    while (!this.take(')')) {
      if (this.tokens[this.at + 1] === '=') {
        const name = this.word();
        this.need('=');
        named[name] = this.expression();
      } else items.push(this.expression());
      if (!this.take(',') && this.tokens[this.at] !== ')') throw this.unexpected();
    }
    return { is: 'call', of, items, named };
  }

  private atom(): Expression {
    if (this.take('[')) return this.list();
    if (this.take('{')) return this.dict();
    const next = this.tokens[this.at++] ?? '';
    if (next.startsWith('"')) return { is: 'value', value: JSON.parse(next) as string };
    if (/^-?\d/.test(next)) return { is: 'value', value: Number(next) };
    if (Object.hasOwn(constants, next)) return { is: 'value', value: constants[next] ?? null };
    if (/^[A-Za-z_]/.test(next) && !keywords.has(next)) return { is: 'name', name: next };
    this.at -= 1;
    throw this.unexpected();
  }

  private list(): Expression {
    if (this.take(']')) return { is: 'list', items: [] };
    const item = this.expression();
    if (this.take('for')) return this.comprehension(item);
    const items = [item];
    while (!this.take(']')) {
      this.need(',');
      if (this.tokens[this.at] !== ']') items.push(this.expression());
    }
    return { is: 'list', items };
  }

  private comprehension(item: Expression): Expression {
    const name = this.word();
    this.need('in');
    const over = this.chain();
    const when = this.take('if') ? this.comparison() : undefined;
    this.need(']');
    return { is: 'each', name, over, item, ...(when && { when }) };
  }

  private dict(): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.take('}')) {
      const key = this.expression();
      this.need(':');
      entries.push([key, this.expression()]);
      if (!this.take(',') && this.tokens[this.at] !== '}') throw this.unexpected();
    }
    return { is: 'dict', entries };
  }

  private take(wanted: string): boolean {
    if (this.tokens[this.at] !== wanted) return false;
    this.at += 1;
    return true;
  }

  private need(wanted: string): void {
    if (!this.take(wanted)) throw this.unexpected();
  }

  private word(): string {
    const next = this.tokens[this.at] ?? '';
    if (!/^[A-Za-z_]/.test(next)) throw this.unexpected();
    this.at += 1;
    return next;
  }

  private unexpected(): PythonError {
    return new PythonError('SyntaxError', `invalid syntax at '${this.tokens[this.at] ?? 'the end'}'`);
  }
}

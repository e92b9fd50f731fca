export type FaultKind = 'status' | 'reset' | 'hang' | 'truncate' | 'lostAnswer';

/** What goes wrong, with which requests, and how often. */
export interface FaultRule {
  readonly method?: string;
  /** A string is the whole path; an expression is tried on the path and on the path with its query. */
  readonly path: RegExp | string;
  /** How many matching requests go well first. @default 0 */
  readonly after?: number;
  /** How many then fail. @default until the rule is removed */
  readonly times?: number;
  /** `truncate` and `lostAnswer` come after the effect, the others instead of it. */
  readonly kind: FaultKind;
  /** For `status`. @default 500 */
  readonly status?: number;
  readonly errorCode?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Sent as it is. */
  readonly body?: string;
  /** An error page of a proxy instead of JSON. */
  readonly html?: boolean;
}

interface Counted {
  readonly rule: FaultRule;
  seen: number;
}

export class FaultRules {
  private rules: Counted[] = [];

  add(rule: FaultRule): void {
    this.rules.push({ rule, seen: 0 });
  }

  clear(): void {
    this.rules = [];
  }

  /** The first rule that is due for a request; every matching rule counts it. */
  next(method: string, path: string, url: string): FaultRule | undefined {
    let due: FaultRule | undefined;
    for (const counted of this.rules) {
      const { rule } = counted;
      if ((rule.method ?? method) !== method || !isAt(rule.path, path, url)) continue;
      const nth = counted.seen - (rule.after ?? 0);
      counted.seen += 1;
      if (nth >= 0 && nth < (rule.times ?? Infinity)) due ??= rule;
    }
    return due;
  }
}

function isAt(place: RegExp | string, path: string, url: string): boolean {
  return typeof place === 'string' ? place === path : place.test(path) || place.test(url);
}

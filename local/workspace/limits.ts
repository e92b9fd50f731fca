import { ApiError } from './area';

interface Limit {
  readonly name: string;
  readonly routes: RegExp;
  readonly perSecond: number;
  /** Fewer at a time than the workspace takes otherwise. */
  readonly inFlight?: number;
}

/**
 * The documented limits of one workspace (learn.microsoft.com/azure/databricks/resources/limits).
 * SCIM writes, clusters, mkdirs and get-status are not documented: observed values.
 * Matched against `METHOD route` without `/api/2.x` and `/preview`.
 */
const limits: readonly Limit[] = [
  { name: 'export', routes: /^GET \/workspace\/export$/, perSecond: 60 },
  { name: 'import', routes: /^POST \/(workspace\/import|workspace-files\/import-file\/.*)$/, perSecond: 30 },
  { name: 'list', routes: /^GET \/workspace\/list$/, perSecond: 50 },
  { name: 'delete', routes: /^POST \/workspace\/delete$/, perSecond: 2 },
  { name: 'mkdirs', routes: /^POST \/workspace\/mkdirs$/, perSecond: 30 },
  { name: 'get-status', routes: /^GET \/workspace\/get-status$/, perSecond: 30 },
  ...['create', 'get', 'list', 'reset', 'run-now'].map((verb) => jobs(verb, 20)),
  ...['update', 'delete'].map((verb) => jobs(verb, 10)),
  { name: 'runs/get', routes: /^GET \/jobs\/runs\/get$/, perSecond: 100 },
  { name: 'runs/submit', routes: /^POST \/jobs\/runs\/submit$/, perSecond: 35 },
  { name: 'permissions read', routes: /^GET \/permissions\//, perSecond: 100 },
  { name: 'permissions write', routes: /^(PUT|PATCH) \/permissions\//, perSecond: 30 },
  { name: 'SCIM read', routes: /^GET \/scim\//, perSecond: 255 / 60 },
  { name: 'SCIM write', routes: /^(POST|PUT|PATCH|DELETE) \/scim\//, perSecond: 120 / 60 },
  { name: 'secrets', routes: /^\w+ \/secrets\//, perSecond: 1100 / 60 },
  { name: 'DBFS', routes: /^\w+ \/dbfs\//, perSecond: 30 },
  { name: 'clusters', routes: /^\w+ \/clusters\//, perSecond: 10 },
  // "Calling this API concurrently 10 or more times could result in throttling" (reference of queries/list).
  { name: 'queries', routes: /^GET \/sql\/queries$/, perSecond: 30, inFlight: 9 },
];

const inFlightAtMost = 20;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Token buckets per class of endpoint (a burst is at most one second's worth), and a cap on what is in flight. */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly limitOf = new Map<string, Limit | undefined>();
  private readonly inFlightOf = new Map<string, number>();
  private inFlight = 0;

  constructor(private readonly nowMs: () => number) {}

  /** Counts one request in; throws 429 when there are too many. The caller must call the returned function once. */
  enter(pattern: string): () => void {
    const { name = '', inFlight: ownMost = Infinity } = this.find(pattern) ?? {};
    const own = (this.inFlightOf.get(name) ?? 0) + 1;
    this.inFlight += 1;
    this.inFlightOf.set(name, own);
    const leave = (): void => {
      this.inFlight -= 1;
      this.inFlightOf.set(name, (this.inFlightOf.get(name) ?? 1) - 1);
    };
    try {
      if (this.inFlight > inFlightAtMost)
        throw tooMany(
          'REQUEST_LIMIT_EXCEEDED',
          `exceeded the concurrent limit of ${inFlightAtMost} requests`,
        );
      if (own > ownMost)
        throw tooMany('REQUEST_LIMIT_EXCEEDED', `exceeded ${ownMost} ${name} requests at a time`);
      this.take(pattern);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  private take(pattern: string): void {
    const limit = this.find(pattern);
    if (!limit) return;
    const capacity = Math.max(1, limit.perSecond);
    const nowMs = this.nowMs();
    const bucket = this.buckets.get(limit.name) ?? { tokens: capacity, filledAtMs: nowMs };
    this.buckets.set(limit.name, bucket);
    const earned = ((nowMs - bucket.filledAtMs) / 1000) * limit.perSecond;
    bucket.tokens = Math.min(capacity, bucket.tokens + earned);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens < 1) {
      // Both codes are seen in practice for the same fact.
      const code = limit.name.startsWith('SCIM') ? 'RESOURCE_EXHAUSTED' : 'REQUEST_LIMIT_EXCEEDED';
      throw tooMany(code, `too many ${limit.name} requests`);
    }
    bucket.tokens -= 1;
  }

  private find(pattern: string): Limit | undefined {
    if (!this.limitOf.has(pattern)) {
      const plain = pattern.replace(/ \/api\/[\d.]+(\/preview)?/, ' ').replace('/scim/v2', '/scim');
      this.limitOf.set(
        pattern,
        limits.find((limit) => limit.routes.test(plain)),
      );
    }
    return this.limitOf.get(pattern);
  }
}

function jobs(verb: string, perSecond: number): Limit {
  return { name: `jobs/${verb}`, routes: new RegExp(`^\\w+ /jobs/${verb}$`), perSecond };
}

function tooMany(code: string, what: string): ApiError {
  return new ApiError(429, code, `The workspace ${what}. Try again later.`);
}

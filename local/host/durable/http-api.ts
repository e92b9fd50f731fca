import { HostError } from '../host-error';
import { managementUrls } from './client-binding';
import { type Operations } from './operations';
import { endedStatuses } from './protocol';
import { type InstanceFilter, type InstanceRow } from './rows';
import { type TaskHub } from './task-hub';

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  /** Below the mount point, without a slash in front. */
  readonly path: string;
  readonly contentType: string;
  readonly continuation: string | undefined;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const pageSize = 100;
const notFound: ApiAnswer = { status: 404 };

/** The HTTP API of the Durable Functions extension, as `DurableClient` and people use it. */
export class DurableHttpApi {
  constructor(
    private readonly operations: Operations,
    private readonly hub: TaskHub,
    private readonly taskHubName: string,
  ) {}

  /** Throws HostError with the status to answer. */
  async handle(request: ApiRequest): Promise<ApiAnswer> {
    const [area, name, verb, detail] = request.path.split('/').filter(Boolean).map(decodeURIComponent);
    if (area === 'orchestrators' && name !== undefined && request.method === 'POST')
      return this.start(request, name, verb);
    if (area === 'entities') throw new HostError('the local host does not support entities', 501);
    if (area !== 'instances') return notFound;
    if (name === undefined) return this.collection(request);
    if (verb !== undefined)
      return request.method === 'POST' ? this.command(request, name, verb, detail) : notFound;
    if (request.method === 'GET') return this.status(request, name);
    if (request.method !== 'DELETE') return notFound;
    return this.operations.purge(name) ? { status: 200, json: { instancesDeleted: 1 } } : notFound;
  }

  private async start(request: ApiRequest, name: string, id: string | undefined): Promise<ApiAnswer> {
    const query = request.url.searchParams;
    const input = request.body === '' ? null : parseBody(request.body, 500);
    const started = this.operations.start(name, input, id, query.get('version') ?? '');
    const waitS = Number(query.get('timeout') ?? 0);
    const ended = waitS > 0 ? await this.waitFor(started, waitS * 1000) : undefined;
    if (ended) return { status: ended.status === 'Failed' ? 500 : 200, json: parseText(ended.output) };
    return this.accepted(request, started);
  }

  private async waitFor(id: string, maxWaitMs: number): Promise<InstanceRow | undefined> {
    let limit: NodeJS.Timeout | undefined;
    const expiry = new Promise<undefined>((resolve) => {
      limit = setTimeout(resolve, maxWaitMs, undefined);
    });
    const row = await Promise.race([this.hub.whenEnded(id), expiry]);
    clearTimeout(limit);
    return row;
  }

  private accepted(request: ApiRequest, id: string): ApiAnswer {
    const json = managementUrls(request.url.origin, this.taskHubName, id);
    return { status: 202, json, headers: { location: json['statusQueryGetUri'] ?? '', 'retry-after': '10' } };
  }

  private status(request: ApiRequest, id: string): ApiAnswer {
    const query = request.url.searchParams;
    const row = this.operations.status(id);
    if (row === undefined) return notFound;
    const historyEvents =
      query.get('showHistory') === 'true' ? { historyEvents: this.operations.history(id) } : {};
    const json = { ...describe(row, query), ...historyEvents };
    if (!endedStatuses.includes(row.status)) {
      return { status: 202, json, headers: { location: request.url.href, 'retry-after': '5' } };
    }
    const asError = row.status === 'Failed' && query.get('returnInternalServerErrorOnFailure') === 'true';
    return { status: asError ? 500 : 200, json };
  }

  private collection(request: ApiRequest): ApiAnswer {
    const query = request.url.searchParams;
    const filter = readFilter(query);
    if (request.method === 'DELETE') return this.purgeMany(filter);
    if (request.method !== 'GET') return notFound;
    const limit = Number(query.get('top') ?? pageSize);
    const offset = Number(request.continuation ?? 0);
    const rows = this.operations.list(filter, limit + 1, offset);
    const headers = rows.length > limit ? { 'x-ms-continuation-token': String(offset + limit) } : {};
    return { status: 200, json: rows.slice(0, limit).map((row) => describe(row, query)), headers };
  }

  private purgeMany(filter: InstanceFilter): ApiAnswer {
    if (filter.createdFromMs === undefined)
      throw new HostError("a value for 'createdTimeFrom' is needed", 400);
    const statuses = (filter.statuses ?? endedStatuses).filter((status) => endedStatuses.includes(status));
    const rows = statuses.length === 0 ? [] : this.operations.list({ ...filter, statuses }, -1, 0);
    const instancesDeleted = rows.filter((row) => this.operations.purge(row.instanceId)).length;
    return instancesDeleted > 0 ? { status: 200, json: { instancesDeleted } } : notFound;
  }

  private command(request: ApiRequest, id: string, verb: string, detail: string | undefined): ApiAnswer {
    const reason = request.url.searchParams.get('reason');
    switch (verb.toLowerCase()) {
      case 'raiseevent':
        return this.raiseEvent(request, id, detail ?? '');
      case 'terminate':
        this.operations.terminate(id, reason);
        return { status: 202 };
      case 'suspend':
        this.operations.suspend(id, reason);
        return { status: 202 };
      case 'resume':
        this.operations.resume(id, reason);
        return { status: 202 };
      case 'restart':
        return this.restart(request, id);
      case 'rewind':
        throw new HostError('the local host does not support rewind', 501);
      default:
        return notFound;
    }
  }

  private raiseEvent(request: ApiRequest, id: string, name: string): ApiAnswer {
    if (!/^application\/json/i.test(request.contentType))
      throw new HostError('only application/json is supported', 400);
    this.operations.raiseEvent(id, name, parseBody(request.body, 400));
    return { status: 202 };
  }

  private restart(request: ApiRequest, id: string): ApiAnswer {
    const row = this.operations.status(id);
    if (row === undefined) return notFound;
    const sameId = request.url.searchParams.get('restartWithNewInstanceId') === 'false';
    return this.accepted(
      request,
      this.operations.start(row.name, row.input, sameId ? id : undefined, row.version),
    );
  }
}

/** The body as compact JSON text. */
function parseBody(body: string, status: number): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch (error) {
    throw new HostError('the body is not JSON', status, { cause: error });
  }
}

/** Failures and reasons of a termination are plain text. */
export function parseText(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function describe(row: InstanceRow, query: URLSearchParams): object {
  return {
    name: row.name,
    instanceId: row.instanceId,
    runtimeStatus: row.status,
    input: query.get('showInput') === 'false' ? null : parseText(row.input),
    customStatus: parseText(row.customStatus),
    output: parseText(row.output),
    createdTime: wholeSeconds(row.createdTime),
    lastUpdatedTime: wholeSeconds(row.lastUpdatedTime),
  };
}

function wholeSeconds(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

function readFilter(query: URLSearchParams): InstanceFilter {
  const statuses = query.getAll('runtimeStatus').flatMap((value) => value.split(','));
  const from = query.get('createdTimeFrom');
  const to = query.get('createdTimeTo');
  const prefix = query.get('instanceIdPrefix');
  return {
    ...(statuses.length > 0 && { statuses }),
    ...(from !== null && { createdFromMs: Date.parse(from) }),
    ...(to !== null && { createdToMs: Date.parse(to) }),
    ...(prefix !== null && { prefix }),
  };
}

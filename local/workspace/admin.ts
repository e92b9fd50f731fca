import { z } from 'zod';
import { ApiError, type Answer, type Area } from './area';
import { type WorkspaceCore } from './core';
import { type DarkSwitch } from './dark';
import { type FaultRule, type FaultRules } from './faults';
import { parseBody, type HttpRequest } from './http-request';
import { makeReply, type Reply } from './reply';
import { type MountsArea } from './mounts';
import { type RequestLog } from './request-log';

export interface Controls {
  readonly core: WorkspaceCore;
  readonly faults: FaultRules;
  readonly dark: DarkSwitch;
  readonly requests: RequestLog;
}

interface FiringArea extends Area {
  firings(): readonly unknown[];
}

const faultSchema = z.strictObject({
  method: z.string().optional(),
  path: z.string().transform((source) => new RegExp(source)),
  after: z.number().optional(),
  times: z.number().optional(),
  kind: z.enum(['status', 'reset', 'hang', 'truncate', 'lostAnswer']),
  status: z.number().optional(),
  errorCode: z.string().optional(),
  retryAfter: z.number().optional(),
  body: z.string().optional(),
  html: z.boolean().optional(),
});
const mountSchema = z.strictObject({
  mountPoint: z.string(),
  source: z.string(),
  encryptionType: z.string().default(''),
  configs: z.record(z.string(), z.unknown()).default({}),
});
const darkSchema = z.strictObject({ on: z.boolean() });

/** `/local/…` on the same port: how another process watches and disturbs the workspace. Works in the dark. */
export class LocalSurface {
  constructor(private readonly controls: Controls) {}

  answer(request: HttpRequest): Reply {
    return makeReply(() => ({ json: this.perform(request) }) satisfies Answer, 'local');
  }

  private perform({ method, path, query, bytes }: HttpRequest): unknown {
    const { requests, faults, dark, core } = this.controls;
    switch (`${method} ${path}`) {
      case 'GET /local/requests':
        return requests.since(Number(new URLSearchParams(query).get('since') ?? 0));
      case 'GET /local/counts':
        return requests.counts();
      case 'POST /local/faults':
        faults.add(parse(faultSchema, bytes) as FaultRule);
        return {};
      case 'DELETE /local/faults':
        faults.clear();
        return {};
      case 'POST /local/dark':
        dark.set(parse(darkSchema, bytes).on);
        return { on: dark.isOn() };
      case 'GET /local/firings':
        return ['jobs', 'pipelines'].flatMap((name) =>
          core.hasArea(name) ? core.area<FiringArea>(name).firings() : [],
        );
      case 'GET /local/mounts':
        return core.area<MountsArea>('mounts').all();
      case 'POST /local/mounts':
        core.area<MountsArea>('mounts').add(parse(mountSchema, bytes));
        return {};
      default:
        throw new ApiError(404, 'ENDPOINT_NOT_FOUND', `no ${method} ${path}`);
    }
  }
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer): T {
  const result = schema.safeParse(parseBody(bytes));
  if (!result.success) throw new ApiError(400, 'INVALID_PARAMETER_VALUE', z.prettifyError(result.error));
  return result.data;
}

import { type Caller } from '../workspace/area';
import { type Json } from '../workspace/fields';
import { type EmulatedWorkspace } from '../workspace/workspace';
import { Random } from './random';
import { type EstateCounts } from './sizes';

/** Fills a workspace through its own API, as its people would have done. */
export class Builder {
  constructor(
    readonly workspace: EmulatedWorkspace,
    readonly counts: EstateCounts,
    private readonly seed: number,
  ) {}

  random(stream: string): Random {
    return new Random(this.seed, stream);
  }

  /** As the administrator, when nobody is named. */
  post(path: string, body: object, as?: Caller): Json {
    return (this.workspace.call('POST', `/api${path}`, body, as).json ?? {}) as Json;
  }

  get(path: string): Json {
    return (this.workspace.call('GET', `/api${path}`).json ?? {}) as Json;
  }

  /** Adds direct grants to an object. */
  grant(type: string, id: string, grants: readonly Json[]): void {
    const body = { access_control_list: grants };
    this.workspace.call('PATCH', `/api/2.0/permissions/${type}/${id}`, body);
  }
}

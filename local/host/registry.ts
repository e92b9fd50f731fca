import {
  type Callback,
  type FunctionMetadata,
  type ProgrammingModel,
  type RegisteredFunction,
} from './core-types';
import { type HostLog, type LogRecord } from './host-log';

export const hookNames = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'] as const;
export type HookName = (typeof hookNames)[number];

/** The library tells its own faults from the app's by this mark. */
export class SystemError extends Error {
  readonly isAzureFunctionsSystemError = true;
}

export class UnknownHookError extends RangeError {
  readonly isAzureFunctionsSystemError = true;
}

/** What one app registered: its functions, by lower-case name, and its hooks. */
export class Registry {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly hooks: Readonly<Record<HookName, Callback[]>> = {
    preInvocation: [],
    postInvocation: [],
    appStart: [],
    appTerminate: [],
    log: [],
  };
  readonly appHookData = {};
  private locked = false;
  private sink: HostLog = () => undefined;

  lock(): void {
    this.locked = true;
  }

  logTo(sink: HostLog): void {
    this.sink = sink;
  }

  models(): ReadonlySet<ProgrammingModel> {
    return new Set([...this.functions.values()].map((fn) => fn.model));
  }

  addFunction(metadata: FunctionMetadata, callback: Callback, model: ProgrammingModel): () => void {
    if (this.locked) throw new SystemError('a function can only be registered while the app starts');
    const key = (metadata.functionId ?? metadata.name).toLowerCase();
    if (this.functions.has(key)) throw new SystemError(`function "${metadata.name}" is registered twice`);
    const found = Object.entries(metadata.bindings).find(([, binding]) => /trigger$/i.test(binding.type));
    if (found === undefined) throw new SystemError(`function "${metadata.name}" has no trigger`);
    const [triggerName, trigger] = found;
    const triggerType = trigger.type.toLowerCase();
    this.functions.set(key, {
      name: metadata.name,
      metadata,
      callback,
      triggerName,
      triggerType,
      trigger,
      model,
    });
    return () => this.functions.delete(key);
  }

  addHook(name: string, callback: Callback): () => void {
    const known = hookNames.find((hook) => hook === name);
    if (known === undefined) throw new UnknownHookError(`unknown hook "${name}"`);
    const list = this.hooks[known];
    list.push(callback);
    return () => {
      const at = list.indexOf(callback);
      if (at >= 0) list.splice(at, 1);
    };
  }

  async runHooks(name: HookName, context: object): Promise<void> {
    for (const hook of this.hooks[name]) await hook(context);
  }

  /** Log hooks may change level and message; their own faults must not break logging. */
  log(record: LogRecord, invocationContext?: unknown, logCategory = 'system'): void {
    const context = {
      hookData: {},
      appHookData: this.appHookData,
      level: record.level,
      message: record.message,
      category: logCategory,
      invocationContext,
    };
    for (const hook of this.hooks.log) {
      try {
        hook(context);
      } catch (error) {
        this.sink({ level: 'error', category: 'Host.LogHook', message: String(error) });
      }
    }
    this.sink({ ...record, level: context.level, message: context.message });
  }
}

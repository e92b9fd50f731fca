import { randomUUID } from 'node:crypto';
import { type Busy } from './busy';
import {
  type CoreContext,
  type InvocationModel,
  type InvocationResponse,
  type NamedData,
  type RegisteredFunction,
  type TypedData,
} from './core-types';
import { messageOf } from './host-error';
import { type Registry } from './registry';

export interface Invoked {
  readonly response: InvocationResponse;
  /** The invocation context that the function saw. */
  readonly context: unknown;
}

export interface InvokerOptions {
  readonly registry: Registry;
  readonly busy: Busy;
  readonly timeoutMs: number;
  /** The JSON text for bindings of type durableClient. */
  readonly durableClient: string;
}

/** Runs functions of the app through the programming model, as the worker does. */
export class Invoker {
  constructor(private readonly options: InvokerOptions) {}

  /** Throws what the function threw. */
  async invoke(
    fn: RegisteredFunction,
    trigger: TypedData | undefined,
    triggerMetadata: Readonly<Record<string, TypedData>> = {},
  ): Promise<Invoked> {
    const leave = this.options.busy.enter();
    try {
      return await this.run(fn, { inputData: this.inputs(fn, trigger), triggerMetadata });
    } catch (error) {
      const category = `Function.${fn.name}`;
      this.options.registry.log({
        level: 'error',
        category,
        message: messageOf(error),
        functionName: fn.name,
      });
      throw error;
    } finally {
      leave();
    }
  }

  private inputs(fn: RegisteredFunction, trigger: TypedData | undefined): NamedData[] {
    const clients = Object.entries(fn.metadata.bindings)
      .filter(([, binding]) => /^(durable|orchestration)client$/i.test(binding.type))
      .map(([name]) => ({ name, data: { string: this.options.durableClient } }));
    return [{ name: fn.triggerName, data: trigger }, ...clients];
  }

  private async run(fn: RegisteredFunction, request: object): Promise<Invoked> {
    const seen: { context?: unknown } = {};
    const core = this.coreContext(fn, request, seen);
    const model = await fn.model.getInvocationModel(core);
    const { context, inputs } = await model.getArguments();
    seen.context = context;
    const result = await this.withHooks(fn, core, model, context, inputs);
    return { response: await model.getResponse(context, result), context };
  }

  private coreContext(fn: RegisteredFunction, request: object, seen: { context?: unknown }): CoreContext {
    const invocationId = randomUUID();
    const trace = { traceParent: '', traceState: '', attributes: {} };
    return {
      invocationId,
      metadata: fn.metadata,
      state: undefined,
      request: {
        invocationId,
        functionId: fn.metadata.functionId ?? fn.name,
        traceContext: trace,
        ...request,
      },
      log: (level, logCategory, message) => {
        const category = `Function.${fn.name}${logCategory === 'user' ? '.User' : ''}`;
        const record = { level, category, message, functionName: fn.name, invocationId };
        this.options.registry.log(record, seen.context, logCategory);
      },
    };
  }

  /** Hooks may replace the inputs, the function, the result and the error. */
  private async withHooks(
    fn: RegisteredFunction,
    core: CoreContext,
    model: InvocationModel,
    context: unknown,
    inputs: unknown[],
  ): Promise<unknown> {
    const { registry } = this.options;
    const shared = { hookData: {}, appHookData: registry.appHookData, invocationContext: context };
    const before = { ...shared, functionCallback: fn.callback, inputs };
    core.state = 'preInvocationHooks';
    await registry.runHooks('preInvocation', before);
    const after = { ...shared, inputs: before.inputs, result: null as unknown, error: null as unknown };
    core.state = 'invocation';
    try {
      const call = model.invokeFunction(context, before.inputs, before.functionCallback);
      after.result = await this.withTimeout(fn, call);
    } catch (error) {
      after.error = error;
    }
    core.state = 'postInvocationHooks';
    await registry.runHooks('postInvocation', after);
    core.state = undefined;
    if (after.error !== null && after.error !== undefined) throw after.error as Error;
    return after.result;
  }

  private async withTimeout<T>(fn: RegisteredFunction, call: Promise<T>): Promise<T> {
    const { timeoutMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise<never>((_, reject) => {
      if (timeoutMs === Infinity) return;
      const message = `timeout value of ${timeoutMs / 1000} s exceeded by function: ${fn.name}`;
      timer = setTimeout(() => {
        reject(new Error(message));
      }, timeoutMs);
    });
    try {
      return await Promise.race([call, expiry]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The part of the contract between the Functions worker and `@azure/functions` that the host uses. */
import { type LogLevel } from './host-log';

export type Callback = (...args: unknown[]) => unknown;

export interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly route?: string;
  readonly methods?: readonly string[];
  readonly schedule?: string;
  readonly runOnStartup?: boolean;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly functionId?: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

export interface RegisteredFunction {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: Callback;
  readonly triggerName: string;
  /** Lower case: `httptrigger`, `timertrigger`, `activitytrigger`, `orchestrationtrigger`. */
  readonly triggerType: string;
  readonly trigger: Binding;
  /** The model of the copy of the library that registered the function. */
  readonly model: ProgrammingModel;
}

export interface Valued<T> {
  readonly value?: T;
}

export interface HttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: Valued<string>;
  readonly path?: Valued<string>;
  readonly expires?: Valued<{ readonly seconds: number }>;
  readonly secure?: Valued<boolean>;
  readonly httpOnly?: Valued<boolean>;
  readonly sameSite?: string;
  readonly maxAge?: Valued<number>;
}

export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: Readonly<Record<string, Valued<string>>>;
  readonly nullableQuery?: Readonly<Record<string, Valued<string>>>;
  readonly nullableParams?: Readonly<Record<string, Valued<string>>>;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly HttpCookie[];
  readonly body?: TypedData | null;
}

export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
}

export interface NamedData {
  readonly name: string;
  readonly data: TypedData | undefined;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
}

export interface CoreContext {
  readonly invocationId: string;
  readonly request: object;
  readonly metadata: FunctionMetadata;
  state: string | undefined;
  log(level: LogLevel, logCategory: string, message: string): void;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  getInvocationModel(context: CoreContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities(defaults: Record<string, string>): Promise<Record<string, string>>;
}

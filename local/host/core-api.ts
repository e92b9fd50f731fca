import Module from 'node:module';
import { type Callback, type FunctionMetadata, type ProgrammingModel } from './core-types';
import { type LogLevel } from './host-log';
import { Registry, SystemError } from './registry';

/** Shared by all copies of this module in a process: test runners load it once per module registry. */
interface Slot {
  current: Registry;
  readonly apps: Map<string, Registry>;
  installed: boolean;
}

const slotKey = Symbol.for('databricks-regional-failover.local-host');

function slot(): Slot {
  const holder = globalThis as Partial<Record<symbol, Slot>>;
  return (holder[slotKey] ??= { current: new Registry(), apps: new Map(), installed: false });
}

/** Registrations go to this registry from now on. */
export function collectInto(registry: Registry): void {
  slot().current = registry;
}

/** Apps loaded in this process, by folder: module files run once, so their registrations are kept. */
export function loadedApps(): Map<string, Registry> {
  return slot().apps;
}

class Disposable {
  constructor(private release: (() => void) | undefined) {}

  static from(...parts: readonly Disposable[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }

  dispose(): void {
    const release = this.release;
    this.release = undefined;
    release?.();
  }
}

/** The `@azure/functions-core` object for one copy of `@azure/functions`. */
export function makeCore() {
  let model: ProgrammingModel | undefined;
  return {
    version: '3.12.0',
    hostVersion: '4.1044.0',
    Disposable,
    setProgrammingModel(next: ProgrammingModel): void {
      if (model !== undefined) warn('two copies of @azure/functions are installed');
      model = next;
    },
    getProgrammingModel: () => model,
    registerFunction(metadata: FunctionMetadata, callback: Callback): Disposable {
      if (model === undefined) throw new SystemError('no programming model was set');
      return new Disposable(slot().current.addFunction(metadata, callback, model));
    },
    registerHook: (name: string, callback: Callback) =>
      new Disposable(slot().current.addHook(name, callback)),
    log(level: LogLevel, category: string, message: string): void {
      slot().current.log({ level, category: `Host.${category}`, message });
    },
  };
}

function warn(message: string): void {
  slot().current.log({ level: 'warning', category: 'Host.Startup', message });
}

/**
 * Answers `require('@azure/functions-core')`, as the worker does. Must run before the first import of `@azure/functions`, which otherwise
 * goes to its test mode for good. Has no effect inside jest, where core-module.ts takes the place.
 */
export function installCore(): void {
  if (slot().installed) return;
  slot().installed = true;
  const core = makeCore();
  const prototype = Module.prototype as { require: (id: string) => unknown };
  prototype.require = new Proxy(prototype.require, {
    apply: (target, self, args: [string]) =>
      args[0] === '@azure/functions-core' ? core : Reflect.apply(target, self, args),
  });
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';
import { makeLog, type Level, type Log } from '../../shared/log';

const invocations = new AsyncLocalStorage<InvocationContext>();

/** The log of the process: each line goes to the invocation that it was written in, so that the host can tie the two together. */
export const invocationLog: Log = makeLog((level, line) => {
  const context = invocations.getStore();
  if (context === undefined) process.stderr.write(`${line}\n`);
  else writeTo(context, level, line);
});

function writeTo(context: InvocationContext, level: Level, line: string): void {
  switch (level) {
    case 'debug':
      context.debug(line);
      break;
    case 'info':
      context.info(line);
      break;
    case 'warn':
      context.warn(line);
      break;
    case 'error':
      context.error(line);
  }
}

/** Runs the work of an invocation: what it logs is logged there. */
export function inInvocation<T>(context: InvocationContext, work: () => T): T {
  return invocations.run(context, work);
}

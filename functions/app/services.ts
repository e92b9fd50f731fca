import { createActivities, type Activities } from '../activities';
import { makeRunContexts, type RunContexts } from '../../shared/run-contexts';
import { makeRuntime, type Runtime } from '../../shared/runtime';
import { invocationLog } from './invocation-log';

/** What every function works with. One per process. */
export interface Services {
  readonly runtime: Runtime;
  readonly contexts: RunContexts;
  readonly activities: Activities;
}

let made: Services | undefined;

/** Made at the first use, so that a wrong setting is an error that can be read. Throws DR_SETTING_INVALID that lists every fault. */
export function services(): Services {
  made ??= makeServices();
  return made;
}

function makeServices(): Services {
  const runtime = makeRuntime(invocationLog);
  const contexts = makeRunContexts(runtime);
  return { runtime, contexts, activities: createActivities(runtime, contexts) };
}

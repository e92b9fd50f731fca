import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Sample } from './adapter-estate';
import { base64 } from './emulated-workspace';

/** Files in two of the folders that are carried, one below, and three init scripts for all clusters. */
export function fillScripts(workspace: EmulatedWorkspace): Record<string, Sample> {
  const put = (path: string, text: string): void => {
    workspace.call('POST', '/api/2.0/dbfs/put', { path, contents: base64(text), overwrite: true });
  };
  put('/FileStore/jars/udf.jar', 'jar one');
  put('/FileStore/jars/deep/er/empty.whl', '');
  put('/databricks/init/shared/old.sh', '#!/bin/sh\n');
  put('/FileStore/not-carried.txt', 'x');
  const scripts = '/api/2.0/global-init-scripts';
  const add = (name: string, enabled: boolean): string => {
    const { json } = workspace.call('POST', scripts, { name, script: base64(`echo ${name}`), enabled });
    return (json as { script_id: string }).script_id;
  };
  add('first', true);
  const id = add('proxy', true);
  add('off', false);
  return {
    'dbfs-file': {
      name: 'dbfs:/FileStore/jars/udf.jar',
      change: () => {
        put('/FileStore/jars/udf.jar', 'jar two');
      },
    },
    'global-init-script': {
      name: 'proxy',
      change: () => {
        workspace.call('PATCH', `${scripts}/${id}`, { script: base64('echo other'), position: 0 });
      },
    },
  };
}

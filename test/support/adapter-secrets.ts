import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Sample } from './adapter-estate';

/** A scope with a secret in it, which others may read. Its people are there already. */
export function fillSecrets(workspace: EmulatedWorkspace): Record<string, Sample> {
  const post = (path: string, body: object): void => {
    workspace.call('POST', `/api/2.0/secrets/${path}`, body);
  };
  const put = (string_value: string): void => {
    post('put', { scope: 'etl', key: 'db-password', string_value });
  };
  const grant = (permission: string): void => {
    post('acls/put', { scope: 'etl', principal: 'alice@example.com', permission });
  };
  post('scopes/create', { scope: 'etl' });
  post('acls/delete', { scope: 'etl', principal: 'admin@example.com' });
  post('acls/put', { scope: 'etl', principal: 'analysts', permission: 'READ' });
  grant('MANAGE');
  put('one');
  return {
    'secret-scope': { name: 'etl' },
    'secret-acl': {
      name: 'etl',
      change: () => {
        grant('WRITE');
      },
    },
    secret: {
      name: 'etl/db-password',
      change: () => {
        put('two');
      },
    },
  };
}

import { appAddress } from '../../local/workspace/ip-access-lists';
import type { EmulatedWorkspace } from '../../local/workspace/workspace';
import type { Sample } from './adapter-estate';

const lists = '/api/2.0/ip-access-lists';

/** Settings of the workspace; an allow list in effect, and a block list that is disabled. */
export function fillSettings(workspace: EmulatedWorkspace): Record<string, Sample> {
  const settings = (values: object): void => {
    workspace.call('PATCH', '/api/2.0/workspace-conf', values);
  };
  const makeList = (label: string, list_type: string, ip_addresses: readonly string[]): string => {
    const made = workspace.call('POST', lists, { label, list_type, ip_addresses }).json;
    return (made as { ip_access_list: { list_id: string } }).ip_access_list.list_id;
  };
  settings({ enableWebTerminal: 'false', enableExportNotebook: 'true', enableIpAccessLists: 'true' });
  const offices = makeList('offices', 'ALLOW', ['203.0.113.0/24', appAddress]);
  workspace.call('PATCH', `${lists}/${makeList('old', 'BLOCK', ['192.0.2.7'])}`, { enabled: false });
  return {
    'workspace-conf': {
      name: 'enableWebTerminal',
      change: () => {
        settings({ enableWebTerminal: 'true' });
      },
    },
    'ip-access-list': {
      name: 'offices',
      change: () => {
        const ip_addresses = [appAddress, '198.51.100.0/24'];
        workspace.call('PATCH', `${lists}/${offices}`, { ip_addresses });
      },
    },
  };
}
